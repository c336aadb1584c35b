"""The list at the left of the details view: two lines a row, marks at its end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.i18n import _
from ui.details.entries import Badge, Entry
from ui.details.entry_model import ENTRY, EntryModel
from ui.icons import icon

Index = QModelIndex | QPersistentModelIndex
PAD = 5
SIDE, MARK = 22, 16
QUIET = 0.4
"""What is as it should be does not stand out."""


class EntryDelegate(QStyledItemDelegate):
    """Headings of bands are bold and quiet."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics: QFontMetrics = option.fontMetrics
        line = metrics.lineSpacing()
        return QSize(120, 2 * line + 2 * PAD if index.data(ENTRY) is not None else line + 3 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY)
        painter.save()
        if isinstance(entry, Entry):
            self._paint_entry(painter, option, entry)
        else:
            self._paint_heading(painter, option, str(index.data()))
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        # its row cannot be chosen, so the option's own colours are those of a disabled one, which some themes hardly show
        painter.setPen(option.palette.color(QPalette.ColorGroup.Normal, QPalette.ColorRole.PlaceholderText))
        rect: QRect = option.rect
        painter.drawText(rect.adjusted(PAD + 3, PAD, -PAD, -1), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        rect: QRect = option.rect
        palette: QPalette = option.palette
        state = option.state
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        mode = QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
        icon(entry.icon).paint(painter, rect.left() + PAD + 3, rect.center().y() - SIDE // 2 + 1, SIDE, SIDE, mode=mode)
        end = rect.right() - PAD
        for badge in reversed(entry.badges):
            end -= MARK
            painter.setOpacity(QUIET if badge is Badge.LIVE else 1)
            icon(badge.value).paint(painter, end, rect.center().y() - MARK // 2 + 1, MARK, MARK, mode=mode)
            painter.setOpacity(1)
            end -= 3
        start = QPoint(rect.left() + 2 * PAD + SIDE + 6, rect.top() + PAD)
        self._paint_texts(painter, QRect(start, QPoint(end - 2, rect.bottom() - PAD)), entry, palette, chosen=chosen)

    @staticmethod
    def _paint_texts(painter: QPainter, rect: QRect, entry: Entry, palette: QPalette, *, chosen: bool) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text))
        line = metrics.lineSpacing()
        lone = not entry.summary
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideMiddle, rect.width())
        top = rect.adjusted(0, line // 2 if lone else 0, 0, 0)
        painter.drawText(QRect(top.topLeft(), QSize(rect.width(), line)), 0, title)
        if not chosen:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        summary = metrics.elidedText(entry.summary, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(QRect(rect.left(), rect.top() + line, rect.width(), line), 0, summary)


class EntryList(QListView):
    """chosen: another entry is current.  removed: Delete was pressed on one.  menu_wanted: its menu, at a point on the screen."""

    chosen = Signal(object)
    removed = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = EntryModel()
        self.setModel(self.entries)
        self.setItemDelegate(EntryDelegate(self))
        self.setAccessibleName(_("Settings and devices"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(False)
        self.customContextMenuRequested.connect(self._menu)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def current_entry(self) -> Entry | None:
        """The one whose page is shown."""
        return self.entries.entry(self.currentIndex())

    def choose(self, key: str) -> bool:
        """False if there is none of this key."""
        index = self.entries.find(key)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def _current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        entry = self.entries.entry(index)
        if entry is not None:
            self.chosen.emit(entry)

    def _menu(self, where: QPoint) -> None:
        entry = self.entries.entry(self.indexAt(where))
        if entry is not None:
            self.menu_wanted.emit(entry, self.viewport().mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, and the menu key on the current row."""
        entry = self.current_entry()
        if event.key() == Qt.Key.Key_Delete and entry is not None:
            self.removed.emit(entry)
        elif event.key() == Qt.Key.Key_Menu and entry is not None:
            self.menu_wanted.emit(entry, self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center()))
        else:
            super().keyPressEvent(event)
