"""When the next update is asked for: at once while somebody looks, later when nobody does, never if it comes by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.console.vnc import messages

AGAIN_S = 0.03
"""QEMU looks at its screen that often (GUI_REFRESH_INTERVAL_DEFAULT): more requests would bring no more updates."""

FLOWS_S = 0.25
"""As long after an update more are expected."""


class UpdateRequests:
    """``watch`` comes from the event loop, all others from the console's thread."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._watched = True
        self._owed = False
        self._continuous = False
        self._size = (0, 0)
        self._pacer: Pacer | None = None

    def screen(self, width: int, height: int) -> None:
        """The screen's size from now on."""
        self._size = (width, height)

    def whole(self) -> None:
        """The full picture, whether watched or not (a screen that has just appeared)."""
        with self._lock:
            flows = self._continuous and self._watched
        if flows:
            self._send(messages.continuous_updates(*self._size, enable=True))
        self._send(messages.update_request(*self._size, incremental=False))

    def next(self) -> None:
        """An update begins to arrive: asks for what changes from now on."""
        if self._pacer is not None:
            self._pacer.hold()
        with self._lock:
            if not self._watched:
                self._owed = True
                return
            if self._continuous:
                return
        self._ask()

    def drawn(self) -> None:
        """The update has arrived and is drawn."""
        if self._pacer is not None:
            self._pacer.flow()

    def pace(self) -> None:
        """The server is far away: while updates flow it gets requests before it has sent what answers the one before."""
        self._pacer = self._pacer or Pacer(self._ask_again)

    def go_on_by_itself(self) -> None:
        """The server can send updates without being asked (rfbproto.rst, EnableContinuousUpdates).  Once is enough."""
        if self._continuous:
            return
        self.close()
        with self._lock:
            self._continuous = True
            flows = self._watched
        if flows:
            self._send(messages.continuous_updates(*self._size, enable=True))

    def watch(self, watched: bool) -> None:
        """Sends the request that was held back, or stops and goes on."""
        with self._lock:
            changes = watched != self._watched
            self._watched = watched
            owed, self._owed = self._owed and watched, self._owed and not watched
            flows = self._continuous and changes
        if flows:
            self._send(messages.continuous_updates(*self._size, enable=watched))
        elif owed:
            self._ask()

    def close(self) -> None:
        """Any thread.  The end of the connection."""
        pacer, self._pacer = self._pacer, None
        if pacer is not None:
            pacer.close()

    def _ask(self) -> None:
        self._send(messages.update_request(*self._size, incremental=True))

    def _ask_again(self) -> None:
        if self._watched:
            self._ask()


class Pacer:
    """A thread that asks again and again while updates flow and the line is free.

    With one request at a time a server 50 ms away sends 15 updates a second at best: each waits for the way there and back.  A
    server that has a request already takes no notice of another.  While an update is arriving nothing is asked: a line
    that is full must not get fuller, or what is typed would show late.
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._held = False
        self._last_s = 0.0
        self._flows, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="vnc-pacer", daemon=True)
        self._thread.start()

    def hold(self) -> None:
        """An update begins to arrive."""
        self._held = True

    def flow(self) -> None:
        """It has arrived."""
        self._held = False
        self._last_s = time.monotonic()
        if not self._flows.is_set():
            self._flows.set()

    def close(self) -> None:
        """Waits for the thread, which never blocks."""
        self._closed.set()
        self._flows.set()
        self._thread.join()

    def _run(self) -> None:
        while self._flows.wait() and not self._closed.is_set():
            self._flows.clear()
            while time.monotonic() - self._last_s < FLOWS_S and not self._closed.wait(AGAIN_S):
                if not self._held:
                    self._ask()
