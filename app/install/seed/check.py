"""What of the filled-in form cloud-init, or the system in the image, would not take."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from app.i18n import _
from app.install.seed import keys, raw_check
from app.install.seed.finding import Finding
from app.install.seed.form import Form, Network, Static, Sudo, User

_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_PACKAGE = re.compile(r"[A-Za-z0-9@][A-Za-z0-9.+:~=_@/-]*")
_LOCALE = re.compile(r"[A-Za-z]{1,8}(_[A-Za-z]{2,3})?(\.[A-Za-z0-9-]+)?(@[a-z]+)?")
_HASH = re.compile(r"\$[0-9a-z]+\$[^\s:]+")


def findings(form: Form) -> list[Finding]:
    """Everything, in the form's order; fields whose document the user wrote are not looked at."""
    raw = form.raw
    found: list[Finding] = []
    if not raw.user_data.strip():
        found += [*_hostname(form.hostname), *_accounts(form), *_software(form), *_place(form)]
    if not raw.network_config.strip():
        found += _network(form.network)
    return [*found, *raw_check.findings(raw)]


def blocking(form: Form) -> list[Finding]:
    """Those with which no machine is to be made."""
    return [entry for entry in findings(form) if entry.blocks]


def _hostname(name: str) -> Iterator[Finding]:
    if name and (len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split("."))):
        yield Finding("hostname", _("A host name has letters, digits and hyphens, with dots between its parts."))


def _accounts(form: Form) -> Iterator[Finding]:
    seen: set[str] = set()
    for user in form.users:
        yield from _user(user)
        if user.name in seen:
            yield Finding("users", _("The user “{name}” is there twice.").format(name=user.name))
        seen.add(user.name)
    yield from _keys(form.default_user_keys)
    if not _can_enter(form):
        text = _("Nobody could log in. Give a user a password or an SSH key.")
        yield Finding("users", text, blocks=False)


def _can_enter(form: Form) -> bool:
    return any(user.hashed_password or user.keys for user in form.users) or bool(form.default_user and form.default_user_keys)


def _user(user: User) -> Iterator[Finding]:
    if not _USER.fullmatch(user.name):
        text = _("“{name}” cannot be a user's name: use small letters, digits, - and _, with a letter first, at most 32.")
        yield Finding("users", text.format(name=user.name))
    if user.hashed_password and not _HASH.fullmatch(user.hashed_password):
        yield Finding("users", _("The password of “{name}” is not in the hashed form.").format(name=user.name))
    if user.sudo is Sudo.WITH_PASSWORD and not user.hashed_password and user.name != "root":
        text = _("“{name}” has no password, with which it could become administrator.")
        yield Finding("users", text.format(name=user.name), blocks=False)
    if any(char in user.full_name for char in ":\n\r,"):
        yield Finding("users", _("A user's full name has no colon, no comma and no line break."))
    yield from _keys(user.keys)


def _keys(lines: tuple[str, ...]) -> Iterator[Finding]:
    for line in lines:
        if "PRIVATE KEY" in line:
            yield Finding("keys", _("This is a private key. Use the public one, from the file whose name ends in .pub."))
        elif keys.parse(line) is None:
            start = line.strip()[:24]
            text = _("“{start}…” is no SSH public key. One line of a file whose name ends in .pub is needed.")
            yield Finding("keys", text.format(start=start))


def _software(form: Form) -> Iterator[Finding]:
    for name in form.packages:
        if not _PACKAGE.fullmatch(name):
            yield Finding("packages", _("“{name}” cannot be a package's name.").format(name=name))
    for line in form.commands:
        if "\0" in line or not line.strip():
            yield Finding("commands", _("A command is empty, or has characters that are no text."))


def _place(form: Form) -> Iterator[Finding]:
    if form.timezone and form.timezone not in _zones():
        text = _("“{name}” is no time zone that this computer knows. Time zones look like Europe/Berlin.")
        yield Finding("timezone", text.format(name=form.timezone), blocks=not re.fullmatch(r"[\w+-]+(/[\w+-]+)*", form.timezone))
    if form.locale and not _LOCALE.fullmatch(form.locale):
        yield Finding("locale", _("“{name}” is no language. Languages look like de_DE.UTF-8.").format(name=form.locale))
    if form.keyboard and not re.fullmatch(r"[a-z0-9_-]{1,32}", form.keyboard):
        yield Finding("keyboard", _("“{name}” is no keyboard. Keyboards look like de or us.").format(name=form.keyboard))


def _zones() -> set[str]:
    return available_timezones()


def _network(network: Network) -> Iterator[Finding]:
    for entry in network.addresses:
        yield from _address(entry)
    for text in network.nameservers:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            yield Finding("network", _("“{text}” is no address of a name server.").format(text=text))
    for name in network.search:
        if not all(_LABEL.fullmatch(label) for label in name.rstrip(".").split(".")):
            yield Finding("network", _("“{text}” is no domain.").format(text=name))
    if network.addresses and not network.nameservers:
        yield Finding("network", _("Without a name server the machine finds others by their address only."), blocks=False)


def _address(entry: Static) -> Iterator[Finding]:
    try:
        own = ipaddress.ip_interface(entry.address)
    except ValueError:
        text = _("“{text}” is no address with its prefix. Addresses look like 192.168.122.10/24.")
        yield Finding("network", text.format(text=entry.address))
        return
    if "/" not in entry.address:
        text = _("The address {text} needs its prefix, such as {text}/24.")
        yield Finding("network", text.format(text=entry.address))
    elif own.version == 4 and own.network.num_addresses > 2 and own.ip in (own.network[0], own.network[-1]):
        yield Finding("network", _("{text} is the address of the whole network, not of one machine.").format(text=own.ip))
    if entry.gateway:
        yield from _gateway(entry.gateway, own)


def _gateway(text: str, own: ipaddress.IPv4Interface | ipaddress.IPv6Interface) -> Iterator[Finding]:
    try:
        gateway = ipaddress.ip_address(text)
    except ValueError:
        yield Finding("network", _("“{text}” is no address of a gateway.").format(text=text))
        return
    if gateway.version != own.version:
        yield Finding("network", _("The gateway {text} is of the other version of IP than the address.").format(text=text))
    elif gateway not in own.network and not gateway.is_link_local:
        text = _("The gateway {gateway} is not in the network {network}.").format(gateway=gateway, network=own.network)
        yield Finding("network", text, blocks=False)
