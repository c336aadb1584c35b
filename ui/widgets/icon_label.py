"""A label with an icon that follows light and dark; a pixmap would keep the colours in which it was drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QWidget

REDRAW = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.ThemeChange)


class IconLabel(QLabel):
    """Empty until ``show_icon``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._side = QIcon(), 0

    def show_icon(self, icon: QIcon, side: int) -> None:
        """``side``: in logical pixels."""
        self._icon, self._side = icon, side
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Draws it anew in the colours of now."""
        super().changeEvent(event)
        if event.type() in REDRAW and self._side:
            self._draw()

    def _draw(self) -> None:
        self.setPixmap(self._icon.pixmap(QSize(self._side, self._side), self.devicePixelRatioF()))
