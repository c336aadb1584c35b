"""Reads a text console's picture exactly: each cell is compared with the pictures of a font, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy

from app.console.framebuffer import Rect
from app.console.reading.font import Font

Pixels = numpy.ndarray[Any, numpy.dtype[numpy.uint32]]
"""Rows of pixels, 0x00RRGGBB."""

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
ENOUGH = 0.9
"""The part of a selection's characters that a font must know, or it is another font, or no text console."""

FEWEST = 3
"""So many known characters are no accident."""


@dataclass(frozen=True, slots=True)
class Reading:
    """text: lines without blanks at their ends.  known, unknown: characters that were seen, blanks not counted."""

    text: str
    known: int
    unknown: int

    @property
    def sure(self) -> bool:
        """True if this was the screen's font."""
        return self.known >= FEWEST and self.known >= ENOUGH * (self.known + self.unknown)


@dataclass(frozen=True)
class Cells:
    """The marked part of a screen, cut into cells of one size: the different shapes, which of them each cell has (row by row),
    and whether a cell has no more than two colours."""

    columns: int
    shapes: list[bytes]
    which: list[int]
    plain: list[bool]


def read(pixels: Pixels, area: Rect, fonts: Iterable[Font]) -> Reading | None:
    """What stands in ``area`` (guest pixels) by the font that knows most of it; None if none does.

    Consoles begin in the screen's corner.  Fonts are asked for one by one, until one knows everything.
    """
    best: Reading | None = None
    cut: dict[tuple[int, int], Cells] = {}
    for font in fonts:
        size = (font.width, font.height)
        if size not in cut:
            cut[size] = cells(pixels, area, font)
        reading = _reading(cut[size], font)
        if reading.sure and (best is None or reading.unknown < best.unknown):
            best = reading
        if best is not None and not best.unknown:
            break
    return best


def read_with(pixels: Pixels, area: Rect, font: Font) -> Reading:
    """Cells whose middle lies in ``area``, by one font."""
    return _reading(cells(pixels, area, font), font)


def cells(pixels: Pixels, area: Rect, font: Font) -> Cells:
    """Those whose middle lies in ``area``; none if the screen is smaller than one."""
    rows = _span(area.y, area.h, font.height, pixels.shape[0])
    columns = _span(area.x, area.w, font.width, pixels.shape[1])
    if not rows or not columns:
        return Cells(0, [], [], [])
    part = pixels[rows.start * font.height : rows.stop * font.height, columns.start * font.width : columns.stop * font.width]
    return _cut(part, font, len(rows), len(columns))


def _span(start: int, length: int, cell: int, side: int) -> range:
    """The cells whose middle is between ``start`` and ``start + length``."""
    middle = cell // 2
    first = max(0, -(-(start - middle) // cell))
    last = min((start + length - middle - 1) // cell, side // cell - 1)
    return range(first, last + 1)


def _cut(part: Pixels, font: Font, rows: int, columns: int) -> Cells:
    pieces = part.reshape(rows, font.height, columns, font.width).transpose(0, 2, 1, 3)[..., : font.seen_width]
    pieces = pieces.reshape(rows * columns, font.height * font.seen_width)
    paper = _paper(pieces)
    ink = pieces != paper
    other = numpy.take_along_axis(pieces, ink.argmax(axis=1)[:, None], axis=1)
    plain = ((pieces == other) | ~ink).all(axis=1)
    bits = numpy.packbits(ink.reshape(-1, font.height, font.seen_width), axis=2).reshape(len(pieces), -1)
    shapes, which = numpy.unique(bits, axis=0, return_inverse=True)
    return Cells(columns, [shape.tobytes() for shape in shapes], which.ravel().tolist(), plain.tolist())


def _paper(pieces: Pixels) -> Pixels:
    """Each cell's background: the screen's own where the cell has it, else the colour of its corner."""
    colours, counts = numpy.unique(pieces[:, 0], return_counts=True)
    usual = colours[counts.argmax()]
    return numpy.where((pieces == usual).any(axis=1), usual, pieces[:, 0])[:, None]


def _name(shape: bytes, font: Font) -> str:
    """Of a cell whose ink may have been taken for its paper, or in which the cursor stands."""
    if not any(shape):
        return " "
    tries = (shape, _inverted(shape, font), _without_cursor(shape, font))
    return next((font.pictures[each] for each in tries if each in font.pictures), UNKNOWN)


def _inverted(shape: bytes, font: Font) -> bytes:
    row = (font.seen_width + 7) // 8
    mask = ((1 << font.seen_width) - 1) << (row * 8 - font.seen_width)
    rows = (int.from_bytes(shape[at : at + row]) ^ mask for at in range(0, len(shape), row))
    return b"".join(value.to_bytes(row) for value in rows)


def _without_cursor(shape: bytes, font: Font) -> bytes:
    """Without full lines in the lowest quarter: the cursor, or the line under a marked character."""
    row = (font.seen_width + 7) // 8
    full = (((1 << font.seen_width) - 1) << (row * 8 - font.seen_width)).to_bytes(row)
    lines = [shape[at : at + row] for at in range(0, len(shape), row)]
    low = font.height * 3 // 4
    return b"".join(bytes(row) if number >= low and line == full else line for number, line in enumerate(lines))


def _reading(cut: Cells, font: Font) -> Reading:
    """The same cells by one font."""
    names = [_name(shape, font) for shape in cut.shapes]
    found = [names[shape] if plain else UNKNOWN for shape, plain in zip(cut.which, cut.plain, strict=True)]
    lines = ["".join(found[at : at + cut.columns]).rstrip() for at in range(0, len(found), cut.columns or 1)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    unknown = found.count(UNKNOWN)
    return Reading("\n".join(lines), len(found) - unknown - found.count(" "), unknown)
