"""News on their way from the library's process to the event loop: in their order, some at a time, no more than it takes."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from app.console.client import Wake

MOST = 1000
"""So many may wait; then their thread waits for the loop, and with it the process."""

TURN_S = 0.004
"""The longest that the loop spends on them at once; other events have their turn then."""


class Inbox:
    """``put`` is for the thread that reads; what is put there runs on the loop."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._calls: deque[Callable[[], None]] = deque()
        self._change = threading.Condition()
        self._woken = self._closed = False

    def put(self, call: Callable[[], None]) -> bool:
        """Any thread but the loop's: it waits while too much is there.  False: nobody takes it any more."""
        with self._change:
            self._change.wait_for(lambda: self._closed or len(self._calls) < MOST)
            if self._closed:
                return False
            self._calls.append(call)
            first, self._woken = not self._woken, True
        try:
            if first:
                self._wake(self._deliver)
        except RuntimeError:  # the loop has ended
            self.close()
            return False
        return True

    def close(self) -> None:
        """Nothing is delivered after this; nobody waits any more."""
        with self._change:
            self._closed = True
            self._calls.clear()
            self._change.notify_all()

    def _deliver(self) -> None:
        end = time.monotonic() + TURN_S
        try:
            while time.monotonic() < end and (call := self._next()) is not None:
                call()
        finally:
            with self._change:
                self._woken = bool(self._calls)
            if self._woken:
                self._wake(self._deliver)

    def _next(self) -> Callable[[], None] | None:
        with self._change:
            if not self._calls:
                return None
            self._change.notify_all()
            return self._calls.popleft()
