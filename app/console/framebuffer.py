"""The pixels of one guest screen, shared by a protocol client (writer) and a widget (reader).

The client's thread writes pixels, then calls ``add_damage``; the widget takes the damage in its own
thread and paints.  Pixels are 32 bits, blue first in memory (Qt's Format_RGB32), rows ``stride`` bytes
apart.  A torn read shows for one frame at most and is repainted, as its damage follows.
"""

from __future__ import annotations

import threading
from typing import NamedTuple


class Rect(NamedTuple):
    """x, y, width, height in guest pixels."""

    x: int
    y: int
    w: int
    h: int

    def united(self, other: Rect) -> Rect:
        """The smallest rectangle that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.x + self.w, other.x + other.w) - x, max(self.y + self.h, other.y + other.h) - y)


class Framebuffer:
    """One screen; a change of size makes a new one (see ``ConsoleClient.resized``)."""

    MAX_DAMAGE_RECTS = 32

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.stride = width * 4
        self.pixels = bytearray(self.stride * height)
        self._damage: list[Rect] = []
        self._lock = threading.Lock()

    def add_damage(self, rects: list[Rect]) -> bool:
        """Any thread.  True if there was no damage waiting, so that the reader must be woken."""
        with self._lock:
            first = not self._damage
            self._damage.extend(rects)
            if len(self._damage) > self.MAX_DAMAGE_RECTS:
                whole = self._damage[0]
                for rect in self._damage[1:]:
                    whole = whole.united(rect)
                self._damage = [whole]
            return first and bool(self._damage)

    def take_damage(self) -> list[Rect]:
        """Any thread.  What changed since the last call."""
        with self._lock:
            damage, self._damage = self._damage, []
            return damage
