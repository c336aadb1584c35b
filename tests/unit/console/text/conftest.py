"""A terminal to write to, without a thread."""

from __future__ import annotations

from app.console.text.cells import Line
from app.console.text.emulator import Emulator


class Screen:
    """An emulator with its answers and the lines that have left it."""

    def __init__(self, rows: int, cols: int) -> None:
        self.answers: list[bytes] = []
        self.pushed: list[Line] = []
        self.emulator = Emulator(rows, cols, self.answers.append, self.pushed.append)

    def feed(self, data: str | bytes) -> Screen:
        self.emulator.feed(data.encode() if isinstance(data, str) else data)
        return self

    def line(self, row: int) -> Line:
        return self.emulator.line(row)

    @property
    def text(self) -> list[str]:
        """All rows; the empty ones at the end are left out."""
        rows = [self.line(row).text() for row in range(self.emulator.rows)]
        while rows and not rows[-1]:
            rows.pop()
        return rows
