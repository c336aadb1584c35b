"""A session: one address, kept connected, with every libvirt call on a worker thread.

All of it belongs to the event loop's thread except what says otherwise.  libvirt's own threads hand
over by ``call_soon_threadsafe``; before there is a loop, what they bring waits for ``open``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from app.errors import AuthFailed, Cancelled, Denied, Disconnected, Failed, HostelryError, Invalid, TimedOut
from app.i18n import _
from app.signal import Signal
from app.virt.asking import Asking
from app.virt.binding import libvirt
from app.virt.credentials import CredentialAsker
from app.virt.errors import is_lost, translate
from app.virt.lines import Lines
from app.virt.link import Link
from app.virt.mailbox import Mailbox
from app.virt.opener import Opener
from app.virt.pulse import ROUNDS
from app.virt.ssh_access import SshAccess
from app.virt.subscriptions import VirEvent
from app.virt.uris import is_local
from app.virt.workers import Task

T = TypeVar("T")

LONGEST_WAIT_S = 30
STUCK_CALLS = 3
"""So many calls that nobody waits for any more use up the daemon's five slots: then the connection is made anew."""

LIST_FIRST_S = 0.3
"""By then the list has been asked for, which goes before what else is registered at the start."""

CLOSE_WAIT_S = 2.0

SILENT = (-1, 2)
"""Reasons of a loss that mean a dead line: our own, and virConnectCloseReason's KEEPALIVE."""


class SessionState(Enum):
    """Where a session is; WAITING is the pause between two tries of a reconnect."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    FAILED = "failed"


class Session:
    """See docs/architecture.md.  ``error`` says why the session is not connected, after it failed or was lost."""

    def __init__(self, uri: str, *, ask: CredentialAsker | None = None, keepalive: tuple[int, int] = (5, 3)) -> None:
        self.uri = uri
        self.state = SessionState.DISCONNECTED
        self.error: HostelryError | None = None
        self.state_changed: Signal[[SessionState]] = Signal()
        self.events: Signal[[tuple[VirEvent, ...]]] = Signal()
        self._keepalive = keepalive
        self._mailbox = Mailbox()
        self._asking = Asking(ask, self._mailbox)
        self.ssh = SshAccess(uri, self._asking)
        self._lock = threading.Lock()
        self._queued: list[VirEvent] = []
        self._opener: Opener | None = None
        self._link: Link | None = None
        self._lines = Lines(self.new_side_opener, self._mailbox.post)
        self._beat: asyncio.Task[None] | None = None
        self._pending: dict[asyncio.Future[Any], tuple[Link, Task]] = {}
        self._waiters: list[asyncio.Future[None]] = []
        self._subscribed: asyncio.Event = asyncio.Event()
        self._retry: asyncio.TimerHandle | None = None
        self._tries = 0
        self._was_connected = False

    @property
    def is_local(self) -> bool:
        """True if the hypervisor runs on this computer, as far as the address tells."""
        return is_local(self.uri)

    # -- opening -------------------------------------------------------------------------------

    def begin(self) -> None:
        """Starts opening in a thread, unless connected or at it; needs no running loop."""
        if self.state in (SessionState.CONNECTING, SessionState.CONNECTED):
            return
        self._stop_waiting()
        self._set_state(SessionState.CONNECTING, self.error)
        self._opener = self._new_opener(self._queue_on_vir_event_thread)
        self._opener.start(self._opened_on_thread)

    reconnect_now = begin
    """Ends the pause between two tries."""

    def _new_opener(self, queue: Callable[[VirEvent], None] | None) -> Opener:
        return Opener(
            self.ssh, ask=self._asking.ask_on_thread, keepalive=self._keepalive, queue=queue, lost=self._lost_on_vir_event_thread
        )

    def new_side_opener(self, lost: Callable[[Link, int], None]) -> Opener:
        """Not yet started; makes a further connection to the same host, without events."""
        return Opener(self.ssh, ask=self._asking.ask_on_thread, keepalive=self._keepalive, queue=None, lost=lost)

    async def open(self) -> None:
        """Connects, or waits until ``begin`` has; raises ``HostelryError``."""
        self._mailbox.bind()
        if self.state is SessionState.CONNECTED:
            return
        self.begin()
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def cancel(self) -> None:
        """Gives up connecting or reconnecting, at once."""
        if self.state not in (SessionState.CONNECTING, SessionState.WAITING):
            return
        self._end(Cancelled(_("Connecting to “{uri}” was cancelled.").format(uri=self.uri)))

    async def close(self) -> None:
        """Disconnects and stays so.  Waits for a clean end, but not for a host that hangs."""
        self._mailbox.bind()
        links = [self._link] if self._link is not None else []
        links += self._end(None)
        await asyncio.sleep(0)
        dones = [link.close_in_background() for link in links]
        deadline_s = asyncio.get_running_loop().time() + CLOSE_WAIT_S
        while dones and asyncio.get_running_loop().time() < deadline_s:
            dones = [done for done in dones if not done.is_set()]
            await asyncio.sleep(0.01)
        if dones:
            for link in links:
                link.cut()

    def _end(self, error: HostelryError | None) -> list[Link]:
        """Down by the user's wish: no more tries; whoever waits is told.  Gives the connections beside the first."""
        self._stop_waiting()
        self._was_connected = False
        if self._opener is not None:
            self._opener.cancel()
            self._opener = None
        self._asking.cancel()
        others = self._forget_link()
        self._set_state(SessionState.DISCONNECTED, error)
        self._settle(error or Cancelled(_("The connection to “{uri}” was closed.").format(uri=self.uri)))
        return others

    def _opened_on_thread(self, opener: Opener, link: Link | None, error: HostelryError | None) -> None:
        self._mailbox.post(lambda: self._opened(opener, link, error))

    def _opened(self, opener: Opener, link: Link | None, error: HostelryError | None) -> None:
        if opener is not self._opener:
            if link is not None:
                link.close_in_background()
            return
        self._opener = None
        if link is not None:
            self._connected(link)
        else:
            self._not_opened(error or Failed(_("Cannot connect to “{uri}”.").format(uri=self.uri)))

    def _connected(self, link: Link) -> None:
        self._link = link
        self._tries = 0
        self._was_connected = True
        self._subscribed = asyncio.Event()
        self._lines.begin(link)
        if self._mailbox.loop is not None:
            self._beat = self._mailbox.loop.create_task(self._live(link), name=f"heartbeat of {self.uri}")
        self._set_state(SessionState.CONNECTED, None)
        self._settle(None)

    async def _live(self, link: Link) -> None:
        """Registers for the other kinds of event once the list is under way, then looks whether the host answers."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(LIST_FIRST_S)
        self._lines.hold(link)
        link.workers.submit(
            lambda: link.subscribe(self._queue_on_vir_event_thread),
            lambda _result, _error: self._mailbox.post(self._subscribed.set),
            after=lambda: self._mailbox.post(lambda: self._lines.give_back(link)),
            background=True,
        )
        interval_s = self._keepalive[0]
        while self._lines.one_call_each:
            await asyncio.sleep(interval_s)
            if loop.time() - self._lines.answered_s < interval_s:
                continue
            try:
                async with asyncio.timeout(ROUNDS * interval_s):
                    await self.call(lambda conn: conn.getLibVersion())
            except TimeoutError:
                self._lost(link, libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE)
            except HostelryError:
                continue

    def _not_opened(self, error: HostelryError) -> None:
        if isinstance(error, AuthFailed):
            self._asking.forget()
        if self._was_connected and not isinstance(error, (AuthFailed, Denied, Invalid)):
            self._wait(error)
        else:
            self._set_state(SessionState.FAILED, error)
        self._settle(error)

    def _settle(self, error: HostelryError | None) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    def _set_state(self, state: SessionState, error: HostelryError | None) -> None:
        self.error = error
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    # -- losing and coming back ----------------------------------------------------------------

    def _lost_on_vir_event_thread(self, link: Link, reason: int) -> None:
        self._mailbox.post(lambda: self._lost(link, reason))

    def _lost(self, link: Link, reason: int) -> None:
        if link is not self._link:
            return
        for gone in (link, *self._forget_link()):
            gone.close_in_background(dead=True)
        if reason in SILENT:
            threading.Thread(target=self.ssh.end_shared, name="ssh end", daemon=True).start()
        self._tries = 0
        error = Disconnected(
            _("The connection to “{uri}” was lost.").format(uri=self.uri),
            why=_reason_text(reason),
            next_step=_("It is tried again by itself."),
            raw=f"virConnectCloseReason {reason}",
        )
        self._set_state(SessionState.DISCONNECTED, error)
        self._wait(error)

    def _wait(self, error: HostelryError) -> None:
        delay_s = min(LONGEST_WAIT_S, 2**self._tries)
        self._tries += 1
        if self._mailbox.loop is not None:
            self._retry = self._mailbox.loop.call_later(delay_s, self.begin)
        self._set_state(SessionState.WAITING, error)

    def _stop_waiting(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _forget_link(self) -> list[Link]:
        """Takes the connections out of use; calls under way fail now.  Gives those beside the first."""
        self._link = None
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None
        others = self._lines.end()
        gone = Disconnected(_("The connection to “{uri}” was lost.").format(uri=self.uri))
        for future in list(self._pending):
            if not future.done():
                future.set_exception(gone)
        return others

    # -- events --------------------------------------------------------------------------------

    @property
    def has_events(self) -> bool:
        """True if the driver tells of changes; else the inventory must be polled."""
        return self._link is not None and self._link.has_events

    async def subscribed(self) -> None:
        """Waits until all kinds of event are registered; what is read after that misses nothing."""
        await self._subscribed.wait()

    def _queue_on_vir_event_thread(self, event: VirEvent) -> None:
        with self._lock:
            self._queued.append(event)
            first = len(self._queued) == 1
        if first:
            self._mailbox.post(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            batch, self._queued = tuple(self._queued), []
        if batch and self.state is SessionState.CONNECTED:
            self.events.emit(batch)

    # -- calls ---------------------------------------------------------------------------------

    async def call(
        self,
        fn: Callable[[libvirt.virConnect], T],
        *,
        what: str = "",
        timeout_s: float | None = None,
        long: bool = False,
        background: bool = False,
    ) -> T:
        """Runs ``fn`` on a worker and gives its result; raises ``HostelryError`` with ``what`` as its first sentence.

        long: on the second connection, for what takes minutes.  background: polls, which never keep an action waiting.
        """
        if self._link is None:
            raise Disconnected(what or _("There is no connection to “{uri}”.").format(uri=self.uri), why=self._why_not())
        link = await self._take(what, long)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        task = link.workers.submit(
            lambda: fn(link.conn),
            lambda *got: self._mailbox.post(lambda: _settle(future, *got)),
            after=lambda: self._mailbox.post(lambda: self._lines.give_back(link)),
            background=background,
        )
        self._pending[future] = (link, task)
        try:
            # Not asyncio.wait_for: on Python 3.11 that loses a cancellation which comes in the same turn as the answer.
            async with asyncio.timeout(timeout_s):
                return await future
        except libvirt.libvirtError as error:
            raise self._translated(link, error, what) from error
        except Disconnected as error:
            raise error.about(what) if what else error from None
        except TimeoutError:
            self._give_up(link, task)
            raise TimedOut(
                what or _("“{uri}” did not answer in time.").format(uri=self.uri),
                why=_("There was no answer for {seconds:.0f} seconds.").format(seconds=timeout_s or 0),
                next_step=_("It may still happen. Look at the state in a while, then try again."),
            ) from None
        except asyncio.CancelledError:
            self._give_up(link, task)
            raise
        finally:
            self._pending.pop(future, None)

    def _translated(self, link: Link, error: libvirt.libvirtError, what: str) -> HostelryError:
        if is_lost(error):
            self._lost(link, libvirt.VIR_CONNECT_CLOSE_REASON_ERROR)
        return translate(error, what)

    async def _take(self, what: str, long: bool) -> Link:
        # Each connection to libvirt's in-process driver has machines of its own, so that there is no second one.
        try:
            return await self._lines.take(long=long and not self.uri.startswith("test:"))
        except HostelryError as error:
            raise (error.about(what) if what else error) from None

    def _give_up(self, link: Link, task: Task) -> None:
        link.workers.abandon(task)
        self._lines.given_up(link)
        if link is self._link and link.workers.abandoned >= STUCK_CALLS:
            self._lost(link, -1)
            self.begin()

    def _why_not(self) -> str:
        return str(self.error) if self.error is not None else _("The host is not connected.")


def _settle(future: asyncio.Future[T], result: T, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _reason_text(reason: int) -> str:
    texts = {
        -1: _("Several calls got no answer, so the connection is made anew."),
        0: _("The host reported an error, or its libvirt service was stopped."),
        1: _("The libvirt service ended the connection; it may have been stopped."),
        2: _("The host did not answer any more."),
        3: _("The connection was closed."),
    }
    return texts.get(reason, texts[0])
