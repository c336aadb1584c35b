"""The three documents of cloud-init's NoCloud source, made of the form.

cloud-init documentation, "NoCloud": a disc labelled ``cidata`` with ``user-data``, ``meta-data`` and, since 0.7.7,
``network-config``.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

from app.install.seed.form import Form, Network, Static, Sudo, User

HEADER = "#cloud-config\n"

AGENT_PACKAGE = "qemu-guest-agent"

AGENT_START = "systemctl enable --now qemu-guest-agent || service qemu-guest-agent start || rc-service qemu-guest-agent start"
"""Debian's unit has no [Install] section and is started by udev; others need this.  OpenRC and BSD have their own words."""

_CARD = "eth0"

_SUDO = {Sudo.FREELY: "ALL=(ALL) NOPASSWD:ALL", Sudo.WITH_PASSWORD: "ALL=(ALL) ALL"}
"""Rules of sudoers."""


@dataclass(frozen=True, slots=True)
class Documents:
    """network_config: empty where the image's own way (DHCP on the first card) is meant."""

    user_data: str = field(repr=False)
    meta_data: str = field(repr=False)
    network_config: str = ""

    def files(self) -> dict[str, bytes]:
        """What the disc holds, by name."""
        made = {"user-data": self.user_data.encode(), "meta-data": self.meta_data.encode()}
        if self.network_config:
            made["network-config"] = self.network_config.encode()
        return made


def documents(form: Form, *, instance: str, mac: str = "") -> Documents:
    """instance: an id of the machine, best its UUID: cloud-init works again whenever it changes.  mac: of the first card,
    by which fixed addresses find it under whatever name the system gives it."""
    raw = form.raw
    return Documents(
        user_data=_lines(raw.user_data) or HEADER + _yaml(user_data(form)),
        meta_data=_lines(raw.meta_data) or _yaml(meta_data(form, instance)),
        network_config=_lines(raw.network_config) or _network_text(form.network, mac),
    )


def user_data(form: Form) -> dict[str, Any]:
    """The ``#cloud-config`` as plain values, in the order in which people read it."""
    made: dict[str, Any] = {}
    if form.hostname:
        made["hostname"] = form.hostname.partition(".")[0]
        made |= {"fqdn": form.hostname} if "." in form.hostname else {}
    made |= _accounts(form)
    for key, value in (("timezone", form.timezone), ("locale", form.locale)):
        made |= {key: value} if value else {}
    if form.keyboard:
        made["keyboard"] = {"layout": form.keyboard}
    made |= _software(form)
    return made


def meta_data(form: Form, instance: str) -> dict[str, Any]:
    """Who the machine is."""
    made = {"instance-id": f"iid-{instance}"}
    return made | ({"local-hostname": form.hostname} if form.hostname else {})


def network_config(network: Network, mac: str = "") -> dict[str, Any]:
    """Empty for DHCP.  Version 1 where the card's address is known: from it every system's files come out right, while
    cloud-init (22.4) makes "::/64" of version 2's default route of IPv6 on systems without netplan.

    Without the address only netplan can find the card, whose words (version 2) know globs.
    """
    if not network.addresses:
        return {}
    if not mac:
        return {"version": 2, "ethernets": {_CARD: {"match": {"name": "e*"}} | _netplan(network)}}
    subnets: list[dict[str, Any]] = []
    for entry in network.addresses:
        subnet: dict[str, Any] = {"type": "static", "address": entry.address}
        subnets.append(subnet | ({"gateway": entry.gateway} if entry.gateway else {}))
    subnets[0] |= {"dns_nameservers": list(network.nameservers)} if network.nameservers else {}
    subnets[0] |= {"dns_search": list(network.search)} if network.search else {}
    return {"version": 1, "config": [{"type": "physical", "name": _CARD, "mac_address": mac.lower(), "subnets": subnets}]}


def _netplan(network: Network) -> dict[str, Any]:
    card: dict[str, Any] = {"addresses": [entry.address for entry in network.addresses]}
    routes = [{"to": _everywhere(entry), "via": entry.gateway} for entry in network.addresses if entry.gateway]
    card |= {"routes": routes} if routes else {}
    names = {"addresses": list(network.nameservers), "search": list(network.search)}
    names = {key: value for key, value in names.items() if value}
    return card | ({"nameservers": names} if names else {})


def _everywhere(entry: Static) -> str:
    """The default route in numbers: "default" is not known to older netplan, ``gateway4`` not to newer."""
    return "::/0" if ipaddress.ip_interface(entry.address).version == 6 else "0.0.0.0/0"


def _accounts(form: Form) -> dict[str, Any]:
    made: dict[str, Any] = {}
    users: list[Any] = [*(["default"] if form.default_user else []), *(_user(user) for user in form.users)]
    if form.default_user and form.default_user_keys:
        made["ssh_authorized_keys"] = list(form.default_user_keys)
    if any(user.name == "root" for user in form.users):
        made["disable_root"] = False
    made["ssh_pwauth"] = form.ssh_password
    return {"users": users} | made if users else made


def _user(user: User) -> dict[str, Any]:
    made: dict[str, Any] = {"name": user.name}
    made |= {"gecos": user.full_name} if user.full_name else {}
    if user.name != "root":
        made |= {"shell": user.shell} if user.shell else {}
        made |= {"groups": list(user.groups)} if user.groups else {}
        made |= {"sudo": _SUDO[user.sudo]} if user.sudo in _SUDO else {}
    if user.hashed_password:
        # "passwd" is for accounts that cloud-init makes; root is there before.
        made |= {"lock_passwd": False, "hashed_passwd" if user.name == "root" else "passwd": user.hashed_password}
    else:
        made["lock_passwd"] = True
    return made | ({"ssh_authorized_keys": list(user.keys)} if user.keys else {})


def _software(form: Form) -> dict[str, Any]:
    packages = list(dict.fromkeys([*([AGENT_PACKAGE] if form.guest_agent else []), *form.packages]))
    commands = [*([AGENT_START] if form.guest_agent else []), *form.commands]
    made: dict[str, Any] = {"package_update": True} if packages or form.upgrade else {}
    made |= {"package_upgrade": True} if form.upgrade else {}
    made |= {"packages": packages} if packages else {}
    return made | ({"runcmd": commands} if commands else {})


def _network_text(network: Network, mac: str) -> str:
    made = network_config(network, mac)
    return _yaml(made) if made else ""


def _lines(text: str) -> str:
    """With UNIX line ends and one at the end; cloud-init does not know its header otherwise."""
    plain = text.replace("\r\n", "\n").lstrip("\ufeff")
    return plain if not plain.strip() or plain.endswith("\n") else plain + "\n"


def _yaml(value: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415 - 20 ms, wanted when a seed is made

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1000))
