"""What may be added to an element: a list that is narrowed as one types, each with its reason where it does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.i18n import _
from app.xmldoc.schema.inspector import Row
from ui.icons import icon
from ui.plain import tip as plain_tip

ROLE = Qt.ItemDataRole.UserRole


class AddList(QWidget):
    """wanted: a Row was chosen."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self.filter, self.list, self.button = QLineEdit(), QTreeWidget(), QPushButton(icon("list-add"), _("Add"))
        self.filter.setClearButtonEnabled(True)
        self.filter.installEventFilter(self)
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName(_("What can be added"))
        head = QHBoxLayout()
        head.addWidget(self.filter, 1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.filter.returnPressed.connect(self._take)
        self.list.itemActivated.connect(lambda *_args: self._take())
        self.button.clicked.connect(lambda _on: self._take())
        self.list.currentItemChanged.connect(lambda *_args: self._enable())

    def show_rows(self, element: str, rows: Sequence[Row]) -> None:
        """rows: what is not there, of the element of that name."""
        self.filter.setPlaceholderText(_("Add to <{element}> …").format(element=element))
        self.filter.setAccessibleName(_("Add to <{element}>").format(element=element))
        self._rows = list(rows)
        self._fill()

    def _fill(self) -> None:
        wanted = self.filter.text().strip().casefold()
        self.list.clear()
        for row in self._rows:
            if wanted and wanted not in row.name.casefold() and wanted not in row.description.casefold():
                continue
            words = row.reason or row.description or (row.allowed.words() if row.allowed is not None else "")
            item = QTreeWidgetItem([f"<{row.name}>" if row.kind == "element" else row.name or _("text"), words])
            item.setData(0, ROLE, row)
            item.setToolTip(0, plain_tip(words))
            item.setToolTip(1, plain_tip(words))
            quiet = self.palette().placeholderText()
            item.setForeground(1, quiet)
            if not row.addable:
                item.setForeground(0, quiet)
            self.list.addTopLevelItem(item)
        self.list.resizeColumnToContents(0)
        if self.list.topLevelItemCount():
            self._go_to(0)
        self._enable()

    def _go_to(self, row: int) -> None:
        count = self.list.topLevelItemCount()
        self.list.setCurrentIndex(self.list.model().index(max(0, min(row, count - 1)), 0))

    def _enable(self) -> None:
        self.button.setEnabled(self._current() is not None)

    def _current(self) -> Row | None:
        index = self.list.currentIndex()
        row = index.siblingAtColumn(0).data(ROLE) if index.isValid() else None
        return row if isinstance(row, Row) else None

    def _take(self) -> None:
        row = self._current()
        if row is not None:
            self.wanted.emit(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the field go through the list."""
        if watched is self.filter and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self._go_to(self.list.currentIndex().row() + steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)
