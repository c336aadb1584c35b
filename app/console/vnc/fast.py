"""Updates drawn by the library in C: one call for everything that has been received.

Python is left with what is no pixels, with large raw rectangles (received straight into the screen) and with large JPEGs.
"""

from __future__ import annotations

import ctypes

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.decoders import jpeg
from app.console.vnc.decoders.raw import RawDecoder
from app.console.vnc.decoders.registry import Decoders
from app.console.vnc.drawing import News, unknown
from app.console.vnc.native.library import Box
from app.console.vnc.protocol import Encoding
from app.console.vnc.wire import Wire

MORE, DONE, FOREIGN, RAW, JPEG = range(5)
NO_MEMORY = -12
PROBLEMS = {
    -1: "a rectangle outside of the screen",
    -2: "a copy from outside of the screen",
    -3: "more bytes announced than its pixels can need",
    -4: "zlib: broken data",
    -5: "zlib: more than its pixels need",
    -6: "zlib: less than its pixels need",
    -7: "tight: unknown kind or filter",
    -8: "zrle: broken tile",
    -10: "hextile: a part lies outside of its tile",
    -11: "JPEG: broken, or of another size than its rectangle",
    NO_MEMORY: "zlib: no memory",
}
"""Of ``enum status`` in decoders.h."""


class FastDrawing:
    """A ``Drawing``; owns an Engine of the library and keeps the memory alive into which that draws."""

    def __init__(self, lib: ctypes.CDLL, wire: Wire, news: News) -> None:
        self._lib = lib
        self._wire = wire
        self._news = news
        self._raw = RawDecoder()
        self._decoders = Decoders()
        self._jpeg = jpeg.JpegDecoder() if jpeg.library() is not None else None
        self._engine: int | None = lib.hl_new()
        if not self._engine:
            raise MemoryError
        self._report = lib.hl_report(self._engine).contents
        self._boxes: ctypes.Array[Box] = lib.hl_damage(self._engine).contents
        if self._jpeg is not None:
            lib.hl_jpeg(self._engine, *self._jpeg.addresses())
        self._canvas: Canvas | None = None
        self._memory: object = None

    def __del__(self) -> None:
        if getattr(self, "_engine", None):
            self.close()

    def close(self) -> None:
        """See ``Drawing``."""
        engine, self._engine = self._engine, None
        self._canvas = self._memory = None
        if engine:
            self._lib.hl_free(engine)

    def screen(self, canvas: Canvas) -> None:
        """See ``Drawing``."""
        framebuffer = canvas.framebuffer
        memory = (ctypes.c_char * len(framebuffer.pixels)).from_buffer(framebuffer.pixels)
        if not self._lib.hl_screen(
            self._engine, ctypes.addressof(memory), framebuffer.width, framebuffer.height, framebuffer.stride
        ):
            raise problems.garbage(f"a screen of {framebuffer.width}x{framebuffer.height}")
        self._canvas, self._memory = canvas, memory

    def draw(self, count: int) -> None:
        """See ``Drawing``."""
        wire, run, report = self._wire, self._lib.hl_run, self._report
        self._lib.hl_begin(self._engine, count)
        while True:
            status = run(self._engine, wire.address, wire.waiting)
            wire.take(report.consumed)
            if status == MORE:
                wire.more()
            elif status == DONE or not self._by_hand(status):
                return

    def damage(self) -> list[Rect]:
        """See ``Drawing``.  Neighbours are joined."""
        if not self._engine:
            return []
        return [Rect(box.x, box.y, box.w, box.h) for box in self._boxes[: self._lib.hl_damaged(self._engine)]]

    def _by_hand(self, status: int) -> bool:
        """A rectangle that the library left to us.  False: it was the sign that there are no more."""
        box, encoding = self._report.rect, self._report.encoding
        rect = Rect(box.x, box.y, box.w, box.h)
        if status < 0:
            raise problems.garbage(f"{PROBLEMS.get(status, status)} (encoding {encoding}, {tuple(rect)})")
        if status == FOREIGN:
            return self._foreign(encoding, rect)
        assert self._canvas is not None  # noqa: S101 - the library has a screen, or it drew nothing
        if status == RAW:
            self._raw.decode(self._wire, self._canvas, rect)
        else:
            self._large_jpeg(rect, self._canvas)
        self._lib.hl_drawn(self._engine)
        return True

    def _foreign(self, encoding: int, rect: Rect) -> bool:
        if encoding == Encoding.LAST_RECT:
            return False
        if not self._news(encoding, rect):
            self._by_python(encoding, rect)
        return True

    def _by_python(self, encoding: int, rect: Rect) -> None:
        """An encoding that the library does not know (TightPNG)."""
        decoder, canvas = self._decoders.get(encoding), self._canvas
        if decoder is None or canvas is None:
            raise unknown(encoding)
        if rect.x + rect.w > canvas.width or rect.y + rect.h > canvas.height:
            raise problems.garbage(f"rectangle {tuple(rect)} outside of {canvas.width}x{canvas.height}")
        if rect.w and rect.h:
            decoder.decode(self._wire, canvas, rect)
            self._lib.hl_drawn(self._engine)

    def _large_jpeg(self, rect: Rect, canvas: Canvas) -> None:
        if self._jpeg is None:
            raise problems.garbage("JPEG, which was not offered")
        self._jpeg.draw(self._wire.exactly(self._report.length, jpeg.MAX_JPEG), canvas, rect)
