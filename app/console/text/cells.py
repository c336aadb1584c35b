"""Lines of a terminal: what stands in each column and how it looks.  Immutable; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT = -1
"""The colour that the theme gives to text or background."""

TRUE_COLOUR = 1 << 24
"""Marks 0xRRGGBB; below it, a colour is an index into the palette of 256."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of cells looks.  Colours: DEFAULT, an index of 0 to 255, or TRUE_COLOUR | 0xRRGGBB.

    underline: 1 single, 2 double, 3 curly.
    """

    fg: int = DEFAULT
    bg: int = DEFAULT
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: int = 0
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False

    @property
    def seen_on_blank(self) -> bool:
        """Whether an empty cell shows it: a colour for letters alone does not."""
        return self.bg != DEFAULT or self.reverse or self.strike or self.underline > 0


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Line:
    """One row without the blanks at its end.

    cells: what each column shows: a string with one character a column, or, with wide or combined characters, a tuple
    whose entry is empty for the second half of a wide one.  runs: (first column, column after the last, style) for
    what is not plain.  wrapped: it goes on in the next line.
    """

    cells: Sequence[str] = ""
    runs: tuple[tuple[int, int, Style], ...] = ()
    wrapped: bool = False

    def text(self, first: int = 0, last: int | None = None) -> str:
        """The characters of some columns."""
        return "".join(self.cells[first:last])

    @property
    def weight(self) -> int:
        """About how many plain lines take as much memory."""
        return 1 + len(self.runs) // 2 + (0 if isinstance(self.cells, str) else len(self.cells) // 4)


EMPTY = Line()
