"""The pixels of one guest screen, shared by a protocol client (writer) and a widget (reader).

The client's thread writes pixels, then calls ``add_damage``; the widget takes the damage in its own
thread and paints.  Pixels are 32 bits, blue first in memory (Qt's Format_RGB32), rows ``stride`` bytes
apart.  A torn read shows for one frame at most and is repainted, as its damage follows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import NamedTuple

MAX_SIDE = 16384
MAX_PIXELS = 8192 * 8192
"""The largest screen that a server may ask us to hold (256 MiB); more is refused as nonsense."""


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

    def continued_by(self, other: Rect) -> bool:
        """Whether the other lies against it or over it so that both together are a rectangle."""
        if self.y == other.y and self.h == other.h:
            return self.x <= other.x <= self.x + self.w
        return self.x == other.x and self.w == other.w and self.y <= other.y <= self.y + self.h


def size_is_sane(width: int, height: int) -> bool:
    """True for a screen that we are ready to allocate."""
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS


class Framebuffer:
    """One screen; a change of size makes a new one (see ``ConsoleClient.resized``).

    pixels: memory from the first pixel to the last; ours by default, which its client writes, or memory that another
    process writes (SPICE), which stays for as long as somebody has it.  Any thread may read it.
    """

    MAX_DAMAGE_RECTS = 32

    def __init__(self, width: int, height: int, *, pixels: bytearray | memoryview | None = None, stride: int = 0) -> None:
        self.width = width
        self.height = height
        self.stride = stride or width * 4
        self.pixels: bytearray | memoryview = bytearray(self.stride * height) if pixels is None else pixels
        if len(self.pixels) < self.stride * height or self.stride < width * 4:
            raise ValueError("the pixels do not hold a screen of that size")
        self._damage: list[Rect] = []
        self._lock = threading.Lock()

    def add_damage(self, rects: Iterable[Rect]) -> bool:
        """Any thread.  True if there was no damage waiting, so that the reader must be woken."""
        with self._lock:
            first = not self._damage
            for rect in rects:
                self._append(rect)
            if len(self._damage) > self.MAX_DAMAGE_RECTS:
                whole = self._damage[0]
                for rect in self._damage[1:]:
                    whole = whole.united(rect)
                self._damage = [whole]
            return first and bool(self._damage)

    def _append(self, rect: Rect) -> None:
        """Servers that send strips side by side (SPICE's are 32 pixels wide) would make many rectangles of one."""
        last = self._damage[-1] if self._damage else None
        if last is not None and last.continued_by(rect):
            self._damage[-1] = last.united(rect)
        else:
            self._damage.append(rect)

    def take_damage(self) -> list[Rect]:
        """Any thread.  What changed since the last call."""
        with self._lock:
            damage, self._damage = self._damage, []
            return damage
