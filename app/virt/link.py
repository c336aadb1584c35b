"""One open libvirt connection with its workers and its event registrations; opening and closing block."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.credentials import Answers, CredentialRequest, questions, wanted_kinds
from app.virt.errors import is_lost, is_unsupported
from app.virt.events import VirEventThread
from app.virt.pulse import Pulse
from app.virt.subscriptions import Deregister, Queue, subscribe_lifecycle, subscribe_rest
from app.virt.workers import Workers

CALLS_AT_ONCE = 4
"""libvirtd serves 5 requests of a client at once (``max_client_requests``) and stops reading past that."""

CHECK_MS = 2000
"""How often it is looked whether the connection lives; costs no round trip."""

Lost = Callable[["Link", int], None]
"""Called on VirEventThread when the connection closes by itself; the number is virConnectCloseReason."""

BlockingAsk = Callable[[CredentialRequest], Answers | None]


MANY_CALLS_SINCE = 10_003_000
"""From this version of the library on, several calls may wait on one connection (see app.virt.lines)."""


class Link:
    """A connection that is open.  Made by ``open_link``; everything here but ``close_in_background`` runs on workers.

    shared: several calls may wait on it at once.  was_cut: it is good for nothing any more.
    """

    def __init__(self, conn: libvirt.virConnect, name: str, sockets: Sockets) -> None:
        self.conn = conn
        self.shared = libvirt.getVersion() >= MANY_CALLS_SINCE or not sockets.numbers
        self.was_cut = False
        self.workers = Workers(CALLS_AT_ONCE if self.shared else 1, name, replaces=self.shared)
        self.has_events = False
        self._deregister: list[Deregister] = []
        self._closing = threading.Event()
        self._sockets = sockets
        self._pulse: Pulse | None = None

    def watch(self, keepalive: tuple[int, int], queue: Queue | None, lost: Lost) -> None:
        """Sets keepalive (interval in s, count), listens for the connection's end and for lifecycle events."""
        if self.shared:
            # Its questions are sent by VirEventThread beside calls that wait, which is what the others do not bear.
            with _unless_supported():
                self.conn.setKeepAlive(*keepalive)
        with _unless_supported():
            self.conn.registerCloseCallback(lambda _conn, reason, _opaque: lost(self, reason), None)
            self._deregister.append(self.conn.unregisterCloseCallback)
        if self._sockets.numbers and self.shared:
            self._pulse = Pulse(self.conn, keepalive[0])
            self._pulse.start()
        self._check_alive(lost)
        if queue is not None:
            first = subscribe_lifecycle(self.conn, queue)
            self.has_events = first is not None
            self._keep(first)

    def _check_alive(self, lost: Lost) -> None:
        """libvirt (6.2 to 9 at least) may mark a silent connection closed without waking the call that waits on it, and
        then never calls the close callback: so it is asked whether it is alive, which costs no round trip."""

        def on_vir_event_thread(_timer: int, _opaque: object) -> None:
            silent = self._pulse is not None and self._pulse.silent
            if not self._closing.is_set() and (silent or not self.conn.isAlive()):
                lost(self, libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE)

        timer = libvirt.virEventAddTimeout(CHECK_MS, on_vir_event_thread, None)
        self._deregister.append(lambda: libvirt.virEventRemoveTimeout(timer))

    def subscribe(self, queue: Queue) -> None:
        """Registers for all other kinds of event; one round trip each."""
        for deregister in subscribe_rest(self.conn, queue):
            self._keep(deregister)
            if self._closing.is_set():
                return

    def _keep(self, deregister: Deregister | None) -> None:
        if deregister is not None:
            self._deregister.append(deregister)

    def close_in_background(self, *, dead: bool = False) -> threading.Event:
        """Closes in a thread of its own, which may hang with the host; the event is set when it is done.  Any thread.

        dead: the line is cut first, so that calls which wait on it fail and nothing hangs.
        """
        done = threading.Event()
        if dead:
            self.cut()
        self._closing.set()
        self.workers.close()
        threading.Thread(target=self._close, args=(done,), name="libvirt close", daemon=True).start()
        return done

    def cut(self) -> None:
        """Shuts the connection's socket down: every call on it fails at once.  Any thread."""
        self.was_cut = True
        self._sockets.shut_down()

    def pause(self, paused: bool) -> None:
        """Stops reading from the host, for a connection that is used for one stream; or goes on.  Any thread."""
        VirEventThread.ensure_started().pause(self._sockets.numbers, paused)

    def close(self) -> None:
        """Deregisters (callbacks hold the connection open) and closes; blocks."""
        self._closing.set()
        self.workers.close()
        # A call that runs holds no reference to the connection in C: closing it underneath would free it under the call.
        self.workers.wait_idle()
        if self._pulse is not None:
            self._pulse.stop()
        for deregister in reversed(self._deregister):
            try:
                deregister()
            except libvirt.libvirtError as error:
                if is_lost(error):
                    continue  # the registration ends with the connection; the local part is undone all the same
        self._deregister.clear()
        lookup.forget(self.conn)
        with contextlib.suppress(libvirt.libvirtError):
            self.conn.close()
        self._sockets.close()

    def _close(self, done: threading.Event) -> None:
        self.close()
        done.set()


class Sockets:
    """Duplicates of the sockets under a connection; ours to close.  Any thread."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._lock = threading.Lock()

    def shut_down(self) -> None:
        """Ends what goes on over them; the numbers stay valid until ``close``."""
        with self._lock:
            for number in self.numbers:
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as line:
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Gives the numbers back."""
        with self._lock:
            while self.numbers:
                os.close(self.numbers.pop())


class _unless_supported(contextlib.AbstractContextManager["None"]):  # noqa: N801 - reads as a statement
    """Ignores that the driver lacks something; any other error passes."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> bool:
        return isinstance(error, libvirt.libvirtError) and (is_unsupported(error) or not is_lost(error))


def open_link(uri: str, ask: BlockingAsk, name: str, sockets: Sockets) -> Link:
    """Opens a connection; blocks as long as libvirt does, which may be minutes.  Raises ``libvirtError``."""
    events = VirEventThread.ensure_started()
    rounds = 0

    def on_credentials(raw: list[list[Any]], _opaque: object) -> int:
        nonlocal rounds
        answers = ask(CredentialRequest(uri, questions(raw), again=rounds > 0))
        rounds += 1
        if answers is None:
            return -1
        for entry, answer in zip(raw, answers, strict=False):
            entry[4] = answer or entry[3] or ""
        return 0

    with events.sockets_of_this_thread(sockets.numbers):
        conn = libvirt.openAuth(uri, [wanted_kinds(), on_credentials, None], 0)
    return Link(conn, name, sockets)
