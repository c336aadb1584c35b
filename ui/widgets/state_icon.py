"""A machine's state as an icon: the same shapes as in the list."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap

from app.model.records import DomainRecord
from ui.widgets.host_tree_shapes import GREY, HUES, SIZE, picture, shape_of, tint


def state_icon(record: DomainRecord, *, known: bool = True) -> QIcon:
    """Follows light and dark while it is shown; ``known`` is False while the host is away."""
    return _icon(shape_of(record) if known else "unknown")


@cache
def _icon(shape: str) -> QIcon:
    return QIcon(_StateEngine(shape))


class _StateEngine(QIconEngine):
    """Draws a shape in the palette's colours of the moment at which it is asked."""

    def __init__(self, shape: str) -> None:
        super().__init__()
        self._shape = shape

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        """``size`` is in logical pixels; ``scale`` is the screen's ratio."""
        palette = QGuiApplication.palette()
        hue = GREY if mode == QIcon.Mode.Disabled else HUES.get(self._shape, GREY)
        ink, paper = tint(palette, hue), palette.color(QPalette.ColorRole.Base)
        if mode == QIcon.Mode.Selected:
            ink, paper = palette.color(QPalette.ColorRole.HighlightedText), palette.color(QPalette.ColorRole.Highlight)
        side = min(size.width(), size.height())
        drawn = QPixmap(picture(self._shape, ink.rgba(), paper.rgba(), side * scale / SIZE))
        drawn.setDevicePixelRatio(scale)
        return drawn

    def clone(self) -> QIconEngine:
        return _keep(_StateEngine(self._shape))

    def isNull(self) -> bool:
        return False

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)


_clones: list[QIconEngine] = []


def _keep(engine: QIconEngine) -> QIconEngine:
    """Holds the Python half of an engine that C++ owns from now on."""
    _clones.append(engine)
    return engine
