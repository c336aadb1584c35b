"""The list of hosts and guests: a tree of two levels with live graphs."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from app.i18n import _
from app.model.records import DomainRef, HostId
from ui.models.columns import STAT_COLUMNS
from ui.models.host_like import HostLike
from ui.models.host_tree_model import HostTreeModel
from ui.widgets.dropped import local_files
from ui.widgets.host_tree_header import HostTreeHeader
from ui.widgets.host_tree_paint import RowPainter
from ui.widgets.host_tree_selection import RowSelection
from ui.widgets.host_tree_sight import Sight

Index = QModelIndex | QPersistentModelIndex

RESORT_MS = 5000
"""Live columns are put in order anew this often: rows that jump at every sample cannot be clicked."""


class Emptiness(Enum):
    """Why there is nothing to see."""

    NOTHING = "not empty"
    NO_HOSTS = "no connections"
    NO_GUESTS = "no machines"
    NO_MATCH = "no machine fits the filter"


class _Delegate(QStyledItemDelegate):
    """Tells the row height; painting is the view's."""

    height = 24

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self.height)


class HostTree(QTreeView):
    """Shows a `HostTreeModel`.  Signals carry `DomainRef`s and hosts, never indexes.

    selection_changed: list of DomainRef in the order shown, list of hosts that are selected themselves.
    visible_changed: dict of host id to frozenset of UUIDs that can be seen; empty while the window is hidden.
    first_painted: the number of guests, once, when the first listing has been painted.
    file_dropped: a DomainRef, a host, or None (free space), and a list of pathlib.Path.
    """

    activated_ref = Signal(object)
    host_activated = Signal(object)
    context_menu_requested = Signal(QPoint)
    selection_changed = Signal(list, list)
    visible_changed = Signal(dict)
    first_painted = Signal(int)
    file_dropped = Signal(object, list)
    rename_requested = Signal()
    delete_requested = Signal()
    emptiness_changed = Signal(object)
    header_changed = Signal()

    def __init__(self, model: HostTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = model
        self._delegate = _Delegate(self)
        self._head = HostTreeHeader(self)
        self._emptiness: Emptiness | None = None
        self._painted = False
        self._laid_out, self._reordering = True, False
        self._dropping: QModelIndex | None = None
        self._resort = QTimer(self)
        self._resort.setInterval(RESORT_MS)
        self._resort.timeout.connect(self._sort_again)
        self._set_up()
        self._chosen = RowSelection(self, model)
        self._sight = Sight(self, model)
        self._paint = RowPainter(self, model)
        self._delegate.height = self._paint.row_height()
        self._listen(model)

    def _set_up(self) -> None:
        self.setAccessibleName(_("Hosts and machines"))
        self.setItemDelegate(self._delegate)
        self.setHeader(self._head)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAllColumnsShowFocus(True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setModel(self._tree)
        self._head.reset_columns()
        self.setSortingEnabled(True)

    def _listen(self, model: HostTreeModel) -> None:
        self._head.layout_changed.connect(self.header_changed)
        self._head.sortIndicatorChanged.connect(self._order_chosen)
        model.rowsInserted.connect(self._rows_came)
        model.rowsRemoved.connect(self._look_for_emptiness)
        for moved in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            moved.connect(self._rows_moved)
        model.reorder_begins.connect(lambda: self._reorder(True))
        model.reorder_ends.connect(lambda: self._reorder(False))
        model.dataChanged.connect(self._data_changed)
        self._chosen.changed.connect(self.selection_changed)
        self._sight.changed.connect(self.visible_changed)
        for row in range(model.rowCount()):
            self.setExpanded(model.index(row, 0), True)
        self._look_for_emptiness()

    # What is selected

    def selected_refs(self) -> list[DomainRef]:
        """The selected guests in the order shown."""
        return self._chosen.refs()

    def selected_hosts(self) -> list[HostLike]:
        """The hosts that are selected themselves."""
        return self._chosen.hosts()

    def current_ref(self) -> DomainRef | None:
        """The guest that the keyboard is at."""
        return self._chosen.current()

    def select_refs(self, refs: list[DomainRef]) -> None:
        """Selects these guests and nothing else; those that are not shown are left out."""
        self._chosen.select(refs)

    def reveal(self, ref: DomainRef) -> bool:
        """Selects one guest and scrolls to it; ``False`` if it is not shown."""
        index = self._tree.index_of(ref)
        if not index.isValid():
            return False
        self.setExpanded(index.parent(), True)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def select_first_match(self) -> None:
        """Puts the keyboard on the first guest; for Down in the filter box."""
        for row in self._tree.host_rows():
            if row.shown:
                self.reveal(row.ref(row.shown[0]))
                return

    # Order

    def seen(self) -> dict[HostId, frozenset[str]]:
        """What `visible_changed` told last."""
        return self._sight.seen

    def save_header(self) -> bytes:
        """Columns, order, widths and sorting."""
        return self._head.save()

    def restore_header(self, state: bytes) -> bool:
        """What `save_header` gave; ``False`` if it cannot be read."""
        return self._head.restore(state)

    def _order_chosen(self, *_args: object) -> None:
        live = self._head.sortIndicatorSection() in STAT_COLUMNS
        (self._resort.start if live and self.isVisible() else self._resort.stop)()

    def _sort_again(self) -> None:
        """Not while someone may be about to click."""
        if not self.viewport().underMouse():
            self._tree.sort_again()

    # Rows that come and go

    def _rows_came(self, parent: QModelIndex, first: int, last: int) -> None:
        if not parent.isValid():
            for row in range(first, last + 1):
                self.setExpanded(self._tree.index(row, 0), True)
        self._look_for_emptiness()

    def _rows_moved(self, *_args: object) -> None:
        self._laid_out = False  # Qt lays out all rows, and paints everything, with the next paint

    def _reorder(self, begins: bool) -> None:
        self._reordering = begins
        self._look_for_emptiness()

    def _data_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if not top.parent().isValid():
            self._look_for_emptiness()
        if top.column() == 0 and self._laid_out:  # asking for a place would lay out everything, after each of many moves
            self._repaint_indentation(top, bottom)

    def _repaint_indentation(self, top: QModelIndex, bottom: QModelIndex) -> None:
        """The state icon reaches into the indentation, which Qt does not count as part of the cell that changed."""
        first, last = self.visualRect(top.siblingAtColumn(0)), self.visualRect(bottom.siblingAtColumn(0))
        self.viewport().update(0, first.top(), first.left(), last.bottom() - first.top() + 1)

    def _look_for_emptiness(self, *_args: object) -> None:
        now = self._emptiness if self._reordering else self.emptiness()  # then all rows may be out for the moment
        if now is not self._emptiness:
            self._emptiness = now
            self.viewport().update()
            self.emptiness_changed.emit(now)

    def emptiness(self) -> Emptiness:
        """Why there is no guest to see."""
        if not self._tree.host_rows():
            return Emptiness.NO_HOSTS
        if any(row.shown or row.waiting for row in self._tree.host_rows()):
            return Emptiness.NOTHING
        return Emptiness.NO_MATCH if self._tree.filtering and self._tree.guests_known() else Emptiness.NO_GUESTS

    # Shown and hidden

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_chosen()
        self._sight.watch_window()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._resort.stop()
        self._sight.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.fit(self.viewport().width())
        self._sight.look_soon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._paint.refresh()
            self._delegate.height = self._paint.row_height()
            self.scheduleDelayedItemsLayout()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        hovered = self.indexAt(self.viewport().mapFromGlobal(QCursor.pos())) if self.viewport().underMouse() else None
        self._paint.begin(event.rect(), hovered.siblingAtColumn(0) if hovered is not None else None)
        super().paintEvent(event)
        self._laid_out = True
        if self._dropping is not None or self._emptiness in (Emptiness.NO_GUESTS, Emptiness.NO_MATCH):
            painter = QPainter(self.viewport())
            self._draw_empty(painter)
            self._draw_drop(painter)
            painter.end()
        if not self._painted and self._tree.guests_known() and not self._tree.loading():
            self._painted = True
            self.first_painted.emit(self._tree.guests_shown())

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._paint.row(painter, option, index)

    def _draw_empty(self, painter: QPainter) -> None:
        text = _EMPTY.get(self._emptiness or Emptiness.NOTHING)
        if text is None:
            return
        last = self._tree.index(self._tree.rowCount() - 1, 0)
        free = self.viewport().rect()
        free.setTop(self.visualRect(last).bottom() + 12)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(free.adjusted(24, 24, -24, 0), flags, text())

    def _draw_drop(self, painter: QPainter) -> None:
        if self._dropping is None:
            return
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(colour, 2))
        wash = QColor(colour)
        wash.setAlphaF(0.12)
        painter.setBrush(wash)
        painter.drawRect(self._drop_rect().adjusted(1, 1, -1, -1))

    def _drop_rect(self) -> QRect:
        """The row that would get the file, or the whole list."""
        if self._dropping is None or not self._dropping.isValid():
            return self.viewport().rect()
        row = self.visualRect(self._dropping)
        return QRect(0, row.top(), self.viewport().width(), row.height())

    # Keyboard, mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._activate(index)
        elif event.key() == Qt.Key.Key_F2 and index.isValid():
            self.rename_requested.emit()
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mouseDoubleClickEvent(self, event: object) -> None:
        super().mouseDoubleClickEvent(event)  # type: ignore[arg-type]
        index = self.indexAt(event.position().toPoint())  # type: ignore[attr-defined]
        if event.button() == Qt.MouseButton.LeftButton and not self._tree.rowCount(index.siblingAtColumn(0)):  # type: ignore[attr-defined]
            self._activate(index)  # a host with machines is opened and closed instead

    def _activate(self, index: QModelIndex) -> None:
        ref, host = self._tree.ref(index), self._tree.host(index)
        if ref is not None:
            self.activated_ref.emit(ref)
        elif host is not None:
            self.host_activated.emit(host)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self._chosen.tell()
        self.context_menu_requested.emit(place)
        event.accept()

    def keyboardSearch(self, search: str) -> None:
        """Type-ahead over all hosts, from the current row on; Qt's own would ask ``data()`` for each row."""
        guests = [(row, guest) for row in self._tree.host_rows() for guest in row.shown]
        current = self.current_ref()
        start = next((n for n, (row, guest) in enumerate(guests) if row.ref(guest) == current), -1) + (len(search) == 1)
        for row, guest in guests[start:] + guests[:start] if start > 0 else guests:
            if guest.name.casefold().startswith(search.casefold()):
                self.reveal(row.ref(guest))
                return

    # Dropped files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not local_files(event.mimeData()):
            event.ignore()
            return
        index = self.indexAt(event.position().toPoint()).siblingAtColumn(0)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if index != self._dropping:
            self._dropping = index
            self.viewport().update()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._dropping = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        paths, index = local_files(event.mimeData()), self.indexAt(event.position().toPoint())
        self._dropping = None
        self.viewport().update()
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.file_dropped.emit(self._tree.ref(index) or self._tree.host(index), paths)


_EMPTY = {
    Emptiness.NO_GUESTS: lambda: _("No machines yet.\nDrop an ISO or disk image here, or press New."),
    Emptiness.NO_MATCH: lambda: _("No machine fits the filter.\nPress Escape to clear it."),
}
