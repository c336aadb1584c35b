"""Selecting text by mouse: by character, word (double click), line (triple click) and rectangle (Alt)."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication

from app.console.text.extract import LineOf, Place, Selection, word_at


class Selecting:
    """selection: None while there is none.  active: while the button is held."""

    def __init__(self, line_of: LineOf) -> None:
        self._line_of = line_of
        self.selection: Selection | None = None
        self.active = False
        self._anchor: tuple[Place, Place] = ((0, 0), (0, 0))
        self._unit = "character"
        self._doubled_s = 0.0

    def press(self, place: Place, *, block: bool = False, extend: bool = False) -> None:
        """Begins anew, or extends what there is; soon after a double click it takes the whole line."""
        self.active = True
        if extend and self.selection is not None:
            self._anchor, self._unit = (self.selection.first, self.selection.first), "character"
            self.move(place)
            return
        tripled = time.monotonic() - self._doubled_s < QApplication.doubleClickInterval() / 1000
        self._unit = "line" if tripled else "block" if block else "character"
        self._doubled_s = 0.0
        self._anchor = self._around(place)
        self.selection = None
        if tripled:
            self.move(place)

    def double(self, place: Place) -> None:
        """A word."""
        self.active, self._unit = True, "word"
        self._doubled_s = time.monotonic()
        self._anchor = self._around(place)
        self.move(place)

    def move(self, place: Place) -> None:
        """The other end."""
        first, last = self._around(place)
        if self._unit == "block":
            rows = sorted((self._anchor[0][0], place[0]))
            self.selection = Selection((rows[0], self._anchor[0][1]), (rows[1], place[1]), block=True)
            return
        begin, end = min(self._anchor[0], first), max(self._anchor[1], last)
        self.selection = Selection(begin, end) if begin != end else None

    def release(self) -> None:
        """The button is up."""
        self.active = False

    def _around(self, place: Place) -> tuple[Place, Place]:
        number, col = place
        if self._unit == "word":
            first, last = word_at(self._line_of(number), col)
            return (number, first), (number, last)
        if self._unit == "line":
            first_line = number
            while self._line_of(first_line - 1).wrapped:
                first_line -= 1
            while self._line_of(number).wrapped:
                number += 1
            return (first_line, 0), (number + 1, 0)
        return place, place
