"""The lines that have left the screen: as many as are kept, numbered from the first one ever."""

from __future__ import annotations

import threading
from collections import deque

from app.console.text.cells import EMPTY, Line

KEPT = 10_000
HEAVIEST = 4
"""Lines full of colours take more memory; all together take at most that of so many times KEPT plain ones."""


class Scrollback:
    """Pushed by the console's thread, read by any."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._lines: deque[Line] = deque()
        self._weight = 0
        self._end = 0

    @property
    def first(self) -> int:
        """The number of the oldest line that is kept."""
        with self._lock:
            return self._end - len(self._lines)

    @property
    def end(self) -> int:
        """The number after the newest one."""
        return self._end

    def push(self, lines: list[Line]) -> None:
        """Lines that have left the screen, oldest first."""
        with self._lock:
            self._lines.extend(lines)
            self._end += len(lines)
            self._weight += sum(line.weight for line in lines)
            while len(self._lines) > self._kept or self._weight > self._kept * HEAVIEST:
                self._weight -= self._lines.popleft().weight

    def line(self, number: int) -> Line:
        """An empty one if it is not kept (any more)."""
        with self._lock:
            at = number - self._end + len(self._lines)
            return self._lines[at] if 0 <= at < len(self._lines) else EMPTY

    def clear(self) -> None:
        """Forgets all; the numbers go on."""
        with self._lock:
            self._lines.clear()
            self._weight = 0
