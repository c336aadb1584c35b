"""Paints one machine on the wall: its screen, below it the state's sign, its name and the state's word."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.model.reasons import state_word
from app.model.records import DomainRecord, DomainState
from ui.wall.wall_model import PICTURE, RECORD
from ui.widgets.state_icon import state_icon

Index = QModelIndex | QPersistentModelIndex
SHAPE = 16 / 10
MARGIN = 6
SIGN = 16


class Tile(QStyledItemDelegate):
    """``width``: of the picture's place, in Qt pixels."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.width = 240

    @property
    def picture_size(self) -> QSize:
        """Room for the picture."""
        return QSize(self.width, round(self.width / SHAPE))

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all."""
        lines = 2 * option.fontMetrics.height()
        return self.picture_size + QSize(2 * MARGIN, 3 * MARGIN + lines)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See the module's text."""
        record = index.data(RECORD)
        if not isinstance(record, DomainRecord):
            return
        style, place = QApplication.style(), QRect(option.rect)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        room = QRect(place.topLeft(), self.picture_size).translated(MARGIN, MARGIN)
        picture = index.data(PICTURE)
        self._paint_picture(painter, option, room, record, picture if isinstance(picture, QPixmap) else None)
        words = QRect(room.left(), room.bottom() + MARGIN, room.width(), place.bottom() - room.bottom())
        self._paint_words(painter, option, words, record, str(index.data()))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(option.palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(place.adjusted(1, 1, -2, -2))

    def _paint_picture(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, record: DomainRecord, picture: QPixmap | None
    ) -> None:
        palette = option.palette
        painter.fillRect(room, palette.color(QPalette.ColorRole.Window))
        if picture is not None and record.active:
            size = picture.deviceIndependentSize().toSize()
            if size.width() > room.width() or size.height() > room.height() or size.width() < room.width() * 0.9:
                size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            spot = QRect(room.topLeft(), size)
            spot.moveCenter(room.center())
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if record.state not in (DomainState.RUNNING, DomainState.BLOCKED):
                painter.setOpacity(0.45)
            painter.drawPixmap(spot, picture)
            painter.restore()
        else:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawRect(room.adjusted(0, 0, -1, -1))
            side = min(room.height() // 3, 48)
            sign = QRect(0, 0, side, side)
            sign.moveCenter(room.center())
            state_icon(record).paint(painter, sign, mode=QIcon.Mode.Normal)

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, record: DomainRecord, name: str
    ) -> None:
        palette, metrics = option.palette, option.fontMetrics
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        sign = QRect(room.left(), room.top() + (metrics.height() - SIGN) // 2, SIGN, SIGN)
        state_icon(record).paint(painter, sign, mode=QIcon.Mode.Selected if chosen else QIcon.Mode.Normal)
        painter.setPen(ink)
        line = QRect(room.left() + SIGN + MARGIN, room.top(), room.width() - SIGN - MARGIN, metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(name, Qt.TextElideMode.ElideRight, line.width()))
        line.translate(0, metrics.height())
        painter.setPen(ink if chosen else palette.color(QPalette.ColorRole.PlaceholderText))
        word = metrics.elidedText(state_word(record), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, word)
