"""A guest's serial port, console or channel as a stream of bytes, each on a connection of its own.

Of its own because libvirt's client before 10.3 may die when one call joins another on the same connection (see ``lines``), and
because it takes into memory whatever a stream brings: only a connection that nobody else needs can be left unread for a while.
What comes in is brought on VirEventThread; every call is made by one thread, in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable

from app.errors import Busy, Disconnected, HostelryError, TimedOut, Unsupported
from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import CHANGE_S, READ_S, on_domain
from app.virt.errors import is_unsupported, translate
from app.virt.link import Link
from app.virt.opener import Opener
from app.virt.session import Session
from app.virt.workers import Workers

PIECE = 64 * 1024
TURN = 256 * 1024
"""Bytes that one turn of VirEventThread takes at most, as other hosts wait for it."""

SEND = 4096
MOST_UNSENT = 4 * 1024 * 1024
"""A guest that reads nothing must not let what is pasted fill the memory."""

WOULD_BLOCK = -2

Received = Callable[[bytes], None]
Ended = Callable[[HostelryError | None], None]
"""None: the guest's side was closed, as it is when the machine stops or another program takes the console over."""


class ConsoleTaken(Busy):
    """Another program has it open; opening with ``force`` takes it away from there."""


class TextStream:
    """An open device.  Every method returns at once; any thread."""

    def __init__(self, link: Link, received: Received, ended: Ended) -> None:
        self._link = link
        self._received, self._ended = received, ended
        self._workers = Workers(1, "text stream")
        self._lock = threading.Lock()
        self._stream: libvirt.virStream | None = None
        self._over = self._held = False
        self._unsent = 0

    def write(self, data: bytes) -> None:
        """Sends in order; what is too much for a guest that reads nothing is dropped."""
        with self._lock:
            if self._over or self._unsent + len(data) > MOST_UNSENT:
                return
            self._unsent += len(data)
        self._workers.submit(lambda: self._send(data), lambda _result, error: self._sent(len(data), error))

    def hold(self, held: bool) -> None:
        """True: nothing is read any more, so that the guest waits; False: goes on."""
        with self._lock:
            stream = self._stream
            if self._over or stream is None or self._held is held:
                return
            self._held = held
        self._link.pause(held)
        with contextlib.suppress(libvirt.libvirtError):
            stream.eventUpdateCallback(_QUIET if held else _EVENTS)

    def close(self) -> None:
        """Ends it; ``ended`` is not called any more."""
        if self._finish():
            self._link.pause(False)
            self._workers.submit(self._end, lambda _result, _error: self._let_go())

    # On the stream's worker.

    def begin(self, conn: libvirt.virConnect, uuid: str, name: str, channel: bool, force: bool) -> None:
        """Opens the device; raises ``libvirtError``."""
        stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
        domain = conn.lookupByUUIDString(uuid)
        if channel:
            domain.openChannel(name, stream, libvirt.VIR_DOMAIN_CHANNEL_FORCE if force else 0)
        else:
            _open_console(domain, name, stream, force)
        with self._lock:
            self._stream = stream
        stream.eventAddCallback(_EVENTS, self._on_event, None)

    def _send(self, data: bytes) -> None:
        stream = self._stream
        at = 0
        while stream is not None and not self._over and at < len(data):
            sent = stream.send(data[at : at + SEND])
            if sent == WOULD_BLOCK:
                threading.Event().wait(0.01)
            else:
                at += sent

    def _sent(self, count: int, error: BaseException | None) -> None:
        with self._lock:
            self._unsent -= count
        if isinstance(error, libvirt.libvirtError):
            self._fail(translate(error, _("The line to the machine's console broke.")))

    def _end(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None and not self._link.was_cut:
            with contextlib.suppress(libvirt.libvirtError):
                stream.eventRemoveCallback()
            with contextlib.suppress(libvirt.libvirtError):
                stream.abort()

    def _let_go(self) -> None:
        self._workers.close()
        self._link.close_in_background()

    # On VirEventThread.

    def _on_event(self, stream: libvirt.virStream, events: int, _opaque: object) -> None:
        taken = 0
        try:
            while not self._over and not self._held and taken < TURN:
                data = stream.recv(PIECE)
                if isinstance(data, int):
                    break  # WOULD_BLOCK
                if not data:
                    self._fail(None)
                    return
                taken += len(data)
                self._received(data)
        except libvirt.libvirtError as error:
            self._fail(translate(error, _("The line to the machine's console broke.")))
            return
        if events & (libvirt.VIR_STREAM_EVENT_ERROR | libvirt.VIR_STREAM_EVENT_HANGUP) and not taken:
            self._fail(None)

    def lost(self, _link: Link, _reason: int) -> None:
        """The connection under it is gone."""
        self._link.cut()
        self._fail(Disconnected(_("The connection to the host was lost.")))

    def _fail(self, error: HostelryError | None) -> None:
        if self._finish():
            self._link.pause(False)
            self._workers.submit(self._end, lambda _result, _error: self._let_go())
            self._ended(error)

    def _finish(self) -> bool:
        """True once."""
        with self._lock:
            over, self._over = self._over, True
            return not over


_EVENTS = 1 | 4 | 8
"""virStreamEventType: readable, error, hang-up."""

_QUIET = 4 | 8


def _open_console(domain: libvirt.virDomain, name: str, stream: libvirt.virStream, force: bool) -> None:
    """SAFE asks for a driver that never lets two programs read one console; drivers that know no such thing refuse the flag."""
    flags = libvirt.VIR_DOMAIN_CONSOLE_FORCE if force else 0
    try:
        domain.openConsole(name, stream, flags | libvirt.VIR_DOMAIN_CONSOLE_SAFE)
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        domain.openConsole(name, stream, flags)


async def open_text(
    session: Session, uuid: str, name: str, *, channel: bool = False, force: bool = False, received: Received, ended: Ended
) -> TextStream:  # fmt: skip
    """Opens the device of that alias of a running guest.

    received, ended: called on VirEventThread.  Raises ``ConsoleTaken`` if another program has it and ``force`` is not set.
    """
    what = _("Cannot open the machine's text console.")
    link, relay = await _further(session, what)
    text = TextStream(link, received, ended)
    relay.text = text
    begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()

    def done(_result: None, error: BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(_settle, begun, error)

    text._workers.submit(lambda: text.begin(link.conn, uuid, name, channel, force), done)
    try:
        async with asyncio.timeout(READ_S):
            await begun
    except TimeoutError:
        _drop(text, link)
        raise TimedOut(what, why=_("The host does not answer.")) from None
    except asyncio.CancelledError:
        _drop(text, link)
        raise
    except libvirt.libvirtError as error:
        text.close()
        raise _translated(error, what) from error
    return text


def _drop(text: TextStream, link: Link) -> None:
    link.cut()
    text.close()


def _translated(error: libvirt.libvirtError, what: str) -> HostelryError:
    raw = error.get_error_message() or ""
    if "active console session" in raw.lower():
        return ConsoleTaken(
            _("Another program has this console open."),
            next_step=_("Close it there, or take it over; the other program is disconnected then."),
            raw=raw,
        )
    if "not using a pty" in raw.lower():
        return Unsupported(
            what,
            why=_("The host's libvirt opens consoles of the type “pty” only."),
            next_step=_("Change the device's type to pty; that takes effect when the machine is started again."),
            raw=raw,
        )
    return translate(error, what)


class _Relay:
    """Tells the stream that its connection is gone; it may go before there is a stream."""

    text: TextStream | None = None

    def lost(self, link: Link, reason: int) -> None:
        """On VirEventThread."""
        if self.text is not None:
            self.text.lost(link, reason)


async def _further(session: Session, what: str) -> tuple[Link, _Relay]:
    """A connection to the same host for this stream alone."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Link] = loop.create_future()
    relay = _Relay()
    opener = session.new_side_opener(relay.lost)

    def tell(_opener: Opener, link: Link | None, error: HostelryError | None) -> None:
        try:
            loop.call_soon_threadsafe(_opened, opened, link, error or Disconnected(what))
        except RuntimeError:  # the loop is closed
            if link is not None:
                link.close_in_background()

    opener.start(tell)
    try:
        async with asyncio.timeout(CHANGE_S):
            return await opened, relay
    except TimeoutError:
        opener.cancel()
        raise TimedOut(what, why=_("The host does not answer.")) from None
    except asyncio.CancelledError:
        opener.cancel()
        raise
    except HostelryError as error:
        raise error.about(what) from None


def _opened(opened: asyncio.Future[Link], link: Link | None, error: HostelryError) -> None:
    if opened.done():
        if link is not None:
            link.close_in_background()
    elif link is not None:
        opened.set_result(link)
    else:
        opened.set_exception(error)


def _settle(begun: asyncio.Future[None], error: BaseException | None) -> None:
    if begun.done():
        return
    if error is None:
        begun.set_result(None)
    else:
        begun.set_exception(error)


async def send_break(session: Session, uuid: str, alias: str) -> None:
    """A break on a serial line, which libvirt has no call for: QEMU's monitor is asked directly (``chardev-send-break``).

    libvirt notes in the machine's log that its monitor was used by hand.
    """
    what = _("Cannot send a break.")

    def work(domain: libvirt.virDomain) -> str:
        try:
            import libvirt_qemu  # noqa: PLC0415 - only here
        except ImportError as error:
            raise Unsupported(what, why=_("This libvirt binding cannot speak to QEMU's monitor."), raw=str(error)) from error
        command = {"execute": "chardev-send-break", "arguments": {"id": f"char{alias}"}}
        return libvirt_qemu.qemuMonitorCommand(domain, json.dumps(command), 0)

    answer = await on_domain(session, uuid, what, work)
    if '"error"' in answer:
        raise Unsupported(what, why=_("QEMU refused it for this device."), raw=answer)
