"""The rows of a table: elements of the document, read anew at each refresh."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.devices import checks
from app.devices.description import Field, Kind, Table
from app.i18n import _
from app.xmldoc import paths
from app.xmldoc.document import Element
from ui.details.subject import Subject
from ui.details.wording import tip_of, value_words
from ui.plain import tip as plain_tip

Index = QModelIndex | QPersistentModelIndex
SWITCHES = (Kind.SWITCH, Kind.PRESENCE)


class TableModel(QAbstractTableModel):
    """Columns are fields; a switch is a box, everything else a text that the delegate edits."""

    def __init__(self, table: Table, subject: Subject) -> None:
        super().__init__()
        self.table, self.subject = table, subject
        self.elements: list[Element] = []
        self._texts: list[list[str]] = []

    def refresh(self) -> bool:
        """Reads the document; gives whether the number of rows differs."""
        owner = self.subject.element
        found = self.subject.document.find_all(self.table.path, owner) if owner is not None else []
        before = len(self.elements)
        if len(found) > before:
            self.beginInsertRows(QModelIndex(), before, len(found) - 1)
            self._take(found)
            self.endInsertRows()
        elif len(found) < before:
            self.beginRemoveRows(QModelIndex(), len(found), before - 1)
            self._take(found)
            self.endRemoveRows()
        else:
            self._take(found)
        if found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(self.table.columns) - 1))
        return len(found) != before

    def _take(self, found: list[Element]) -> None:
        self.elements = found

    def column(self, index: Index) -> Field:
        """The field of a cell."""
        return self.table.columns[index.column()]

    def value(self, index: Index) -> str | None:
        """What a cell says."""
        return self.subject.read(self.column(index), self.elements[index.row()])

    def why_not(self, index: Index) -> str:
        """Why a cell cannot be edited, or ""."""
        return checks.why_not(self.column(index).when, self.subject.document, self.elements[index.row()])

    def problem(self, index: Index, value: str | None) -> str:
        """What would be wrong with ``value`` there; of the key also that another row has it."""
        field, element = self.column(index), self.elements[index.row()]
        found = self.subject.problem(field, value, element)
        if not found and field.path == self.table.key:
            others = [one for one in self.elements if one is not element]
            if value in [self.subject.read(field, one) for one in others]:
                return _("Another row has it already.")
        return found

    def put(self, index: Index, value: str | None) -> str:
        """Writes a cell; gives what is wrong instead, if something is."""
        problem = self.problem(index, value)
        if not problem and value != self.value(index):
            self.subject.session.set(self.column(index), self.elements[index.row()], value)
        return problem

    # Qt's

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.elements)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.table.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.why_not(index) or self.subject.locked:
            return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        extra = Qt.ItemFlag.ItemIsUserCheckable if self.column(index).kind in SWITCHES else Qt.ItemFlag.ItemIsEditable
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | extra

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        field = self.table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(field.label)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tip_of(field, f"{self.table.path}/{field.path}"))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.elements):
            return None
        field, value = self.column(index), self.value(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (
                value_words(field, value, self.subject.offers)
                if value is not None or field.default or field.kind in SWITCHES
                else ""
            )
        if role == Qt.ItemDataRole.CheckStateRole and field.kind in SWITCHES:
            return _state(field, value)
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = [self.why_not(index), self.problem(index, value), tip_of(field, f"{self.table.path}/{field.path}")]
            return plain_tip("\n".join(part for part in parts if part))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        field = self.column(index)
        if role != Qt.ItemDataRole.CheckStateRole or field.kind not in SWITCHES:
            return False
        on = "yes" if field.kind is Kind.PRESENCE else field.on
        off = None if field.kind is Kind.PRESENCE else field.off
        return not self.put(index, off if self.value(index) == on else on)

    # rows

    @property
    def parent_path(self) -> str:
        """Where rows are added."""
        steps = paths.parse(self.table.path).steps
        return self.table.path[: len(self.table.path) - len(_last(self.table.path))].rstrip("/") if len(steps) > 1 else ""


def _state(field: Field, value: str | None) -> Qt.CheckState:
    if field.kind is Kind.PRESENCE:
        return Qt.CheckState.Checked if value is not None else Qt.CheckState.Unchecked
    known = {field.on: Qt.CheckState.Checked, field.off: Qt.CheckState.Unchecked}
    return known.get(value or "", Qt.CheckState.PartiallyChecked)


def _last(path: str) -> str:
    """The last step, also one with slashes in its predicates."""
    depth = 0
    for place in range(len(path) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(path[place], 0)
        if path[place] == "/" and not depth:
            return path[place + 1 :]
    return path
