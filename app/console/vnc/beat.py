"""A thread that calls something again and again for a while after it was set going, and rests otherwise."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Beat:
    """``call`` runs on the thread ``first_s`` after ``go``, then every ``every_s`` until ``lasts_s`` after the last ``go``.

    It must not block.  The thread begins with the first ``go``; at rest it costs nothing.
    """

    def __init__(self, call: Callable[[], None], *, first_s: float, every_s: float, lasts_s: float) -> None:
        self._call = call
        self._first_s, self._every_s, self._lasts_s = first_s, every_s, lasts_s
        self._last_s = 0.0
        self._going, self._closed = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def go(self) -> None:
        """Any thread, as often as one likes."""
        self._last_s = time.monotonic()
        if self._going.is_set():
            return
        self._going.set()
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="vnc-beat", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Any thread but its own.  Waits for the call that may be running."""
        with self._lock:
            self._closed.set()
            thread = self._thread
        self._going.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._going.wait() and not self._closed.is_set():
            wait_s = self._first_s
            while not self._closed.wait(wait_s) and time.monotonic() - self._last_s < self._lasts_s:
                self._call()
                wait_s = self._every_s
            self._going.clear()
            if time.monotonic() - self._last_s < self._lasts_s:
                self._going.set()
