"""One connection to a SPICE server: the library's session, its channels, and the sockets that they ask for.

Everything is on the event loop's thread, and nothing waits: the library reads and writes when GLib says that it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from app.console.protocols import Opening
from app.console.spice import glib, problems
from app.console.spice.glib import Event, Kind
from app.console.spice.tls import Trust
from app.console.transport import Link
from app.console.trust.question import Peer, TrustQuestion
from app.errors import HostelryError
from app.signal import Signal

HANDSHAKE_S = 20.0
"""The longest time from the first byte to the first picture; a busy host under emulation takes two or three."""

COMPRESSION_OFF = 1
"""SPICE_IMAGE_COMPRESSION_OFF: on this machine memory is cheaper than packing.  Elsewhere the machine's setting holds."""

SETTLE_S = 0.2
"""A server that ends has closed its doors by then."""

ChannelCallback = Callable[[Any], object]


class SpiceConnection:
    """``session`` is the library's; ``ended`` comes once, with what went wrong (None: asked to)."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._first: Link | None = opening.link
        self.session: Any = glib.library().Session()
        if opening.link.local:
            self.session.set_property("preferred-compression", COMPRESSION_OFF)
        self.channels: list[Any] = []
        self._listeners: list[tuple[Kind, ChannelCallback]] = []
        self._ends: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._done = False
        self._asked_with = opening.secret
        self.opened = False
        self.ended: Signal[[HostelryError | None]] = Signal()
        self.password_needed: Signal[[]] = Signal()
        self.trust_asked: Signal[[TrustQuestion]] = Signal()
        peer = Peer(opening.peer.host, opening.info.tls_port)
        self.trust = Trust(peer, opening.wake, self._ask_trust)

    def begin(self) -> None:
        """Connects the first channel; the others follow by themselves."""
        self._ends += [
            glib.connect(self.session, "channel-new", lambda _session, channel: self._on_channel(channel)),
            glib.connect(self.session, "channel-destroy", lambda _session, channel: self._on_gone(channel)),
        ]
        self._expect_picture()
        self._log_in()

    def on_channel(self, kind: Kind, callback: ChannelCallback) -> None:
        """Calls back with each channel of a kind, those that are there included.  Whoever wants one calls its ``connect()``."""
        self._listeners.append((kind, callback))
        for channel in [each for each in self.channels if each.props.channel_type == kind]:
            callback(channel)

    def log_in_again(self, password: str) -> None:
        """After ``password_needed``."""
        self._asked_with = password
        self._expect_picture()
        self._log_in()

    def has_picture(self) -> None:
        """Ends the watch over the beginning."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """Ends for good."""
        self._end(None)

    def fail(self, error: HostelryError) -> None:
        """Ends because of something."""
        self._end(error)

    def _log_in(self) -> None:
        if self._asked_with is not None:
            self.session.props.password = self._asked_with
        # -1: each channel, the first one too, asks for its socket by the signal "open-fd".
        self.session.open_fd(-1)

    def _expect_picture(self) -> None:
        self.has_picture()
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_S, lambda: self.fail(problems.silent()))

    # Channels.

    def _on_channel(self, channel: Any) -> None:
        self.channels.append(channel)
        self._ends += [
            glib.connect(channel, "open-fd", lambda channel, tls: self._spawn(self._give_socket(channel, bool(tls)))),
            glib.connect(channel, "channel-event", lambda channel, event: self._on_event(channel, int(event))),
        ]
        for kind, callback in list(self._listeners):
            if channel.props.channel_type == kind:
                callback(channel)

    def _on_gone(self, channel: Any) -> None:
        if channel in self.channels:
            self.channels.remove(channel)

    async def _give_socket(self, channel: Any, tls: bool) -> None:
        try:
            link = await self._next_link(tls)
        except HostelryError as error:
            self.fail(problems.channel_failed(error) if self.opened else error)
            return
        if self._done:
            link.socket.close()
            return
        number = _detached(link.socket)
        if not channel.open_fd(number):
            os.close(number)

    async def _next_link(self, tls: bool) -> Link:
        """tls: the server refused a connection that was not encrypted."""
        link, self._first = self._first, None
        more = self._opening.more
        if tls:
            if link is not None:
                link.socket.close()
            link, more = None, self._opening.secure or _impossible
        link = link or await more()
        return await self.trust.secured(link, more) if link.tls else link

    def _ask_trust(self, question: TrustQuestion) -> None:
        if not self._done:
            self.has_picture()  # people may think as long as they like
            self.trust_asked.emit(question)

    # What channels tell.

    def _on_event(self, channel: Any, event: int) -> None:
        if self._done:
            return
        main = channel.props.channel_type == Kind.MAIN
        if event == Event.OPENED:
            self.opened = self.opened or main
        elif event == Event.ERROR_AUTH:
            self._refused()
        elif event == Event.CLOSED and main:
            self._spawn(self._explain_end())
        elif event >= Event.ERROR_CONNECT and channel.props.channel_type in _NEEDED:
            self.fail(_explain(channel, event))

    def _refused(self) -> None:
        if self._asked_with is not None:
            self.fail(problems.wrong_password(""))
            return
        self.has_picture()
        self.password_needed.emit()

    async def _explain_end(self) -> None:
        """The server hung up: because another viewer came, if it still takes connections, or because it ends."""
        await asyncio.sleep(SETTLE_S)
        try:
            link = await self._opening.more()
        except HostelryError:
            self.fail(problems.closed())
            return
        link.socket.close()
        self.fail(problems.taken_over())

    # Ends.

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_whole(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end(self, error: HostelryError | None) -> None:
        if self._done:
            return
        self._done = True
        self.has_picture()
        current = None
        with contextlib.suppress(RuntimeError):
            current = asyncio.current_task()
        for task in self._tasks - {current}:
            task.cancel()
        self.trust.end()
        # The owner lets go of the library's memory before that goes.
        self.ended.emit(error)
        for end in self._ends:
            end()
        self.session.disconnect()
        if self._first is not None:
            self._first.socket.close()
            self._first = None


_NEEDED = (Kind.MAIN, Kind.DISPLAY, Kind.INPUTS)
"""Without one of these there is no screen; the others may fail alone."""


async def _impossible() -> Link:
    raise problems.needs_encryption()


async def _whole(work: Awaitable[None]) -> None:
    await work


def _detached(sock: socket.socket) -> int:
    sock.setblocking(False)
    return sock.detach()


def _explain(channel: Any, event: int) -> HostelryError:
    told = channel.get_error()
    detail = f"{channel.props.channel_type} {event} {told.message if told else ''}".strip()
    if event == Event.ERROR_LINK and not channel.props.total_read_bytes:
        return problems.closed(detail)  # without a word: it is just starting, or nobody is behind the tunnel
    if event in (Event.ERROR_LINK, Event.ERROR_TLS):
        return problems.not_spice(detail)
    return problems.broken(detail)
