"""What a terminal shows at one moment.  Immutable; any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.console.text.cells import Line
from app.console.text.modes import Modes


@dataclass(frozen=True, slots=True)
class Frame:
    """rows: from top to bottom, a row that has not changed is the same object.  cursor: row and column.

    top: the number of the first row, counted with the lines of the scrollback.
    """

    rows: tuple[Line, ...] = ()
    cols: int = 80
    cursor: tuple[int, int] = (0, 0)
    modes: Modes = field(default_factory=Modes)
    title: str = ""
    top: int = 0
