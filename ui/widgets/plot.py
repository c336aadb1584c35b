"""A small live graph, painted with the palette; the pointer reads a value off it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import _

POINTS = 60
"""The fewest samples shown; older ones scroll out at the left."""

MOST_POINTS = 600
POINT_PX = 3
"""A wide graph looks further back, with a sample each so many pixels."""


class Plot(QWidget):
    """One quantity over time.

    say: a value in words with its unit.  top: the fixed upper end, or None to fit (at least ``least_top``).
    """

    def __init__(self, title: str, say: Callable[[float], str], *, top: float | None = None, least_top: float = 1.0) -> None:
        super().__init__()
        self._title, self._say, self._top, self._least_top = title, say, top, least_top
        self._values: Sequence[float] = ()
        self._hover: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, self.fontMetrics().height() + 62)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def show_values(self, values: Sequence[float]) -> None:
        """Oldest first; repaints if they differ."""
        values = tuple(values)[-MOST_POINTS:]
        if values != self._values or any(math.isnan(value) for value in values):
            self._values = values
            self.setAccessibleDescription(self._words())
            self.update()

    def _shown(self) -> Sequence[float]:
        return self._values[-self._count() :]

    def _count(self) -> int:
        return max(POINTS, min(MOST_POINTS, self.width() // POINT_PX))

    def _words(self) -> str:
        return (self._say(self._values[-1]) if self._values else "") or _("no data")

    def _value_under_pointer(self) -> str:
        if self._hover is None or not self._values:
            return self._words()
        shown = self._shown()
        return self._say(shown[min(self._hover, len(shown) - 1)]) or _("no data")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette, line = self.palette(), self.fontMetrics().height()
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        head = QRectF(0, 0, self.width(), line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._value_under_pointer())
        self._paint_graph(painter, self._area())

    def _area(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(0.5, line + 4.5, self.width() - 1, self.height() - line - 6)

    def _paint_graph(self, painter: QPainter, area: QRectF) -> None:
        palette = self.palette()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 0))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = palette.color(QPalette.ColorRole.Highlight)
        for points in self._runs(area):
            self._paint_fill(painter, area, points, accent)
            painter.setPen(QPen(accent, 1.6))
            painter.drawPolyline(QPolygonF(points))
        if self._hover is not None and self._values:
            self._paint_marker(painter, area, self._points(area))

    def _runs(self, area: QRectF) -> list[list[QPointF]]:
        """The line, broken where a value is not known."""
        runs: list[list[QPointF]] = [[]]
        for point, value in zip(self._points(area), self._shown(), strict=True):
            if math.isnan(value):
                runs.append([])
            else:
                runs[-1].append(point)
        return [run for run in runs if len(run) > 1]

    @staticmethod
    def _paint_fill(painter: QPainter, area: QRectF, points: list[QPointF], accent: QColor) -> None:
        below = QColor(accent)
        below.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(below)
        painter.drawPolygon(QPolygonF([QPointF(points[0].x(), area.bottom()), *points, QPointF(points[-1].x(), area.bottom())]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_marker(self, painter: QPainter, area: QRectF, points: list[QPointF]) -> None:
        point = points[min(self._hover or 0, len(points) - 1)]
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1))
        painter.drawLine(QPointF(point.x(), area.top()), QPointF(point.x(), area.bottom()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawEllipse(point, 3, 3)

    def _points(self, area: QRectF) -> list[QPointF]:
        values = self._shown()
        known = [value for value in values if not math.isnan(value)]
        top = self._top or max(self._least_top, max(known, default=0.0) * 1.15)
        step = area.width() / (self._count() - 1)
        left = area.right() - step * (len(values) - 1)
        high = area.height() - 3
        return [
            QPointF(left + step * i, area.bottom() - 1.5 - (0.0 if math.isnan(value) else min(1.0, max(0.0, value / top))) * high)
            for i, value in enumerate(values)
        ]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._values:
            area = self._area()
            step, count = area.width() / (self._count() - 1), len(self._shown())
            first = self._count() - count
            self._hover = min(count - 1, max(0, round((event.position().x() - area.left()) / step) - first))
            self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover = None
        self.update()
