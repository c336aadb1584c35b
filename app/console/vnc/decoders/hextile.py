"""Hextile: tiles of 16x16 made of coloured rectangles (RFC 6143, 7.7.4).

Slow in Python by its nature (many tiny rectangles); offered last, for servers that have nothing better.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.wire import Wire

RAW, BACKGROUND, FOREGROUND, ANY_SUBRECTS, COLOURED = 1, 2, 4, 8, 16


def tiles(rect: Rect, side: int) -> Iterator[Rect]:
    """Tiles of a rectangle, left to right, top to bottom; those at the edges are smaller."""
    for y in range(rect.y, rect.y + rect.h, side):
        height = min(side, rect.y + rect.h - y)
        for x in range(rect.x, rect.x + rect.w, side):
            yield Rect(x, y, min(side, rect.x + rect.w - x), height)


class HextileDecoder:
    """Colours carry over from tile to tile within one rectangle."""

    def __init__(self) -> None:
        self._background = 0
        self._foreground = 0

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """Tile by tile."""
        self._background = self._foreground = 0
        for tile in tiles(rect, 16):
            self._tile(wire, canvas, tile)

    def _tile(self, wire: Wire, canvas: Canvas, tile: Rect) -> None:
        mask = wire.u8()
        if mask & RAW:
            canvas.put(tile, memoryview(wire.exactly(tile.w * tile.h * 4)))
            return
        if mask & BACKGROUND:
            self._background = _pixel(wire)
        if mask & FOREGROUND:
            self._foreground = _pixel(wire)
        area = canvas.area(tile)
        area[...] = self._background
        if mask & ANY_SUBRECTS:
            coloured = bool(mask & COLOURED)
            data = wire.exactly(wire.u8() * (6 if coloured else 2))
            for x, y, w, h, colour in _subrects(data, coloured=coloured, foreground=self._foreground):
                if x + w > tile.w or y + h > tile.h:
                    raise problems.garbage("hextile: a part lies outside of its tile")
                area[y : y + h, x : x + w] = colour


def _pixel(wire: Wire) -> int:
    return int.from_bytes(wire.exactly(4), "little")


def _subrects(data: bytes | bytearray, *, coloured: bool, foreground: int) -> Iterator[tuple[int, int, int, int, int]]:
    step, colour = (6 if coloured else 2), foreground
    for start in range(0, len(data), step):
        if coloured:
            colour = int.from_bytes(data[start : start + 4], "little")
        place, size = data[start + step - 2], data[start + step - 1]
        yield place >> 4, place & 15, (size >> 4) + 1, (size & 15) + 1, colour
