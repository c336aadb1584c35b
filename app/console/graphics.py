"""What a running machine's XML says of its screens, and the ways that lead there.  Pure: no connection is made here.

Source: libvirt formatdomain, "Graphical framebuffers" (9.0).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from app.errors import HostelryError, Invalid, NotFound, Unsupported
from app.i18n import _

if TYPE_CHECKING:
    from lxml import etree

@dataclass(frozen=True, slots=True)
class GraphicsInfo:
    """One ``<graphics>`` element of a live definition.

    index: its place among all of them (libvirt's number for ``openGraphicsFD``).  listen: "address",
    "network", "socket" or "none"; port: 0 if not known yet.  Passwords are never in it.
    """

    index: int
    type: str
    listen: str = "none"
    address: str = ""
    port: int = 0
    tls_port: int = 0
    socket_path: str = ""


@dataclass(frozen=True, slots=True)
class FdRoute:
    """libvirt hands over a connected socket."""

    index: int


class UnixRoute(NamedTuple):
    """A socket in this machine's file system."""

    path: str


@dataclass(frozen=True, slots=True)
class TunnelRoute:
    """An address as the hypervisor's host sees it, "host:port" or a UNIX socket's path, reached over SSH.

    tls: the server expects TLS at once.  quiet: it waits for the first word, so that its silence means nothing.
    """

    address: str
    tls: bool = False
    quiet: bool = False


class TcpRoute(NamedTuple):
    """A port.  tls: the server expects TLS at once."""

    host: str
    port: int
    local: bool
    tls: bool = False


Route = FdRoute | UnixRoute | TunnelRoute | TcpRoute


class Reach(NamedTuple):
    """Where the hypervisor is, seen from here; ``hostname`` is empty on this machine.  ssh: reached over SSH.

    forwarded: libvirt's socket is here, but what is behind it is elsewhere (ssh -L, a container): its addresses and paths
    are not this machine's, where another guest's screen may answer at them.
    """

    hostname: str = ""
    ssh: bool = False
    forwarded: bool = False

    @property
    def local(self) -> bool:
        """True on this machine."""
        return not self.hostname


def reach_of(uri: str, *, here: bool = True) -> Reach:
    """From a libvirt URI: without a host name, or over a UNIX socket, it is this machine, unless known not to be ``here``."""
    parts = urlsplit(uri)
    if parts.scheme.endswith("+unix"):
        return Reach(forwarded=not here)
    return Reach(parts.hostname or "", parts.scheme.partition("+")[2] in ("ssh", "libssh", "libssh2"))


class NoGraphics(NotFound):
    """The machine has no screen device at all."""


class NoClient(Unsupported):
    """The machine has screens, but of types that this program cannot show."""


def parse_graphics(xml: str) -> list[GraphicsInfo]:
    """All ``<graphics>`` elements of a live definition; raises Invalid for what is no XML."""
    from lxml import etree  # noqa: PLC0415 - 37 ms, wanted when a console opens

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Invalid(_("The machine's description cannot be read."), raw=str(error)) from error
    return [_info(index, element) for index, element in enumerate(root.findall("./devices/graphics"))]


def _info(index: int, element: etree._Element) -> GraphicsInfo:
    listen = element.find("listen")
    told = listen if listen is not None else element
    path = told.get("socket") or element.get("socket") or ""
    kind = (told.get("type") if listen is not None else None) or ("socket" if path else "address")
    return GraphicsInfo(
        index=index,
        type=_kind(element),
        listen=kind,
        address=told.get("address") or element.get("listen") or "",
        port=_port(element.get("port")),
        tls_port=_port(element.get("tlsPort")),
        socket_path=path,
    )


def _kind(element: etree._Element) -> str:
    """libvirt's type; a D-Bus display on a bus is another one than that between two, which is the one shown here."""
    kind = element.get("type", "")
    return "dbus bus" if kind == "dbus" and element.get("p2p") != "yes" else kind


def _port(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and 0 < int(text) < 65536 else 0


def choose(
    graphics: Sequence[GraphicsInfo], usable: Sequence[str] = ("vnc",), lacking: Mapping[str, str] = MappingProxyType({})
) -> GraphicsInfo:
    """The screen to show, by the first of the ``usable`` types; raises NoGraphics or NoClient with the way out.

    lacking: types that would work with something installed, and what.
    """
    if not graphics:
        raise NoGraphics(
            _("This machine has no graphics device."),
            next_step=_("Add a VNC display to its hardware, or use its serial console."),
        )
    for kind in usable:
        for info in graphics:
            if info.type == kind:
                return info
    names = ", ".join(sorted({info.type.upper() for info in graphics}))
    for info in graphics:
        if info.type in lacking:
            raise NoClient(
                _("This machine's screen uses {type}, which needs something that is not installed.").format(type=names),
                next_step=lacking[info.type],
            )
    raise NoClient(
        _("This machine's screen uses {type}, which this program does not show yet.").format(type=names),
        next_step=_("Add a VNC display to the machine, or change its type to VNC; that takes effect when it is started again."),
    )


def routes(info: GraphicsInfo, reach: Reach) -> list[Route]:
    """Ways to the screen, best first; raises a sentence if there is none."""
    if info.type == "dbus" and not reach.local:
        raise Unsupported(
            _("The machine's screen cannot be reached from here."),
            why=_("Its only display that this program shows is D-Bus, which stays on its own host."),
            next_step=_("Add a VNC or SPICE display to the machine."),
        )
    ways: list[Route] = []
    if reach.local:
        ways.append(FdRoute(info.index))
        if info.socket_path and not reach.forwarded:
            ways.append(UnixRoute(info.socket_path))
    if reach.ssh:
        ways += _tunnels(info)
    elif not reach.forwarded:
        ways += _ports(info, reach)
    if not ways:
        raise _no_way(info, reach)
    return ways


def secure_routes(info: GraphicsInfo, reach: Reach) -> list[Route]:
    """Those of them that lead to a port with TLS: for a server that takes nothing else."""
    return [way for way in routes(info, reach) if isinstance(way, TcpRoute | TunnelRoute) and way.tls]


def _tunnels(info: GraphicsInfo) -> list[Route]:
    """Always over SSH, also where the port could be reached directly: what is inside need not be encrypted then."""
    quiet = info.type == "spice"
    if info.socket_path:
        return [TunnelRoute(info.socket_path, quiet=quiet)]
    if info.listen not in ("address", "network"):
        return []
    host = as_seen_there(info.address)
    host = f"[{host}]" if ":" in host else host
    ports = ((info.port, False), (info.tls_port, True))
    return [TunnelRoute(f"{host}:{port}", tls=tls, quiet=quiet) for port, tls in ports if port]


def _ports(info: GraphicsInfo, reach: Reach) -> list[Route]:
    """On this machine the plain one first, elsewhere the encrypted one."""
    host = _tcp_host(info, reach)
    ports = [(info.port, False), (info.tls_port, True)]
    ways = [TcpRoute(host, port, reach.local, tls) for port, tls in ports if host and port]
    return list(ways if reach.local else reversed(ways))


def as_seen_there(address: str) -> str:
    """A server that listens on all addresses is at the loopback one."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104


def _tcp_host(info: GraphicsInfo, reach: Reach) -> str:
    """Where to connect; empty if the server listens for its own machine only and that is not ours."""
    if info.listen not in ("address", "network"):
        return ""
    try:
        address = ipaddress.ip_address(info.address or "127.0.0.1")
    except ValueError:
        return info.address
    if address.is_unspecified:
        return reach.hostname or ("::1" if address.version == 6 else "127.0.0.1")
    if address.is_loopback and not reach.local:
        return ""
    return str(address)


def _no_way(info: GraphicsInfo, reach: Reach) -> HostelryError:
    what = _("The machine's screen cannot be reached from here.")
    name = info.type.upper()
    if not info.port and not info.tls_port and not info.socket_path and info.listen != "none":
        return NotFound(what, why=_("Its {type} server has no port yet.").format(type=name),
                        next_step=_("Wait until the machine has started."))  # fmt: skip
    if reach.ssh:
        return Unsupported(
            what,
            why=_("Its {type} server listens nowhere: it only takes connections that libvirt hands over on its own host.").format(
                type=name
            ),
            next_step=_("Let it listen on an address or a socket: the listen setting of the machine's graphics device."),
        )
    return Unsupported(
        what,
        why=_("Its {type} server on {host} answers only to programs on that host.").format(type=name, host=reach.hostname),
        next_step=_(
            "Connect to the host over SSH, which reaches it there; or let it listen on an address of the host:"
            " the listen address in the machine's graphics settings."
        ),
    )
