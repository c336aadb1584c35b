"""Kinds of connection: one row for each, from which the dialog, the address and its parts come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from app.i18n import N_


class Field(Enum):
    """Parts of an address that a kind of connection asks for."""

    HOST = "host"
    USER = "user"
    PORT = "port"
    SOCKET = "socket"
    KEYFILE = "keyfile"
    PATH = "path"
    URI = "uri"


FIELD_LABELS: dict[Field, str] = {
    Field.HOST: N_("Host name or address"),
    Field.USER: N_("User"),
    Field.PORT: N_("Port"),
    Field.SOCKET: N_("Socket"),
    Field.KEYFILE: N_("Key file"),
    Field.PATH: N_("File"),
    Field.URI: N_("Address (URI)"),
}


@dataclass(frozen=True, slots=True)
class ConnectionKind:
    """One row of the "Add connection" dialog.

    id: stable name.  scheme: "qemu", "qemu+ssh" ...; path: the address's path, such as "/system".
    needs: fields that must be filled; takes: fields that may be.  tip: libvirt's term.
    """

    id: str
    label: str
    tip: str
    scheme: str
    path: str
    needs: tuple[Field, ...] = ()
    takes: tuple[Field, ...] = ()
    remote: bool = False


KINDS: tuple[ConnectionKind, ...] = (
    ConnectionKind("system", N_("This computer"), N_("The system's QEMU/KVM (qemu:///system)"), "qemu", "/system"),
    ConnectionKind(
        "session", N_("This computer, my own machines"),
        N_("QEMU/KVM of your user (qemu:///session)"), "qemu", "/session",
    ),
    ConnectionKind(
        "ssh", N_("Another computer over SSH"), N_("qemu+ssh://user@host/system"), "qemu+ssh", "/system",
        (Field.HOST,), (Field.USER, Field.PORT, Field.KEYFILE, Field.SOCKET), remote=True,
    ),
    ConnectionKind(
        "ssh-session", N_("Another computer over SSH, my own machines there"),
        N_("qemu+ssh://user@host/session"), "qemu+ssh", "/session",
        (Field.HOST,), (Field.USER, Field.PORT, Field.KEYFILE), remote=True,
    ),
    ConnectionKind(
        "tls", N_("Another computer over TLS"),
        N_("qemu+tls://host/system, with certificates on both sides"), "qemu+tls", "/system",
        (Field.HOST,), (Field.PORT,), remote=True,
    ),
    ConnectionKind(
        "tcp", N_("Another computer, not encrypted (TCP)"),
        N_("qemu+tcp://host/system; for a lab network only"), "qemu+tcp", "/system",
        (Field.HOST,), (Field.PORT,), remote=True,
    ),
    ConnectionKind(
        "unix", N_("A libvirt service at another socket"),
        N_("qemu+unix:///system?socket=…"), "qemu+unix", "/system", (Field.SOCKET,),
    ),
    ConnectionKind("xen", N_("Xen on this computer"), N_("The libxl driver (xen:///system)"), "xen", "/system"),
    ConnectionKind(
        "xen-ssh", N_("Xen over SSH"), N_("xen+ssh://user@host/system"), "xen+ssh", "/system",
        (Field.HOST,), (Field.USER, Field.PORT, Field.KEYFILE), remote=True,
    ),
    ConnectionKind("lxc", N_("Containers (LXC) on this computer"), N_("The lxc driver (lxc:///system)"), "lxc", "/system"),
    ConnectionKind(
        "practice", N_("Practice host"),
        N_("libvirt's test driver (test:///default): machines that only pretend, to try things out"),
        "test", "/default",
    ),
    ConnectionKind(
        "test-file", N_("Practice host from a file"),
        N_("libvirt's test driver (test:///file)"), "test", "", (Field.PATH,),
    ),
    ConnectionKind("custom", N_("Another address"), N_("Any libvirt URI"), "", "", (Field.URI,), remote=True),
)  # fmt: skip

_BY_ID = {kind.id: kind for kind in KINDS}

Values = Mapping[Field, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart.  kind: "custom" if no other row makes exactly this address."""

    kind: ConnectionKind
    values: dict[Field, str] = field(default_factory=dict)


def kind(kind_id: str) -> ConnectionKind:
    """The row of that name."""
    return _BY_ID[kind_id]


def problem(kind_: ConnectionKind, values: Values) -> str:
    """What is wrong with the fields, as a sentence to translate; "" if an address can be made."""
    for needed in kind_.needs:
        if not values.get(needed, "").strip():
            return _MISSING[needed]
    port = values.get(Field.PORT, "").strip()
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return N_("The port is a number from 1 to 65535.")
    host = values.get(Field.HOST, "").strip()
    if re.search(r"[\s/@?#]", host):
        return N_("The host is a name or an address alone, without a path or a user.")
    uri = values.get(Field.URI, "").strip()
    if uri and not re.match(r"[a-z][a-z0-9+.-]*:/", uri, re.IGNORECASE):
        return N_("An address begins with a driver, for example qemu+ssh://user@host/system.")
    return ""


_MISSING: dict[Field, str] = {
    Field.HOST: N_("Enter the name or address of the host."),
    Field.SOCKET: N_("Enter the path of the libvirt service's socket."),
    Field.PATH: N_("Choose the file."),
    Field.URI: N_("Enter an address, for example qemu+ssh://user@host/system."),
}


def make(kind_: ConnectionKind, values: Values) -> str:
    """The address; the fields must have no ``problem``."""
    text = {part: value.strip() for part, value in values.items()}
    if Field.URI in kind_.needs:
        return text.get(Field.URI, "")
    path = quote(text.get(Field.PATH, "")) if Field.PATH in kind_.needs else kind_.path
    return f"{kind_.scheme}://{_authority(kind_, text)}{path}{_query(kind_, text)}"


def _authority(kind_: ConnectionKind, text: Values) -> str:
    if Field.HOST not in kind_.needs:
        return ""
    host = text.get(Field.HOST, "").strip("[]")
    # A zone ("fe80::1%eth0") must be written with the sign encoded (RFC 6874).
    host = f"[{quote(host, safe=':')}]" if ":" in host else quote(host)
    user = text.get(Field.USER, "") if Field.USER in kind_.takes else ""
    port = text.get(Field.PORT, "") if Field.PORT in kind_.takes else ""
    return (quote(user, safe="") + "@" if user else "") + host + (f":{port}" if port else "")


def _query(kind_: ConnectionKind, text: Values) -> str:
    parts = [
        f"{part.value}={quote(text[part], safe='/')}"
        for part in (Field.SOCKET, Field.KEYFILE)
        if part in kind_.needs + kind_.takes and text.get(part)
    ]
    return f"?{'&'.join(parts)}" if parts else ""


def parse(uri: str) -> Parts:
    """The row and the fields that make this address again."""
    custom = Parts(kind("custom"), {Field.URI: uri})
    try:
        split = urlsplit(uri)
        values = _values(uri)
    except ValueError:
        return custom
    for row in KINDS[:-1]:
        wanted = {part: values[part] for part in row.needs + row.takes if part in values}
        if row.scheme == split.scheme and not problem(row, wanted) and make(row, wanted) == uri:
            return Parts(row, wanted)
    return custom


def _values(uri: str) -> dict[Field, str]:
    split = urlsplit(uri)
    query = dict(parse_qsl(split.query))
    found = {
        Field.HOST: unquote(split.hostname or ""),
        Field.USER: unquote(split.username or ""),
        Field.PORT: str(split.port or ""),
        Field.SOCKET: query.get("socket", ""),
        Field.KEYFILE: query.get("keyfile", ""),
        Field.PATH: unquote(split.path),
    }
    return {part: value for part, value in found.items() if value}


def host_of(uri: str) -> str:
    """The host in an address; "" for this computer."""
    try:
        return unquote(urlsplit(uri).hostname or "")
    except ValueError:
        return ""


def is_local(uri: str) -> bool:
    """True if the hypervisor runs on this computer, as far as the address tells (a tunnel may end elsewhere)."""
    return not host_of(uri)


def suggested_label(uri: str) -> str:
    """A name for the list, to translate: the host's, or the kind's for this computer."""
    host = host_of(uri)
    if not host:
        return parse(uri).kind.label if parse(uri).kind.id != "custom" else uri
    user = urlsplit(uri).username
    return f"{unquote(user)}@{host}" if user else host
