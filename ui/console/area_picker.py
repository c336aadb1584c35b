"""Lies over the picture while the user marks a part of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QRegion
from PySide6.QtWidgets import QLabel, QWidget

from app.console.framebuffer import Rect
from app.i18n import _
from ui.console.display_widget import DisplayWidget

SMALLEST_PX = 4
"""A shorter drag was a click."""


class AreaPicker(QWidget):
    """picked: a ``Rect`` in guest pixels.  over: it ends, with or without one; the keyboard is where it was before."""

    picked = Signal(object)
    over = Signal()

    def __init__(self, place: QWidget, display: DisplayWidget) -> None:
        super().__init__(place)
        self._place, self._display = place, display
        self._from: QPoint | None = None
        self._marked = QRect()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Mark a part of the screen"))
        self._hint = QLabel(_("Drag over the text. Enter takes the whole screen, Esc stops."), self)
        self._hint.setAutoFillBackground(True)
        self._hint.setMargin(8)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        place.installEventFilter(self)
        self._fill(place)
        self.show()
        self.raise_()
        self.setFocus()

    def _fill(self, place: QWidget) -> None:
        self.setGeometry(place.rect())
        self._hint.adjustSize()
        self._hint.move((self.width() - self._hint.width()) // 2, self.height() - self._hint.height() - 16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Covers the picture in every size."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fill(watched)
        return super().eventFilter(watched, event)

    def end(self) -> None:
        """Nothing was picked."""
        self._place.removeEventFilter(self)
        self.hide()
        self.deleteLater()
        self.over.emit()

    # marking

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins."""
        self._from = event.position().toPoint()
        self._mark(self._from)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draws the frame larger."""
        self._mark(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Takes what is marked; a click alone begins anew."""
        self._mark(event.position().toPoint())
        self._from = None
        if min(self._marked.width(), self._marked.height()) >= SMALLEST_PX:
            self._take(self._guest_area(self._marked))
        else:
            self._marked = QRect()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: everything; Esc: nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            framebuffer = self._display.picture.framebuffer
            self._take(Rect(0, 0, framebuffer.width, framebuffer.height) if framebuffer is not None else None)

    def event(self, event: QEvent) -> bool:
        """The window's shortcuts wait."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere wants no text any more."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason) and self.isVisible():
            self.end()

    def _mark(self, to: QPoint) -> None:
        if self._from is not None:
            self._marked = QRect(self._from, to).normalized()
            self.update()

    def _guest_area(self, marked: QRect) -> Rect | None:
        corners = [self._display.picture.to_guest(self._display.mapFrom(self._place, point).toPointF())
                   for point in (marked.topLeft(), marked.bottomRight())]  # fmt: skip
        first, last = corners
        return None if first is None or last is None else Rect(*first, last[0] - first[0] + 1, last[1] - first[1] + 1)

    def _take(self, area: Rect | None) -> None:
        self.end()
        if area is not None:
            self.picked.emit(area)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All but the marked part is veiled."""
        painter = QPainter(self)
        veil = QColor(self.palette().color(QPalette.ColorRole.Shadow))
        veil.setAlpha(110)
        painter.setClipRegion(QRegion(self.rect()) - QRegion(self._marked))
        painter.fillRect(event.rect(), veil)
        painter.setClipping(False)
        if not self._marked.isEmpty():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self._marked.adjusted(-1, -1, 0, 0))
        painter.end()
