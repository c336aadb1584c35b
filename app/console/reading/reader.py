"""Text from a part of a guest's screen: exactly where it is a text console, else as well as it can be read.

The text buffer itself, at 0xB8000 of the guest's memory, is not asked for: libvirt gives it through QEMU's monitor only, which
marks the running machine as tainted, and fewer guests use text mode than a picture of it can show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy

from app.console.framebuffer import Rect
from app.console.reading import grid, ocr
from app.console.reading.font import Font
from app.console.reading.psf import installed_fonts
from app.console.reading.vga import vga_fonts


@dataclass(frozen=True, slots=True)
class ScreenText:
    """exact: read character by character from a known font; ``unknown`` of them stand as U+FFFD."""

    text: str
    exact: bool
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A copy of a screen, 0xXXRRGGBB as ``Framebuffer`` has it, rows ``stride`` bytes apart."""

    pixels: bytes
    width: int
    height: int
    stride: int


def read(picture: Picture, area: Rect) -> ScreenText:
    """Worker thread: takes milliseconds for text consoles, else seconds.  Raises HostelryError."""
    whole: grid.Pixels = numpy.frombuffer(picture.pixels, numpy.uint32).reshape(-1, picture.stride // 4)
    rows = whole[: picture.height, : picture.width] & numpy.uint32(0xFFFFFF)
    found = grid.read(rows, area, _fonts())
    if found is not None:
        return ScreenText(found.text, True, found.unknown)
    part = rows[max(area.y, 0) : area.y + area.h, max(area.x, 0) : area.x + area.w]
    return ScreenText(ocr.read(part) if part.size else "", False)


def _fonts() -> Iterator[Font]:
    """The usual ones first; those of files are read only when they are needed."""
    return chain(vga_fonts(), installed_fonts())
