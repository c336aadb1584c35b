"""Which network a new machine gets."""

from __future__ import annotations

from app.i18n import _
from app.install.plan import NetworkKind, NetworkPlan, Recommended
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
    user = [_user(survey)] if survey.driver == "QEMU" else []
    none = Recommended(NetworkPlan(NetworkKind.NONE), _("The machine has no network adapter."))
    on = [choice for choice in networks if not choice.value.start]
    off = [choice for choice in networks if choice.value.start]
    default = [choice for choice in networks if choice.value.source == "default"]
    rest = [choice for choice in [*on, *off] if choice not in default]
    return [*default, *rest, *bridges, *user, none]


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


def _user(survey: Survey) -> Choice:
    reason = (
        _("Needs no rights; the machine reaches the world, but nobody reaches the machine.")
        if survey.session
        else _("The machine reaches the world through the hypervisor's process; nobody reaches the machine.")
    )
    return Recommended(NetworkPlan(NetworkKind.USER), reason)
