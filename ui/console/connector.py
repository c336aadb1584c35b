"""Gets a machine's screen connected and keeps it so: over its reboot, restart, and lost links."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.console.client import ClientState, ConsoleClient, Credentials, Wake
from app.console.graphics import (
    FdRoute,
    GraphicsInfo,
    Route,
    as_seen_there,
    choose,
    parse_graphics,
    reach_of,
    routes,
    secure_routes,
)
from app.console.protocols import Opening, lacking, prepare_on_thread, protocol, usable
from app.console.transport import Link, connect
from app.console.trust.question import Peer
from app.errors import AuthFailed, Denied, Disconnected, Failed, HostelryError, NotFound, TimedOut
from app.hosts.host import Host
from app.hosts.place import is_here
from app.i18n import _
from app.virt import domains
from app.virt.tunnel import open_tunnel
from ui.aio import spawn
from ui.console.access import Access
from ui.console.wake import QtWake

RETRY_MS = (200, 400, 800, 1500, 3000, 5000)
"""Pauses between tries; the last one repeats."""

PATIENCE = 4
"""After so many tries the reason is shown; trying goes on."""

PASSING = (Disconnected, TimedOut, NotFound)
"""Troubles of a machine that is just starting, stopping or being moved; the others wait for the user."""

OpenClient = Callable[[Wake, Credentials | None], Awaitable[ConsoleClient]]
"""Makes a connected client, not yet started; with what the user or the password store said, if anything."""


class Way:
    """How the newest connection was made, told by ``client_opener``.  private: see ``Link.private``."""

    def __init__(self) -> None:
        self.protocol = ""
        self.private = False


class Connector(QObject):
    """One machine's connection.  ``want`` says whether there should be one.

    client_changed: a new client (or None) to show.  changed: state, question or problem differ.
    """

    client_changed = Signal(object)
    changed = Signal()

    def __init__(self, open_client: OpenClient, access: Access, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_client = open_client
        self.access = access
        self.way: Way = getattr(open_client, "way", None) or Way()
        access.setParent(self)
        access.changed.connect(self.changed)
        access.again.connect(self.reconnect)
        self._wake = QtWake(self)
        self.client: ConsoleClient | None = None
        self.problem: HostelryError | None = None
        self._wanted = False
        self._opening = False
        self._generation = 0
        self._tries = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._try)

    @property
    def connected(self) -> bool:
        """True while there is a picture."""
        return self.client is not None and self.client.state is ClientState.CONNECTED

    def want(self, wanted: bool) -> None:
        """True: connect and stay connected; False: disconnect and forget what went wrong."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._tries, self.problem = 0, None
        if wanted:
            self._try()
        else:
            self._drop()
            self._timer.stop()
        self.changed.emit()

    def reconnect(self) -> None:
        """The user's button: at once, whatever happened before."""
        self._tries, self.problem = 0, None
        self._drop()
        self._try()
        self.changed.emit()

    def machine_changed(self) -> None:
        """It was started anew or its hardware changed: what stood in the way may be gone."""
        if self._wanted and self.client is None:
            self._tries = 0
            self._timer.start(RETRY_MS[0])

    def end(self) -> None:
        """For good."""
        self._wanted = False
        self._timer.stop()
        self._drop()

    def _try(self) -> None:
        if self._wanted and self.client is None and not self._opening:
            self._opening = True
            spawn(self._open(), self, name="console: connect")

    @property
    def protocol(self) -> str:
        """libvirt's name of the newest connection's protocol; empty before the first."""
        return self.way.protocol

    @property
    def private(self) -> bool:
        """True where nobody can read along on the newest connection: on this computer, or through SSH."""
        return self.way.private

    async def _open(self) -> None:
        generation = self._generation
        try:
            client = await self._open_client(self._wake, self.access.credentials)
        except HostelryError as error:
            self._opening = False
            if generation == self._generation:
                self._failed(error)
            else:
                self._try()  # what failed was begun before the user or the machine began anew
            return
        except Exception as error:
            self._opening = False
            if generation == self._generation:
                self._failed(_unexpected(error))
            raise  # the log has it too
        finally:
            self._opening = False
        if not self._wanted or generation != self._generation:
            client.close()
            self._try()
            return
        self._take(client)

    def _take(self, client: ConsoleClient) -> None:
        self.client = client
        client.state_changed.connect(lambda _state: self._on_state(client))
        self.access.attach(client)
        self.client_changed.emit(client)
        client.start()

    def _on_state(self, client: ConsoleClient) -> None:
        if client is not self.client:
            return
        if client.state is ClientState.CONNECTED:
            self._tries, self.problem = 0, None
            self.access.accepted()
        elif client.state is ClientState.CLOSED:
            self.client = None
            self.access.detach()
            self.client_changed.emit(None)
            self._failed(client.error or Disconnected(""))
        self.changed.emit()

    def _failed(self, error: HostelryError) -> None:
        if isinstance(error, AuthFailed):
            self.access.refused()
        self._tries += 1
        passing = isinstance(error, PASSING) and not isinstance(error, AuthFailed | Denied) and type(error) in PASSING
        if not passing or self._tries >= PATIENCE:
            self.problem = error
        if passing and self._wanted:
            self._timer.start(RETRY_MS[min(self._tries, len(RETRY_MS)) - 1])
        self.changed.emit()

    def _drop(self) -> None:
        self._generation += 1
        client, self.client = self.client, None
        self.access.detach()
        if client is not None:
            client.close()
            self.client_changed.emit(None)


def client_opener(
    host: Host, uuid: str, preferred: Callable[[], str] = lambda: "",
    learn: Callable[[Sequence[GraphicsInfo]], None] = lambda _infos: None,
) -> OpenClient:  # fmt: skip
    """Opens the machine's screen by the best protocol and way that its live definition offers.

    preferred: the type that the user wants for this machine, if it offers several.  learn: is told what it offers.
    Its ``way`` says how it was connected.
    """
    passing, way = _Passing(), Way()

    async def open_fd(index: int) -> socket.socket:
        # libvirt vouches for who may use it, so its socket needs no password.
        with passing:
            return await domains.open_graphics(host.session, uuid, index, skip_auth=True)

    async def open_far(address: str, speaks_first: bool) -> socket.socket:
        return await open_tunnel(host.session, address, speaks_first)

    async def open_client(wake: Wake, known: Credentials | None) -> ConsoleClient:
        offered = parse_graphics(await domains.xml(host.session, uuid))
        learn(offered)
        types = {info.type for info in offered}
        await asyncio.to_thread(prepare_on_thread, types)
        info = choose(offered, usable(types, preferred()), lacking(types))
        reach = reach_of(host.uri, here=await is_here(host))

        async def more() -> Link:
            return await connect(passing.sensible(routes(info, reach)), open_fd, open_far)

        async def secure() -> Link:
            return await connect(safe, open_fd, open_far)

        known = known or Credentials()
        peer = Peer(reach.hostname or as_seen_there(info.address) or "localhost", info.port or info.tls_port)
        first, safe = await more(), secure_routes(info, reach)
        opening = Opening(info, first, more, wake, known.password, known.username, peer, secure if safe else None)
        way.protocol, way.private = info.type, first.private or _stays_here(first.socket)
        try:
            return protocol(info.type).make(opening)
        except BaseException:
            first.socket.close()  # nobody else has it
            raise

    open_client.way = way  # type: ignore[attr-defined]
    return open_client


def _stays_here(sock: socket.socket) -> bool:
    """Whether the other end is on this computer: a UNIX socket, or a loopback address, also of a host named by "localhost"."""
    try:
        return sock.family == socket.AF_UNIX or ipaddress.ip_address(sock.getpeername()[0]).is_loopback
    except (OSError, ValueError, IndexError):  # it has gone meanwhile
        return False


def _unexpected(error: Exception) -> Failed:
    """A fault of this program or of a library, on the page that waits for a picture."""
    return Failed(
        _("The machine's screen cannot be shown."), why=_("This program, or a library that it uses, has failed."),
        next_step=_("Reconnect. If it happens again, the log of this program says where."), raw=repr(error),
    )  # fmt: skip


class _Passing:
    """Whether libvirt can hand over a socket: where its own connection is forwarded (ssh -L, socat), asking for one breaks it."""

    def __init__(self) -> None:
        self._breaks = False

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        self._breaks = self._breaks or isinstance(error, Disconnected)

    def sensible(self, ways: list[Route]) -> list[Route]:
        """The ways without that which broke the connection, unless there is no other."""
        return [way for way in ways if not (self._breaks and isinstance(way, FdRoute))] or ways
