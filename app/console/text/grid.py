"""The rows that a terminal shows, and what moves in them.  The console's thread only."""

from __future__ import annotations

from collections.abc import Callable

from app.console.text.cells import PLAIN, Line, Style
from app.console.text.row import Row
from app.console.text.width import SIMPLE, width


class Grid:
    """row, col: the cursor; col may be one too far right: the next character then goes into the next row.

    top, end: the rows that scroll.  pushed: gets the lines that leave at the top, while ``keeps``.  dirty: rows that changed.
    """

    def __init__(self, rows: int, cols: int, pushed: Callable[[Line], None]) -> None:
        self.rows, self.cols = rows, cols
        self.lines = [Row(cols) for _number in range(rows)]
        self.row = self.col = 0
        self.top, self.end = 0, rows
        self.pen: Style = PLAIN
        self.autowrap, self.insert, self.origin, self.keeps = True, False, False, True
        self.dirty = set(range(rows))
        self.last = ""
        self._pushed = pushed

    @property
    def blank(self) -> Style:
        """How erased cells look: the background of the pen."""
        return self.pen if self.pen is PLAIN else Style(bg=self.pen.bg)

    # Writing.

    def draw(self, text: str) -> None:
        """Text at the cursor."""
        if not self.insert and SIMPLE.fullmatch(text):
            self._draw_narrow(text)
            self.last = text[-1]
            return
        for character in text:
            columns = width(character)
            if columns == 0:
                self._combine(character)
            else:
                self._draw_one(character, columns)
                self.last = character

    def _draw_narrow(self, text: str) -> None:
        cols = self.cols
        while text:
            if self.col >= cols:
                self._wrap()
            room = cols - self.col
            if len(text) > room and not self.autowrap:
                text = text[: room - 1] + text[-1]
            self.lines[self.row].put(self.col, text[:room], self.pen)
            self.dirty.add(self.row)
            self.col += min(room, len(text))
            text = text[room:]

    def _draw_one(self, character: str, columns: int) -> None:
        if self.col + columns > self.cols:
            self._wrap()
        row = self.lines[self.row]
        if self.insert:
            row.insert(self.col, columns, self.cols, PLAIN)
        if columns > 1 and self.cols > 1:
            row.put_wide(self.col, character, self.pen)
        else:
            row.put(self.col, (character,), self.pen)
        self.dirty.add(self.row)
        self.col += columns

    def _combine(self, character: str) -> None:
        if self.col:
            self.lines[self.row].combine(self.col - 1, character)
            self.dirty.add(self.row)

    def _wrap(self) -> None:
        if not self.autowrap:
            self.col = max(0, min(self.col, self.cols - 1) - (1 if self.cols - self.col == 1 else 0))
            return
        self.lines[self.row].wrapped = True
        self.col = 0
        self.line_feed()

    # Moving.

    def move(self, row: int, col: int) -> None:
        """To a place of the screen, or of the scrolling rows while the origin is theirs."""
        first, end = (self.top, self.end) if self.origin else (0, self.rows)
        self.row = min(max(row + (first if self.origin else 0), first), end - 1)
        self.col = min(max(col, 0), self.cols - 1)

    def move_by(self, rows: int, cols: int) -> None:
        """Up and down stay within the scrolling rows when they begin there."""
        if rows:
            first = self.top if self.row >= self.top else 0
            end = self.end if self.row < self.end else self.rows
            self.row = min(max(self.row + rows, first), end - 1)
        self.col = min(max(min(self.col, self.cols - 1) + cols, 0), self.cols - 1)

    def line_feed(self) -> None:
        """One row down; at the end of the scrolling rows these move up."""
        if self.row == self.end - 1:
            self.scroll_up(1)
        elif self.row < self.rows - 1:
            self.row += 1

    def reverse_line_feed(self) -> None:
        """One row up."""
        if self.row == self.top:
            self.scroll_down(1)
        elif self.row > 0:
            self.row -= 1

    def scroll_up(self, count: int) -> None:
        """The scrolling rows; what leaves at the top of the screen is handed over."""
        self._shift_up(self.top, count, keep=self.keeps and self.top == 0)

    def scroll_down(self, count: int) -> None:
        """The scrolling rows."""
        self._shift_down(self.top, count)

    def insert_lines(self, count: int) -> None:
        """At the cursor, within the scrolling rows."""
        if self.top <= self.row < self.end:
            self._shift_down(self.row, count)
            self.col = 0

    def delete_lines(self, count: int) -> None:
        """At the cursor, within the scrolling rows."""
        if self.top <= self.row < self.end:
            self._shift_up(self.row, count, keep=False)
            self.col = 0

    def _shift_up(self, first: int, count: int, *, keep: bool) -> None:
        for _time in range(min(count, self.end - first)):
            gone = self.lines.pop(first)
            self.lines.insert(self.end - 1, Row(self.cols, self.blank))
            if keep:
                self._pushed(gone.line(self.cols))
        self.dirty.update(range(first, self.end))

    def _shift_down(self, first: int, count: int) -> None:
        for _time in range(min(count, self.end - first)):
            self.lines.pop(self.end - 1)
            self.lines.insert(first, Row(self.cols, self.blank))
        self.dirty.update(range(first, self.end))

    # Erasing.

    def erase(self, row: int, first: int, end: int) -> None:
        """Cells of one row; to the end of the screen means also what a wider screen had beyond."""
        line = self.lines[row]
        line.erase(first, len(line.chars) if end >= self.cols else end, self.blank)
        if end >= self.cols:
            line.wrapped = False
        self.dirty.add(row)

    def erase_rows(self, first: int, end: int) -> None:
        """Whole rows."""
        for row in range(first, end):
            self.lines[row] = Row(self.cols, self.blank)
            self.dirty.add(row)

    def keep_screen(self) -> None:
        """Hands over what is on the screen before it is cleared, as firmware and boot loaders clear what one wants to read."""
        lines = [line.line(self.cols) for line in self.lines] if self.keeps else []
        while lines and not lines[-1].text():
            lines.pop()
        for line in lines:
            self._pushed(line)

    def insert_cells(self, count: int) -> None:
        """At the cursor."""
        self.col = min(self.col, self.cols - 1)
        self.lines[self.row].insert(self.col, count, self.cols, self.blank)
        self.dirty.add(self.row)

    def delete_cells(self, count: int) -> None:
        """At the cursor."""
        self.col = min(self.col, self.cols - 1)
        self.lines[self.row].delete(self.col, count, self.cols, self.blank)
        self.dirty.add(self.row)

    # The whole.

    def set_margins(self, top: int, end: int) -> None:
        """The rows that scroll; nonsense is ignored."""
        if 0 <= top < end - 1 <= self.rows - 1:
            self.top, self.end = top, end
            self.move(0, 0)

    def swap(self, lines: list[Row], keeps: bool) -> list[Row]:
        """Shows other rows; gives those that were shown."""
        shown, self.lines, self.keeps = self.lines, lines, keeps
        self.fit()
        self.dirty = set(range(self.rows))
        return shown

    def resize(self, rows: int, cols: int) -> None:
        """Rows that are too many go off at the top as far as the cursor needs it, else at the bottom."""
        if self.keeps:
            for _time in range(max(0, self.row + 1 - rows)):
                self._pushed(self.lines.pop(0).line(self.cols))
                self.row -= 1
        self.rows, self.cols = rows, cols
        self.top, self.end = 0, rows
        self.fit()
        self.row, self.col = min(self.row, rows - 1), min(self.col, cols - 1)
        self.dirty = set(range(rows))

    def fit(self) -> None:
        """As many rows as the screen has, wide enough."""
        del self.lines[self.rows :]
        for line in self.lines:
            line.widen(self.cols)
        self.lines += [Row(self.cols) for _number in range(self.rows - len(self.lines))]

    def fill(self, character: str) -> None:
        """All cells, for DECALN's test picture."""
        for row in range(self.rows):
            self.lines[row] = Row(self.cols)
            self.lines[row].put(0, character * self.cols, PLAIN)
            self.dirty.add(row)
