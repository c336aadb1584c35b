"""Makes the connection that a console client talks over, by the first way that works."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from app.console.graphics import FdRoute, Route, TcpRoute, TunnelRoute, UnixRoute
from app.errors import Denied, Disconnected, HostelryError, NotFound, TimedOut, Unsupported
from app.i18n import _

OpenFd = Callable[[int], Awaitable[socket.socket]]
"""libvirt's ``openGraphicsFD`` for the graphics device of this index."""

OpenTunnel = Callable[[str, bool], Awaitable[socket.socket]]
"""A stream to an address as the hypervisor's host sees it; whether the server speaks first."""

CONNECT_S = 10.0


class Link(NamedTuple):
    """A connected socket.  local: to this machine, where raw pixels are cheapest.  tunnelled: through SSH.

    tls: the server expects TLS at once.
    """

    socket: socket.socket
    local: bool
    tunnelled: bool = False
    tls: bool = False

    @property
    def private(self) -> bool:
        """True where nobody can read along, so that the protocol need not be encrypted itself."""
        return self.local or self.tunnelled


async def connect(ways: Sequence[Route], open_fd: OpenFd, open_tunnel: OpenTunnel | None = None) -> Link:
    """Tries each way; raises the last one's HostelryError if none works."""
    problem: HostelryError = Unsupported(_("The machine's screen cannot be reached from here."))
    for way in ways:
        try:
            return await _connect_by(way, open_fd, open_tunnel)
        except HostelryError as error:
            problem = error
    raise problem


async def _connect_by(way: Route, open_fd: OpenFd, open_tunnel: OpenTunnel | None) -> Link:
    if isinstance(way, FdRoute):
        return Link(await open_fd(way.index), True)
    if isinstance(way, TunnelRoute):
        if open_tunnel is None:
            raise Unsupported(_("The machine's screen cannot be reached from here."))
        return Link(await open_tunnel(way.address, not way.quiet), False, tunnelled=True, tls=way.tls)
    task = asyncio.ensure_future(asyncio.to_thread(_connect_blocking, way))
    try:
        sock = await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_close_late)
        raise
    if isinstance(way, UnixRoute):
        return Link(sock, True)
    return Link(sock, way.local, tls=way.tls)


def _close_late(task: asyncio.Future[socket.socket]) -> None:
    """The user gave up while a thread was still connecting."""
    with contextlib.suppress(HostelryError, asyncio.CancelledError):
        task.result().close()


def _connect_blocking(way: UnixRoute | TcpRoute) -> socket.socket:
    """On a worker thread."""
    try:
        if isinstance(way, TcpRoute):
            return _connect_tcp(way)
        return _connect_unix(way.path)
    except OSError as error:
        raise _explain(error, way) from error


def _connect_tcp(way: TcpRoute) -> socket.socket:
    sock = socket.create_connection((way.host, way.port), timeout=CONNECT_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return sock


def _connect_unix(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(CONNECT_S)
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock


def _explain(error: OSError, way: UnixRoute | TcpRoute) -> HostelryError:
    what, raw = _("Cannot connect to the machine's screen."), str(error)
    where = f"{way.host}:{way.port}" if isinstance(way, TcpRoute) else way.path
    if isinstance(error, TimeoutError):
        return TimedOut(what, why=_("No answer from {where}.").format(where=where),
                        next_step=_("Check the network and the firewall of the host."), raw=raw)  # fmt: skip
    if isinstance(error, PermissionError):
        return Denied(what, why=_("You may not use {where}.").format(where=where),
                      next_step=_("Connect to the system's libvirt, or ask the host's administrator."), raw=raw)  # fmt: skip
    if isinstance(error, FileNotFoundError):
        return NotFound(what, why=_("{where} does not exist.").format(where=where),
                        next_step=_("The machine may have stopped; look at its state."), raw=raw)  # fmt: skip
    return Disconnected(what, why=_("Nothing answers at {where}.").format(where=where),
                        next_step=_("The machine may be just starting or stopping; try again."), raw=raw)  # fmt: skip
