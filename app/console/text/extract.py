"""Text out of lines: what is selected, what is searched for, addresses.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.console.text.cells import Line

LineOf = Callable[[int], Line]
Place = tuple[int, int]
"""Line number and column."""

URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
_TAIL = ".,;:!?)]}'\""
_WORD = re.compile(r"[\w.~/@:+%-]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Selection:
    """From ``first`` up to, without, ``last``.  block: a rectangle."""

    first: Place
    last: Place
    block: bool = False

    def columns(self, number: int) -> tuple[int, int | None] | None:
        """The selected columns of a line; None as the end: to the end of the line."""
        if not self.first[0] <= number <= self.last[0]:
            return None
        if self.block:
            left, right = sorted((self.first[1], self.last[1]))
            return left, right
        return (self.first[1] if number == self.first[0] else 0), (self.last[1] if number == self.last[0] else None)


def selected_text(selection: Selection, line_of: LineOf) -> str:
    """Lines that were wrapped are one; blanks at the ends of lines are left out."""
    parts: list[str] = []
    for number in range(selection.first[0], selection.last[0] + 1):
        columns = selection.columns(number)
        if columns is None:
            continue
        line = line_of(number)
        text = line.text(*columns)
        wraps = line.wrapped and not selection.block and columns[1] is None
        parts.append(text if wraps else text.rstrip(" ") + ("\n" if number < selection.last[0] else ""))
    return "".join(parts)


def word_at(line: Line, col: int) -> tuple[int, int]:
    """The columns of the word, file name or address there."""
    cells = line.cells

    def belongs(at: int) -> bool:
        return 0 <= at < len(cells) and (not cells[at] or _WORD.match(cells[at]) is not None)

    if not belongs(col):
        return col, min(col + 1, max(len(cells), col + 1))
    first = last = col
    while belongs(first - 1):
        first -= 1
    while belongs(last):
        last += 1
    return first, last


def columns_of(line: Line, first: int, last: int) -> tuple[int, int]:
    """From places in ``line.text()`` to columns."""
    if isinstance(line.cells, str):
        return first, last
    starts, at = [], 0
    for cell in line.cells:
        starts.append(at)
        at += len(cell)
    begin = max((col for col, start in enumerate(starts) if start <= first and line.cells[col]), default=0)
    end = next((col for col, start in enumerate(starts) if start >= last and line.cells[col]), len(starts))
    return begin, end


def matches(line: Line, wanted: str) -> Iterator[tuple[int, int]]:
    """Columns where the text is found; capitals count only if there are some in ``wanted``."""
    text = line.text()
    if wanted == wanted.lower():
        lowered = text.lower()
        text = lowered if len(lowered) == len(text) else text
    at = text.find(wanted)
    while at >= 0 and wanted:
        yield columns_of(line, at, at + len(wanted))
        at = text.find(wanted, at + len(wanted))


def url_at(line: Line, col: int) -> tuple[str, int, int] | None:
    """The address there, with its columns."""
    for found in URL.finditer(line.text()):
        address = found.group().rstrip(_TAIL)
        first, last = columns_of(line, found.start(), found.start() + len(address))
        if first <= col < last:
            return address, first, last
    return None
