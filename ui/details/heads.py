"""Titles of a page and of its sections; a section that folds is opened by its title."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionFocusRect, QWidget

from app.i18n import _
from ui.details.lay import Lay

WRAP = int(Qt.TextFlag.TextWordWrap)


class PageHead(QWidget):
    """The page's name, large, and what it is about."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.text = title, text

    def show_title(self, title: str) -> None:
        """The name of the device that is shown."""
        if title != self.title:
            self.title = title
            self.update()

    def height_for(self, _lay: Lay, width: int) -> int:
        """Both texts."""
        text = self.fontMetrics().boundingRect(0, 0, width, 1000, WRAP, self.text).height() if self.text else 0
        return QFontMetrics(self._large()).lineSpacing() + text + 4

    def _large(self) -> QFont:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, large = QPainter(self), self._large()
        painter.setFont(large)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        metrics = QFontMetrics(large)
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(QRect(0, 0, self.width(), metrics.lineSpacing()), 0, title)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(QRect(0, metrics.lineSpacing() + 2, self.width(), 1000), WRAP, self.text)


class SectionHead(QWidget):
    """A bold title with a hairline.  foldable: pressing it opens and folds."""

    folded_changed = Signal()

    def __init__(self, title: str, text: str, *, foldable: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.text, self.foldable = title, text, foldable
        self.folded = foldable
        self._say()
        if foldable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _say(self) -> None:
        self.setAccessibleName(self.title)
        if self.foldable:
            self.setAccessibleDescription(
                _("Folded; press Space to open it.") if self.folded else _("Open; press Space to fold it.")
            )

    def set_folded(self, folded: bool) -> None:
        """Does not tell."""
        self.folded = folded
        self._say()
        self.update()

    def toggle(self) -> None:
        """As by a press."""
        if self.foldable:
            self.set_folded(not self.folded)
            self.folded_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.foldable and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        else:
            super().keyPressEvent(event)

    def height_for(self, lay: Lay, width: int) -> int:
        """The title, and the section's help while it is open."""
        text = (
            self.fontMetrics().boundingRect(0, 0, width, 1000, WRAP, self.text).height() if self.text and not self.folded else 0
        )
        return lay.line + 6 + text

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        bold = self.font()
        bold.setBold(True)
        metrics = QFontMetrics(bold)
        line = metrics.lineSpacing() + 4
        at = 0
        if self.foldable:
            option = QStyleOption()
            option.initFrom(self)
            option.rect = QRect(0, (line - 12) // 2, 12, 12)  # the stub has it as an int
            arrow = (
                QStyle.PrimitiveElement.PE_IndicatorArrowRight if self.folded else QStyle.PrimitiveElement.PE_IndicatorArrowDown
            )
            self.style().drawPrimitive(arrow, option, painter, self)
            at = 18
        painter.setFont(bold)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, self.width() - at)
        painter.drawText(QRect(at, 0, self.width() - at, line), int(Qt.AlignmentFlag.AlignVCenter), title)
        end = at + metrics.horizontalAdvance(title) + 10
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(end, line // 2, self.width(), line // 2)
        if self.text and not self.folded:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(QRect(0, line + 2, self.width(), 1000), WRAP, self.text)
        self._paint_focus(painter, at, line, metrics.horizontalAdvance(title))

    def _paint_focus(self, painter: QPainter, at: int, line: int, width: int) -> None:
        if not self.hasFocus():
            return
        option = QStyleOptionFocusRect()
        option.initFrom(self)
        option.rect = QRect(at - 2, 0, width + 4, line)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)
