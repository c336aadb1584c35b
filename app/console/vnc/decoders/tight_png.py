"""TightPNG: Tight with PNG instead of zlib streams, for servers that have nothing better (rfbproto.rst, "Tight PNG Encoding")."""

from __future__ import annotations

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.decoders import png
from app.console.vnc.decoders.jpeg import MAX_JPEG, JpegDecoder
from app.console.vnc.decoders.tight import FILL, JPEG, compact_length
from app.console.vnc.wire import Wire

PNG = 10


class TightPngDecoder:
    """No state but the JPEG decompressor."""

    def __init__(self) -> None:
        self._jpeg: JpegDecoder | None = None

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """One rectangle."""
        kind = wire.u8() >> 4
        if kind == FILL:
            red, green, blue = wire.exactly(3)
            canvas.put(rect, memoryview(bytes((blue, green, red, 0xFF)) * (rect.w * rect.h)))
        elif kind == JPEG:
            self._jpeg = self._jpeg or JpegDecoder()
            self._jpeg.draw(wire.exactly(compact_length(wire), MAX_JPEG), canvas, rect)
        elif kind == PNG:
            png.draw(bytes(wire.exactly(compact_length(wire), png.MAX_PNG)), canvas, rect)
        else:
            raise problems.garbage(f"tight png: kind {kind}")
