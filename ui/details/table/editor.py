"""A table of elements with buttons to add and remove rows; all by keyboard too."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.devices import checks, choosing
from app.devices.description import Field, Kind, Table
from app.devices.values import write
from app.i18n import _
from app.xmldoc.document import Document, Element
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.details.table.delegate import CellDelegate
from ui.details.table.model import TableModel
from ui.details.wording import tip_of
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

MOST_ROWS = 8
MENU_MOST = 40
"""With more names that could be added, one is put in and chosen in its cell."""


class View(QTableView):
    """Delete removes the rows; Insert adds one.  Undo is the whole view's."""

    remove_wanted = Signal()
    add_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif event.key() == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        else:
            super().keyPressEvent(event)


class TableEditor(QWidget):
    """touched: as of ``FieldRow``."""

    touched = Signal()

    def __init__(self, table: Table, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = table
        self.setObjectName(table.path)
        self.model = TableModel(table, subject)
        self.view = View()
        self.title = plain_label(_(table.label))
        self.hint = Hint()
        self.add = QPushButton(icon("list-add"), _("Add"))
        self.remove = QPushButton(icon("list-remove"), _("Remove"))
        self._dress()
        self._arrange()
        self._connect()

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.model)
        self._delegate = CellDelegate(view)
        view.setItemDelegate(self._delegate)
        view.setAccessibleName(_(self.table.label))
        view.setAccessibleDescription(_(self.table.help))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.title.setBuddy(view)
        self.title.setToolTip(plain_tip(tip_of(self.table)))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.title)
        self._column.addWidget(self.view)
        self._column.addWidget(self.hint)
        self._column.addLayout(buttons)
        self._column.addStretch(1)

    def _connect(self) -> None:
        self.add.clicked.connect(lambda _checked=False: self.add_row())
        self.remove.clicked.connect(lambda _checked=False: self.remove_rows())
        self.view.remove_wanted.connect(self.remove_rows)
        self.view.add_wanted.connect(self.add_row)
        self._delegate.refused.connect(self._refused)
        self.view.selectionModel().selectionChanged.connect(lambda *_args: self._enable())

    @property
    def subject(self) -> Subject:
        """What it is about; may be set."""
        return self.model.subject

    @subject.setter
    def subject(self, subject: Subject) -> None:
        self.model.subject = subject
        self.view.clearSelection()

    # showing

    def refresh(self) -> bool:
        """Reads the rows; gives whether the height differs."""
        element = self.subject.element
        if element is None:
            return False
        changed = self.model.refresh()
        why_not = checks.why_not(self.table.when, self.subject.document, element)
        self.setToolTip(plain_tip(why_not))
        locked = self.subject.locked
        full = self.table.limit is not None and len(self.model.elements) >= self.table.limit
        self.add.setVisible(bool(self.table.new))
        self.add.setEnabled(not why_not and not full and not locked)
        limit = _("There may be {count} at most.").format(count=self.table.limit) if full else ""
        self.add.setToolTip(plain_tip(why_not or limit))
        self._refused(why_not, "dialog-information")
        self._enable()
        if changed:
            self._fit_columns()
        return changed

    def _enable(self) -> None:
        locked = self.subject.locked
        self.remove.setEnabled(bool(self.view.selectionModel().selectedRows()) and not locked)

    def _refused(self, problem: str, sign: str = "dialog-error") -> None:
        text = problem or _(self.table.help)
        if text != self.hint.text:
            self.hint.say(text, sign if problem else "")

    def _fit_columns(self) -> None:
        self.view.resizeColumnsToContents()
        columns = len(self.table.columns)
        for column in range(columns - 1):
            self.view.setColumnWidth(column, min(max(70, self.view.columnWidth(column) + 12), 260))

    def height_for(self, lay: Lay, width: int) -> int:
        """As many rows as there are, up to a few, none of them under the bar that scrolls wide tables."""
        rows = min(MOST_ROWS, max(1, len(self.model.elements)))
        height = lay.line + 10
        self.view.verticalHeader().setDefaultSectionSize(height)
        around = self.view.horizontalHeader().sizeHint().height() + 2 * self.view.frameWidth() + 2
        self.view.setFixedHeight(rows * height + around + self._bar_height(width))
        hint = self.fontMetrics().boundingRect(0, 0, width - 20, 5000, int(Qt.TextFlag.TextWordWrap), self.hint.text).height()
        buttons = self.remove.sizeHint().height()
        return self.view.height() + lay.line + hint + buttons + 16

    def _bar_height(self, width: int) -> int:
        """Of the bar along the bottom; 0 if the columns fit in this width."""
        view, last = self.view, len(self.table.columns) - 1
        stretched = max(view.sizeHintForColumn(last), view.horizontalHeader().sectionSizeHint(last))
        widths = sum(view.columnWidth(column) for column in range(last)) + stretched
        beside = view.verticalScrollBar().sizeHint().width() if len(self.model.elements) > MOST_ROWS else 0
        return view.horizontalScrollBar().sizeHint().height() if widths > width - 2 * view.frameWidth() - beside else 0

    # rows

    def missing(self) -> list[choosing.Option]:
        """What could be added by name: values of the key's column that no row has; empty if any can."""
        key = self._key()
        element = self.subject.element
        if key is None or key.kind is not Kind.CHOICE or element is None:
            return []
        there = {self.subject.read(key, one) for one in self.model.elements}
        probe = Document.parse(self.table.new)
        found = choosing.options(key, probe, probe.root, self.subject.offers)
        return [option for option in found if option.value not in there]

    def _key(self) -> Field | None:
        return next((column for column in self.table.columns if column.path == self.table.key), None) if self.table.key else None

    def add_row(self) -> None:
        """One more; with a choice of names from a menu."""
        if not self.add.isEnabled() or self.add.isHidden():
            return
        found = self.missing()
        if not found or len(found) > MENU_MOST:
            self.insert(found[0].value if found else self._next_number())
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for option in found:
            entry = menu.addAction(option.words)
            entry.setEnabled(not option.why_not)
            entry.setToolTip(plain_tip(option.why_not or option.help))
            entry.triggered.connect(lambda _checked=False, value=option.value: self.insert(value))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _next_number(self) -> str | None:
        key = self._key()
        if key is None or key.kind is not Kind.INTEGER:
            return None
        taken = {self.subject.read(key, one) for one in self.model.elements}
        number = key.minimum or 0
        while str(number) in taken:
            number += 1
        return str(number)

    def insert(self, key_value: str | None = None) -> None:
        """A new row, whose key is ``key_value`` if given, ready to be edited."""
        owner = self.subject.element
        if owner is None:
            return
        key = self._key()

        def change(document: Document) -> None:
            added = document.insert(self.table.new, self.model.parent_path, owner)
            if key is not None and key_value is not None:
                write(document, key, added, key_value)

        self.subject.session.edit(_("Add to “{table}”").format(table=_(self.table.label)), change)
        self.refresh()
        self.touched.emit()
        last = self.model.index(len(self.model.elements) - 1, 0)
        self.view.setCurrentIndex(last)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_rows(self) -> None:
        """Those that are selected."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        elements = [self.model.elements[row] for row in rows]
        if not elements or not self.remove.isEnabled():
            return

        def change(document: Document) -> None:
            for element in elements:
                parent = element.getparent()
                document.remove_element(element)
                if parent is not None and parent is not self.subject.element:
                    _prune(document, parent)

        self.subject.session.edit(_("Remove from “{table}”").format(table=_(self.table.label)), change)
        self.refresh()
        self.touched.emit()
        if self.model.elements:
            index = self.model.index(min(rows[0], len(self.model.elements) - 1), 0)
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )

    def label_widget(self) -> QLabel:
        """Its title."""
        return self.title


def _prune(document: Document, parent: Element) -> None:
    """A holder that was only there for its rows goes with the last of them."""
    if not len(parent) and not parent.attrib and not (parent.text or "").strip() and parent.getparent() is not None:
        document.remove_element(parent)
