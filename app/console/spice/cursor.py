"""The guest's pointer picture, of what the library tells."""

from __future__ import annotations

from app.console.client import Cursor
from app.console.spice.wire import MAX_CURSOR_SIDE, Nonsense


def cursor_of(width: int, height: int, hot_x: int, hot_y: int, rgba: bytes) -> Cursor:
    """One without size hides the pointer; raises Nonsense for what cannot be one."""
    if not width and not height:
        return Cursor()
    if not (0 < width <= MAX_CURSOR_SIDE and 0 < height <= MAX_CURSOR_SIDE and len(rgba) == width * height * 4):
        raise Nonsense("a pointer of no size")
    return Cursor(width, height, min(max(hot_x, 0), width - 1), min(max(hot_y, 0), height - 1), premultiplied(rgba))


def premultiplied(rgba: bytes) -> bytes:
    """Red, green, blue, alpha as blue, green, red, alpha with the colours multiplied by alpha; 2 ms for the largest."""
    import numpy  # noqa: PLC0415 - 100 ms, wanted when a screen is shown

    parts = numpy.frombuffer(rgba, numpy.uint8).reshape(-1, 4).astype(numpy.uint16)
    parts = parts[:, (2, 1, 0, 3)]
    parts[:, :3] = parts[:, :3] * parts[:, 3:] // 255
    return bytes(parts.astype(numpy.uint8).tobytes())
