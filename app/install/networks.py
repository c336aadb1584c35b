"""Which network a new machine gets."""

from __future__ import annotations

import re

from app.errors import Invalid
from app.i18n import _
from app.install.plan import Forward, NetworkKind, NetworkPlan, Recommended
from app.install.survey import Survey
from app.model.records import NetworkRecord

Choice = Recommended[NetworkPlan]


def recommend(survey: Survey) -> Choice:
    """The first of ``choices``."""
    return choices(survey)[0]


def choices(survey: Survey) -> list[Choice]:
    """All that this host has, the best first, each with a line on when to use it."""
    listed = sorted(survey.networks, key=lambda network: (network.name != "default", not network.active, network.name))
    networks = [_network(network) for network in listed if not survey.session]
    bridges = [] if survey.session else [_bridge(name) for name in survey.bridges]
    direct = [] if survey.session or survey.driver not in ("QEMU", "LXC") else [_direct(name) for name in survey.adapters]
    user = [_user(survey)] if survey.driver == "QEMU" else []
    none = Recommended(NetworkPlan(NetworkKind.NONE), _("The machine has no network adapter."))
    on = [choice for choice in networks if not choice.value.start]
    off = [choice for choice in networks if choice.value.start]
    default = [choice for choice in networks if choice.value.source == "default"]
    rest = [choice for choice in [*on, *off] if choice not in default]
    return [*default, *rest, *bridges, *user, none, *direct]


def _network(network: NetworkRecord) -> Choice:
    plan = NetworkPlan(NetworkKind.NETWORK, network.name, start=not network.active)
    if network.active:
        return Recommended(plan, _("A virtual network of this host; machines reach each other and, through the host, the world."))
    return Recommended(plan, _("This network is off; it will be started with the machine."))


def _bridge(name: str) -> Choice:
    return Recommended(
        NetworkPlan(NetworkKind.BRIDGE, name),
        _("The machine is in the same network as the host and gets its address from there."),
    )


def _direct(name: str) -> Choice:
    return Recommended(
        NetworkPlan(NetworkKind.DIRECT, name),
        _(
            "The machine is in the network of the host's adapter “{name}” like a computer of its own, but the "
            "host and it do not see each other; most wireless adapters cannot do it."
        ).format(name=name),
    )


def can_forward(survey: Survey) -> str:
    """How ports of the host lead into a machine with a user mode network, in one line."""
    if survey.passt:
        return _("By passt, which is installed on this host.")
    return _("By QEMU's own user network; the ports are given to QEMU directly, and other programs do not show them.")


def user_mode(survey: Survey, forwards: tuple[Forward, ...] = ()) -> NetworkPlan:
    """A user mode network with these ports, by passt where the host has it."""
    return NetworkPlan(NetworkKind.USER, forwards=forwards, passt=survey.passt and bool(forwards))


def parse_forward(text: str) -> Forward:
    """ "2222:22", "tcp:8080:80", "127.0.0.1:5353:53/udp".  Raises ``Invalid``."""
    match = _FORWARD.fullmatch(text.strip())
    if match is None:
        raise Invalid(
            _("“{text}” is no port forward.").format(text=text), next_step=_("Write HOST-PORT:GUEST-PORT, such as 2222:22.")
        )
    protocol = match["before"] or match["after"] or "tcp"
    return Forward(int(match["host"]), int(match["guest"]), protocol, match["address"] or "")


_FORWARD = re.compile(
    r"(?:(?P<before>tcp|udp):)?(?:(?P<address>[\d.]+):)?(?P<host>\d{1,5}):(?P<guest>\d{1,5})(?:/(?P<after>tcp|udp))?"
)


def _user(survey: Survey) -> Choice:
    reason = (
        _("Needs no rights; the machine reaches the world, but nobody reaches the machine.")
        if survey.session
        else _("The machine reaches the world through the hypervisor's process; nobody reaches the machine.")
    )
    return Recommended(NetworkPlan(NetworkKind.USER), reason)
