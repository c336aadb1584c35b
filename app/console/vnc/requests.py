"""When the next update is asked for: at once while somebody looks, later when nobody does, never if it comes by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.console.vnc import messages
from app.console.vnc.beat import Beat

AGAIN_S = 0.03
"""QEMU looks at its screen that often (VNC_REFRESH_INTERVAL_BASE): more requests would bring no more updates."""

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
        self._ahead: Beat | None = None
        self._arriving = False

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
        self._arriving = True
        with self._lock:
            if not self._watched:
                self._owed = True
                return
            if self._continuous:
                return
        self._ask()

    def drawn(self) -> None:
        """The update has arrived and is drawn."""
        self._arriving = False
        if self._ahead is not None:
            self._ahead.go()

    def pace(self) -> None:
        """The server is far away: while updates flow and the line is free it gets requests ahead.

        With one request at a time a server 50 ms away sends 7 to 17 updates a second: each waits for the way there and back.  A
        server that has a request already takes no notice of another.  While an update is arriving nothing is asked, or a
        line that is full would get fuller still; on a thin one what is typed shows later all the same (docs/console.md, "Speed").
        """
        self._ahead = self._ahead or Beat(self._ask_ahead, first_s=AGAIN_S, every_s=AGAIN_S, lasts_s=FLOWS_S)

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
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.close()

    def _ask(self) -> None:
        self._send(messages.update_request(*self._size, incremental=True))

    def _ask_ahead(self) -> None:
        if self._watched and not self._arriving:
            self._ask()
