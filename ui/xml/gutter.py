"""The strip beside the text: line numbers, marks of faults, and the arrows that fold elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import QWidget

from ui.xml.colours import colours_of

if TYPE_CHECKING:
    from ui.xml.editor import XmlEditor


class Gutter(QWidget):
    """A click on an arrow folds or unfolds; on a number it selects the line."""

    def __init__(self, editor: XmlEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setMouseTracking(True)

    @property
    def wanted_width(self) -> int:
        """Room for the highest number, a mark and an arrow."""
        digits = len(str(max(100, self._editor.blockCount())))
        return self._editor.fontMetrics().horizontalAdvance("9") * digits + 2 * self._side + 6

    @property
    def _side(self) -> int:
        return self._editor.fontMetrics().height()

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self._editor.palette())
        painter.fillRect(event.rect(), colours.gutter)
        current = self._editor.textCursor().blockNumber()
        for line, rect in self._editor.visible_lines():
            ink = self.palette().text().color() if line == current else colours.number
            painter.setPen(ink)
            place = QRect(self._side, rect.top(), self.width() - 2 * self._side - 4, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line + 1))
            if line in self._editor.marked_lines:
                self._draw_mark(painter, rect)
            if line in self._editor.folds.starts:
                painter.setPen(ink)
                self._draw_arrow(painter, rect, closed=self._editor.folds.is_folded(line))

    def _draw_mark(self, painter: QPainter, rect: QRect) -> None:
        """A triangle with a point, like a road sign: not known by its colour."""
        side = self._side * 3 // 4
        left, top = (self._side - side) // 2, rect.top() + (rect.height() - side) // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().text())
        corners = [QPoint(left + side // 2, top), QPoint(left + side, top + side), QPoint(left, top + side)]
        painter.drawPolygon(QPolygon(corners))
        painter.setPen(self.palette().base().color())
        painter.drawText(QRect(left, top + side // 6, side, side), Qt.AlignmentFlag.AlignCenter, "!")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_arrow(self, painter: QPainter, rect: QRect, *, closed: bool) -> None:
        size = self._side // 4
        middle = QPoint(self.width() - self._side // 2, rect.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(painter.pen().color())
        if closed:
            corners = [QPoint(-size // 2, -size), QPoint(size, 0), QPoint(-size // 2, size)]
        else:
            corners = [QPoint(-size, -size // 2), QPoint(size, -size // 2), QPoint(0, size)]
        painter.drawPolygon(QPolygon([middle + corner for corner in corners]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._editor.line_at(event.position().toPoint().y())
        if line is None:
            return
        if event.position().x() >= self.width() - self._side and line in self._editor.folds.starts:
            self._editor.folds.toggle(line)
        else:
            self._editor.select_line(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self._editor.line_at(event.position().toPoint().y())
        self.setToolTip(self._editor.fault_at_line(line) if line is not None else "")
        super().mouseMoveEvent(event)
