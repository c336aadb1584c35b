"""Colours of a terminal: xterm's 256, of which the first 16 suit the window's light or dark background."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.console.text.cells import DEFAULT, TRUE_COLOUR, Style

_ON_DARK = (
    "#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#7f8794", "#ff8b92", "#b5e890", "#ffd68a", "#8ac6ff", "#e09cf5", "#7fd9e4", "#ffffff",
)  # fmt: skip
_ON_LIGHT = (
    "#1f2329", "#b3261e", "#2f7d20", "#8a5a00", "#1a56b0", "#8b2fa0", "#0b7285", "#9aa0a8",
    "#5a626e", "#d33c33", "#3f9a2e", "#a87100", "#2f74d6", "#a94bc0", "#128ca3", "#767d87",
)  # fmt: skip
_STEPS = (0, 95, 135, 175, 215, 255)
FAINT = 0.6
"""Of the way from the background to the text.  The greys of both lists can be read on their background."""


class Colours:
    """Of one palette.  Made anew when the window's palette changes."""

    def __init__(self, palette: QPalette) -> None:
        self.text = palette.color(QPalette.ColorRole.Text)
        self.background = palette.color(QPalette.ColorRole.Base)
        self.selected = palette.color(QPalette.ColorRole.Highlight)
        self.selected_text = palette.color(QPalette.ColorRole.HighlightedText)
        self.link = palette.color(QPalette.ColorRole.Link)
        dark = self.background.lightness() < 128
        self._first = [QColor(name) for name in (_ON_DARK if dark else _ON_LIGHT)]
        self.found = QColor("#7a5c00" if dark else "#ffe08a")
        self._known: dict[int, QColor] = {}

    def of(self, style: Style, *, reverse: bool = False) -> tuple[QColor, QColor]:
        """Of the letters and behind them."""
        front = style.fg
        if style.bold and 0 <= front < 8:
            front += 8  # as terminals have done since the first ones had bright colours for bold only
        text = self.text if front == DEFAULT else self._colour(front)
        behind = self.background if style.bg == DEFAULT else self._colour(style.bg)
        if style.reverse is not reverse:
            text, behind = behind, text
        if style.faint:
            text = _between(behind, text, FAINT)
        return (behind if style.conceal else text), behind

    def _colour(self, number: int) -> QColor:
        found = self._known.get(number)
        if found is None:
            if len(self._known) > 4096:
                self._known.clear()
            found = self._known[number] = self._new(number)
        return found

    def _new(self, number: int) -> QColor:
        if number & TRUE_COLOUR:
            return QColor(number >> 16 & 255, number >> 8 & 255, number & 255)
        if number < 16:
            return self._first[number]
        if number < 232:
            number -= 16
            return QColor(_STEPS[number // 36], _STEPS[number // 6 % 6], _STEPS[number % 6])
        grey = 8 + 10 * (number - 232)
        return QColor(grey, grey, grey)


def _between(first: QColor, second: QColor, share: float) -> QColor:
    def mixed(one: int, other: int) -> int:
        return round(one + (other - one) * share)

    return QColor(
        mixed(first.red(), second.red()), mixed(first.green(), second.green()), mixed(first.blue(), second.blue())
    )  # fmt: skip
