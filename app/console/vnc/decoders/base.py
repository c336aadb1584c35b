"""What a decoder is."""

from __future__ import annotations

from typing import Protocol

from app.console.framebuffer import Rect
from app.console.vnc.canvas import Canvas
from app.console.vnc.wire import Wire


class Decoder(Protocol):
    """Lives as long as the connection (zlib streams do); used on the console's thread only."""

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """Reads one rectangle and draws it.  ``rect`` lies within the canvas.  Raises HostelryError."""
