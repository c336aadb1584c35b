"""Zlib: raw pixels in one zlib stream (rfbproto.rst, "Zlib Encoding")."""

from __future__ import annotations

from app.console.framebuffer import Rect
from app.console.vnc.canvas import Canvas
from app.console.vnc.inflate import Inflater
from app.console.vnc.wire import Wire


class ZlibDecoder:
    """One stream for the connection."""

    def __init__(self) -> None:
        self._stream = Inflater()

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """Compressed data longer than the pixels themselves (and a little) is refused."""
        size = rect.w * rect.h * 4
        data = wire.exactly(wire.u32(), size + size // 64 + 1024)
        canvas.put(rect, memoryview(self._stream.take(data, size)))
