"""Raw: the pixels as they are, received straight into the screen's memory (RFC 6143, 7.7.1)."""

from __future__ import annotations

from app.console.framebuffer import Rect
from app.console.vnc.canvas import Canvas
from app.console.vnc.wire import Wire

BAND = 512 * 1024
"""Narrow rectangles are received in bands of about this many bytes and copied row by row."""


class RawDecoder:
    """No state but a reused band of memory."""

    def __init__(self) -> None:
        self._band = memoryview(b"")

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """Full-width rectangles need no copy at all."""
        whole = canvas.contiguous(rect)
        if whole is not None:
            wire.into(whole)
            return
        rows = max(1, BAND // (rect.w * 4))
        for top in range(0, rect.h, rows):
            part = Rect(rect.x, rect.y + top, rect.w, min(rows, rect.h - top))
            data = self._memory(part.w * part.h * 4)
            wire.into(data)
            canvas.put(part, data)

    def _memory(self, size: int) -> memoryview:
        if len(self._band) < size:
            self._band = memoryview(bytearray(size))
        return self._band[:size]
