"""The picture of a state: each has its own shape, so that colour is never needed to tell them apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

from app.model.records import DomainRecord, DomainState

SIZE = 16
"""Logical pixels."""

GREEN, AMBER, RED, BLUE = 140, 38, 4, 214
"""Hues in degrees."""

GREY = -1


def tint(palette: QPalette, hue: int) -> QColor:
    """A colour of that hue that reads on the palette's base, light or dark; ``GREY`` is the palette's faint text."""
    if hue == GREY:
        return palette.color(QPalette.ColorRole.PlaceholderText)
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return QColor.fromHslF(hue / 360, 0.62, 0.60 if dark else 0.36)


def shape_of(record: DomainRecord) -> str:
    """Which shape stands for the guest's state."""
    if record.state is DomainState.SHUTOFF and record.managed_save:
        return "saved"
    return _SHAPES.get(record.state, "unknown")


_SHAPES = {
    DomainState.RUNNING: "running",
    DomainState.BLOCKED: "running",
    DomainState.PAUSED: "paused",
    DomainState.SHUTDOWN: "stopping",
    DomainState.SHUTOFF: "off",
    DomainState.CRASHED: "crashed",
    DomainState.PMSUSPENDED: "asleep",
}

HUES = {"running": GREEN, "stopping": GREEN, "paused": AMBER, "crashed": RED, "asleep": BLUE, "saved": BLUE}


@lru_cache(256)
def picture(shape: str, ink: int, paper: int, ratio: float) -> QPixmap:
    """The shape in colour ``ink``; cut-outs show ``paper`` (both 0xAARRGGBB)."""
    pixmap = QPixmap(round(SIZE * ratio), round(SIZE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _DRAW[shape](painter, QColor.fromRgba(ink), QColor.fromRgba(paper))
    painter.end()
    return pixmap


def _disc(painter: QPainter, ink: QColor) -> None:
    painter.setBrush(ink)
    painter.drawEllipse(QRectF(1, 1, 14, 14))


def _ring(painter: QPainter, ink: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.6))
    painter.drawEllipse(QRectF(2, 2, 12, 12))


def _running(painter: QPainter, ink: QColor, paper: QColor) -> None:
    _disc(painter, ink)
    painter.setBrush(paper)
    painter.drawPolygon(QPolygonF([QPointF(6.2, 4.6), QPointF(11.8, 8), QPointF(6.2, 11.4)]))


def _paused(painter: QPainter, ink: QColor, paper: QColor) -> None:
    _disc(painter, ink)
    painter.setBrush(paper)
    painter.drawRect(QRectF(5.2, 4.8, 2, 6.4))
    painter.drawRect(QRectF(8.8, 4.8, 2, 6.4))


def _off(painter: QPainter, ink: QColor, _paper: QColor) -> None:
    _ring(painter, ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRect(QRectF(5.8, 5.8, 4.4, 4.4))


def _arrow(painter: QPainter, ink: QColor, bottom: float) -> None:
    painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawLine(QPointF(8, 4.6), QPointF(8, bottom))
    painter.drawPolyline(QPolygonF([QPointF(5.8, bottom - 2.2), QPointF(8, bottom), QPointF(10.2, bottom - 2.2)]))


def _stopping(painter: QPainter, ink: QColor, _paper: QColor) -> None:
    _ring(painter, ink)
    _arrow(painter, ink, 11)


def _saved(painter: QPainter, ink: QColor, _paper: QColor) -> None:
    _ring(painter, ink)
    _arrow(painter, ink, 8.8)
    painter.drawLine(QPointF(5.6, 11.2), QPointF(10.4, 11.2))


def _crashed(painter: QPainter, ink: QColor, paper: QColor) -> None:
    painter.setBrush(ink)
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14.4, 13.6), QPointF(1.6, 13.6)]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paper)
    painter.drawRect(QRectF(7.2, 5.4, 1.6, 4.6))
    painter.drawRect(QRectF(7.2, 11, 1.6, 1.7))


def _asleep(painter: QPainter, ink: QColor, _paper: QColor) -> None:
    moon, bite = QPainterPath(), QPainterPath()
    moon.addEllipse(QRectF(1.5, 1.5, 13, 13))
    bite.addEllipse(QRectF(5.8, -0.6, 11, 11))
    painter.setBrush(ink)
    painter.drawPath(moon.subtracted(bite))


def _unknown(painter: QPainter, ink: QColor, _paper: QColor) -> None:
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(2, 2, 12, 12))


_DRAW: dict[str, Callable[[QPainter, QColor, QColor], None]] = {
    "running": _running,
    "paused": _paused,
    "off": _off,
    "stopping": _stopping,
    "saved": _saved,
    "crashed": _crashed,
    "asleep": _asleep,
    "unknown": _unknown,
}
