"""When the next update is asked for: at once while somebody looks, later when nobody does."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.console.vnc import messages


class UpdateRequests:
    """``next`` and ``whole`` come from the console's thread, ``watch`` from the event loop."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._watched = True
        self._owed: tuple[int, int] | None = None

    def whole(self, width: int, height: int) -> None:
        """The full picture, whether watched or not (a screen that has just appeared)."""
        self._send(messages.update_request(width, height, incremental=False))

    def next(self, width: int, height: int) -> None:
        """What changes from now on."""
        with self._lock:
            if not self._watched:
                self._owed = (width, height)
                return
        self._send(messages.update_request(width, height, incremental=True))

    def watch(self, watched: bool) -> None:
        """Sends the request that was held back."""
        with self._lock:
            self._watched = watched
            owed = self._owed if watched else None
            if owed:
                self._owed = None
        if owed:
            self._send(messages.update_request(*owed, incremental=True))
