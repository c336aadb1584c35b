"""How the rows of a form are laid out: measures that all rows of a page share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetrics

GAP = 8
"""Between a label and its editor, and at the edges, in pixels."""

NARROW_PX = 430
"""Below this width labels stand above their editors."""

MOST_LABEL_PX = 210


@dataclass(frozen=True)
class Lay:
    """label: width of the labels.  line: height of one.  icon: side of marks.  character: average width of one.

    beside: labels stand at the left.  small, metrics: the font of what stands below an editor.
    """

    label: int = 120
    line: int = 16
    icon: int = 16
    character: int = 8
    beside: bool = True
    small: QFont | None = None
    metrics: QFontMetrics | None = None

    @property
    def left(self) -> int:
        """Where editors begin."""
        return self.label + GAP if self.beside else GAP
