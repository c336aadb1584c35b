"""What draws the rectangles of an update: in C where the library is there (fast.py), else in Python (here)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.decoders.registry import Decoders
from app.console.vnc.native.library import library
from app.console.vnc.protocol import Encoding
from app.console.vnc.wire import Wire

News = Callable[[int, Rect], bool]
"""Handles a rectangle that is no pixels; False: no such encoding is known."""


class Drawing(Protocol):
    """Lives as long as the connection; used on the console's thread only."""

    def screen(self, canvas: Canvas) -> None:
        """Where to draw from now on; damage of the screen before is forgotten."""

    def draw(self, count: int) -> None:
        """Reads and draws an update of ``count`` rectangles.  Raises HostelryError; what is in ``damage`` is then drawn."""

    def damage(self) -> list[Rect]:
        """What the last ``draw`` has changed."""

    def close(self) -> None:
        """Lets go of the screen's memory and of its own; nothing is drawn afterwards."""


class PlainDrawing:
    """Rectangle by rectangle, by the decoders in Python."""

    def __init__(self, wire: Wire, news: News) -> None:
        self._wire = wire
        self._news = news
        self._decoders = Decoders()
        self._damage: list[Rect] = []
        self._canvas: Canvas | None = None

    def screen(self, canvas: Canvas) -> None:
        """See ``Drawing``."""
        self._canvas = canvas
        self._damage.clear()

    def draw(self, count: int) -> None:
        """See ``Drawing``."""
        self._damage = []
        for _index in range(count):
            if not self._rectangle():
                break

    def damage(self) -> list[Rect]:
        """See ``Drawing``."""
        return self._damage

    def close(self) -> None:
        """See ``Drawing``."""
        self._canvas = None
        self._damage = []

    def _rectangle(self) -> bool:
        """False after the last one."""
        head = self._wire.exactly(12)
        rect = Rect(*(int.from_bytes(head[at : at + 2], "big") for at in (0, 2, 4, 6)))
        encoding = int.from_bytes(head[8:12], "big", signed=True)
        if encoding == Encoding.LAST_RECT:
            return False
        if not self._news(encoding, rect):
            self._pixels(encoding, rect)
        return True

    def _pixels(self, encoding: int, rect: Rect) -> None:
        decoder, canvas = self._decoders.get(encoding), self._canvas
        if decoder is None or canvas is None:
            raise unknown(encoding)
        if rect.x + rect.w > canvas.width or rect.y + rect.h > canvas.height:
            raise problems.garbage(f"rectangle {tuple(rect)} outside of {canvas.width}x{canvas.height}")
        if rect.w and rect.h:
            decoder.decode(self._wire, canvas, rect)
            self._damage.append(rect)


def unknown(encoding: int) -> Exception:
    """The server uses what it was not told that we know."""
    return problems.garbage(f"encoding {encoding}, which was not offered")


def make(wire: Wire, news: News) -> Drawing:
    """The fastest that there is here."""
    lib = library()
    if lib is None:
        return PlainDrawing(wire, news)
    from app.console.vnc.fast import FastDrawing  # noqa: PLC0415 - it imports this module

    return FastDrawing(lib, wire, news)
