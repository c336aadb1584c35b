"""One connection to a SPICE server: the process of the library, what its channels tell, and the sockets that they ask for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from app.console.protocols import Opening
from app.console.spice import problems, wire
from app.console.spice.kinds import Event, Kind
from app.console.spice.pictures import Pictures, Place, View
from app.console.spice.process import LibraryProcess
from app.console.spice.tls import Trust
from app.console.spice.wire import Message, Nonsense
from app.console.transport import Link
from app.console.trust.question import Peer, TrustQuestion
from app.errors import HostelryError
from app.signal import Signal

HANDSHAKE_S = 20.0
"""The longest time from the first byte to the first picture; a busy host under emulation takes two or three."""

SETTLE_S = 0.2
"""A server that ends has closed its doors by then."""

MAX_CHANNELS = 64
"""So many sockets may be on their way at once."""

Hear = Callable[..., object]

_log = logging.getLogger(__name__)


class SpiceConnection:
    """Event loop.  ``ended`` comes once, with what went wrong (None: asked to); ``tell`` gives the process an order."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._first: Link | None = opening.link
        self._hearers: dict[str, list[Hear]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._done = False
        self._asked_with = opening.secret
        self.opened = False
        self.ended: Signal[[HostelryError | None]] = Signal()
        self.password_needed: Signal[[]] = Signal()
        self.trust_asked: Signal[[TrustQuestion]] = Signal()
        self.view_changed: Signal[[View]] = Signal()
        self.damaged: Signal[[Place]] = Signal()
        self.trust = Trust(Peer(opening.peer.host, opening.info.tls_port), opening.wake, self._ask_trust)
        self.pictures = Pictures(self.view_changed.emit, self.damaged.emit)
        self.process = LibraryProcess(opening.wake, self._sort, self._on_process_end)
        self.tell = self.process.tell
        self.on("socket", lambda number, tls: self._spawn(self._give_socket(number, tls)))
        self.on("event", self._on_event)
        self.on("too_large", lambda width, height: self.fail(problems.too_large(width, height)))

    def begin(self) -> None:
        """Connects the first channel; the others follow by themselves."""
        # On this machine memory is cheaper than packing.  Elsewhere the machine's setting holds.
        self.tell("begin", self._opening.link.local)
        self._log_in()

    def on(self, name: str, hear: Hear) -> None:
        """Calls ``hear(*values)`` at news of ``wire.NEWS``, with the bytes that follow where its form has such."""
        self._hearers.setdefault(name, []).append(hear)

    def log_in_again(self, password: str) -> None:
        """After ``password_needed``."""
        self._asked_with = password
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
        self.has_picture()
        self._timer = asyncio.get_running_loop().call_later(HANDSHAKE_S, lambda: self.fail(problems.silent()))
        password = self._asked_with
        self.tell("log_in", password is not None, payload=(password or "").encode())

    # News of the process.

    def _sort(self, message: Message) -> Callable[[], None] | None:
        """On the reading thread."""
        if message.name == "view":
            return self.pictures.view(message)
        if message.name == "damage":
            return self.pictures.damage(message)
        if message.name == "pong":
            self.pictures.count(*message.args)
            return None
        return partial(self._hear, message)

    def _hear(self, message: Message) -> None:
        if self._done:
            return
        values = (*message.args, message.payload) if NEWS_WITH_BYTES[message.name] else message.args
        try:
            for hear in self._hearers.get(message.name, ()):
                hear(*values)
        except Nonsense as error:
            self._on_process_end(f"nonsense: {error}")

    def _on_process_end(self, how: str) -> None:
        if not self._done:
            _log.warning("The process of SPICE's library ended: %s", how)
            self.fail(problems.library_ended(how))

    # Sockets.

    async def _give_socket(self, number: int, tls: bool) -> None:
        try:
            link = await self._next_link(tls)
        except HostelryError as error:
            self.fail(problems.channel_failed(error) if self.opened else error)
            return
        if self._done:
            link.socket.close()
            return
        link.socket.setblocking(False)
        self.tell("socket", number, carried=link.socket)

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

    def _on_event(self, kind: int, event: int, received: int, said: str) -> None:
        main = kind == Kind.MAIN
        if event == Event.OPENED:
            self.opened = self.opened or main
        elif event == Event.ERROR_AUTH:
            self._refused()
        elif event == Event.CLOSED and main:
            self._spawn(self._explain_end())
        elif event >= Event.ERROR_CONNECT and kind in _NEEDED:
            self.fail(_explain(kind, event, received, said))

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

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) > MAX_CHANNELS:
            work.close()
            raise Nonsense("too many sockets")
        task = asyncio.ensure_future(work)
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
        # The owner lets go of keys and tells the last things first.
        self.ended.emit(error)
        self.process.close()
        if self._first is not None:
            self._first.socket.close()
            self._first = None


_NEEDED = (Kind.MAIN, Kind.DISPLAY, Kind.INPUTS)
"""Without one of these there is no screen; the others may fail alone."""

NEWS_WITH_BYTES = {name: form.most > 0 for name, form in wire.NEWS.items()}


async def _impossible() -> Link:
    raise problems.needs_encryption()


def _explain(kind: int, event: int, received: int, said: str) -> HostelryError:
    detail = f"{kind} {event} {said}".strip()
    if event == Event.ERROR_LINK and not received:
        return problems.closed(detail)  # without a word: it is just starting, or nobody is behind the tunnel
    if event in (Event.ERROR_LINK, Event.ERROR_TLS):
        return problems.not_spice(detail)
    return problems.broken(detail)
