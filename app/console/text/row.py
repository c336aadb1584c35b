"""One row of the screen, while the guest writes to it.  The console's thread only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from app.console.text.cells import EMPTY, PLAIN, Line, Style

MOST_COMBINED = 8
"""Characters in one cell."""


class Row:
    """At least as many cells as the screen has columns; what a wider screen had beyond them is kept for when it comes back.

    odd: has had wide or combined characters.  styled: has had styles.
    """

    __slots__ = ("chars", "odd", "styled", "styles", "wrapped")

    def __init__(self, cols: int, style: Style = PLAIN) -> None:
        self.chars = [" "] * cols
        self.styles = [style] * cols
        self.odd = self.wrapped = False
        self.styled = style is not PLAIN

    def put(self, col: int, text: Sequence[str], style: Style) -> None:
        """Writes narrow characters from ``col`` on."""
        end = col + len(text)
        if self.odd:
            self._split(col)
            self._split(end)
        self.chars[col:end] = text
        self.styles[col:end] = [style] * len(text)
        if style is not PLAIN:
            self.styled = True

    def put_wide(self, col: int, character: str, style: Style) -> None:
        """Writes a character of two columns."""
        self.odd = True
        self.put(col, (character, ""), style)

    def combine(self, col: int, character: str) -> None:
        """Adds to the character in ``col``, or in the column before if that is the second half."""
        at = col - 1 if col and not self.chars[col] else col
        if len(self.chars[at]) < MOST_COMBINED:
            self.odd = True
            self.chars[at] += character

    def erase(self, first: int, end: int, style: Style) -> None:
        """Blanks with the background of ``style``."""
        self.put(first, " " * (end - first), style)

    def insert(self, col: int, count: int, cols: int, style: Style) -> None:
        """Moves what is from ``col`` on to the right."""
        count = min(count, cols - col)
        if self.odd:
            self._split(col)
            self._split(cols - count)
        for cells, blank in ((self.chars, " "), (self.styles, style)):
            cells[col:cols] = [*([blank] * count), *cells[col : cols - count]]  # type: ignore[list-item]
        self.styled = self.styled or style is not PLAIN

    def delete(self, col: int, count: int, cols: int, style: Style) -> None:
        """Takes cells out; what is to their right moves left."""
        count = min(count, cols - col)
        if self.odd:
            self._split(col)
            self._split(col + count)
        for cells, blank in ((self.chars, " "), (self.styles, style)):
            cells[col:cols] = [*cells[col + count : cols], *([blank] * count)]  # type: ignore[list-item]
        self.styled = self.styled or style is not PLAIN

    def widen(self, cols: int) -> None:
        """Room for so many columns."""
        more = cols - len(self.chars)
        if more > 0:
            self.chars += [" "] * more
            self.styles += [PLAIN] * more

    def line(self, cols: int) -> Line:
        """As others see it."""
        if not self.styled and not self.odd:
            text = "".join(self.chars if len(self.chars) == cols else self.chars[:cols]).rstrip(" ")
            return Line(text, (), self.wrapped) if text or self.wrapped else EMPTY
        end = self._end(cols)
        cells = self.chars[:end]
        return Line(tuple(cells) if self.odd else "".join(cells), self._runs(end), self.wrapped)

    def _end(self, cols: int) -> int:
        for col in range(cols - 1, -1, -1):
            if self.chars[col] != " " or self.styles[col].seen_on_blank:
                return col + 1
        return 0

    def _runs(self, end: int) -> tuple[tuple[int, int, Style], ...]:
        runs, at = [], 0
        for style, group in groupby(self.styles[:end]):
            first, at = at, at + len(list(group))
            if style is not PLAIN and style != PLAIN:
                runs.append((first, at, style))
        return tuple(runs)

    def _split(self, col: int) -> None:
        """No half of a wide character is left when the cell at ``col`` begins something new."""
        if 0 < col < len(self.chars) and not self.chars[col]:
            self.chars[col - 1] = self.chars[col] = " "
