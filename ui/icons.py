"""Icons by their freedesktop names: the desktop's theme first, else our own SVG in the palette's colours."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap

from app import APP_ID

APP_ICON = APP_ID


@cache
def icon(name: str) -> QIcon:
    """The theme's icon, or ``resources/icons/<name>.svg``; an empty icon for an unknown name."""
    if not name:
        return QIcon()
    if QIcon.hasThemeIcon(name):
        return QIcon.fromTheme(name)
    return own_icon(name)


@cache
def own_icon(name: str) -> QIcon:
    """Our own SVG, whatever the theme has; follows light and dark while shown."""
    source = _source(name)
    return QIcon(_PaletteIcon(source)) if source else QIcon()


@cache
def _source(name: str) -> bytes:
    entry = resources.files("resources").joinpath("icons", f"{name}.svg")
    return entry.read_bytes() if entry.is_file() else b""


class _PaletteIcon(QIconEngine):
    """Paints an SVG whose ``currentColor`` is the palette's text colour of the wanted mode."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self._svg = source
        self._drawn: dict[tuple[int, int, int], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        """``size`` is in logical pixels (so since Qt 6.8); ``scale`` is the screen's ratio."""
        size, colour = QSize(round(size.width() * scale), round(size.height() * scale)), _colour(mode)
        key = (size.width(), size.height(), colour)
        if key not in self._drawn:
            self._drawn[key] = _draw(self._svg, size, colour)
        drawn = self._drawn[key]
        drawn.setDevicePixelRatio(scale)
        return drawn

    def clone(self) -> QIconEngine:
        return _keep(_PaletteIcon(self._svg))

    def isNull(self) -> bool:
        return False

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        return size


_clones: list[QIconEngine] = []


def _keep(engine: QIconEngine) -> QIconEngine:
    """Holds the Python half of an engine that C++ owns from now on."""
    _clones.append(engine)
    return engine


def _colour(mode: QIcon.Mode) -> int:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Selected:
        return palette.color(QPalette.ColorRole.HighlightedText).rgba()
    group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
    return palette.color(group, QPalette.ColorRole.WindowText).rgba()


def _draw(source: bytes, size: QSize, rgba: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 (not needed with a complete icon theme)

    text = f"#{rgba & 0xFFFFFF:06x}".encode()
    renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", text)))
    drawn = QPixmap(size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity((rgba >> 24) / 255)
    side = min(size.width(), size.height())
    corner = QPoint((size.width() - side) // 2, (size.height() - side) // 2)
    renderer.render(painter, QRectF(QRect(corner, QSize(side, side))))
    painter.end()
    return drawn
