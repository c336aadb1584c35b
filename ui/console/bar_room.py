"""Which buttons of the console's bar have their words: as many as fit, and none of them cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
SIGN = Qt.ToolButtonStyle.ToolButtonIconOnly


class Ruler:
    """Says how wide a button would be, without touching it: a change would have the bar laid out again."""

    def __init__(self) -> None:
        self._probe = QToolButton()

    def width(self, button: QToolButton, style: Qt.ToolButtonStyle, text: str | None = None) -> int:
        """Pixels; ``text``: in place of the button's own."""
        probe = self._probe
        probe.setFont(button.font())
        probe.setIconSize(button.iconSize())
        probe.setIcon(button.icon())
        probe.setText(button.text() if text is None else text)
        probe.setPopupMode(button.popupMode())
        probe.setMenu(button.menu())
        probe.setToolButtonStyle(style)
        width = probe.sizeHint().width()
        probe.setMenu(None)  # type: ignore[arg-type]
        return width


def given_up(steps: Sequence[tuple[int, int]], needed: int, room: int) -> int:
    """How many of the steps (pixels before and after, in their order) are taken until ``needed`` fits into ``room``."""
    for taken, (before, after) in enumerate(steps):
        if needed <= room:
            return taken
        needed -= max(0, before - after)
    return len(steps)
