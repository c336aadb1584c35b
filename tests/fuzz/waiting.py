"""An event loop for console clients without Qt: a queue that the test empties."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable


class Pump:
    """``Pump`` is a ``Wake``; ``until`` runs what was brought until the check holds."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def __call__(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def empty(self) -> bool:
        """Whether all that was brought has run."""
        return self._calls.empty()

    def until(self, check: Callable[[], object], timeout_s: float = 20.0) -> None:
        """Fails after ``timeout_s``, which is far more than it takes."""
        end = time.monotonic() + timeout_s
        while not check():
            assert time.monotonic() < end, "did not happen"
            try:
                self._calls.get(timeout=0.05)()
            except queue.Empty:
                continue
