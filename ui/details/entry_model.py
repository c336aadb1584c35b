"""The list's model: headings of bands and entries; tells exact changes."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.i18n import _
from ui.details.entries import BANDS, Entry
from ui.icons import icon
from ui.plain import tip as plain_tip

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
Row = Entry | str
"""An entry, or a band's heading."""


class EntryModel(QAbstractListModel):
    """``show(entries)``: rows that are still there keep their place, selection and focus."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, entries: list[Entry]) -> None:
        """Changes, removes and inserts only what differs."""
        new = _with_headings(entries)
        old_keys, new_keys = [_key(row) for row in self.rows], [_key(row) for row in new]
        steps = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes()
        for kind, start, end, fresh, fresh_end in reversed(steps):
            if kind != "equal":
                self._replace(start, end, new[fresh:fresh_end])
        self._update(new)

    def _replace(self, first: int, end: int, fresh: list[Row]) -> None:
        if end > first:
            self.beginRemoveRows(QModelIndex(), first, end - 1)
            del self.rows[first:end]
            self.endRemoveRows()
        if fresh:
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self.rows[first:first] = fresh
            self.endInsertRows()

    def _update(self, new: list[Row]) -> None:
        for number, row in enumerate(new):
            if self.rows[number] != row:
                self.rows[number] = row
                self.dataChanged.emit(self.index(number), self.index(number))

    def entry(self, index: Index) -> Entry | None:
        """None for a heading."""
        row = self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None
        return row if isinstance(row, Entry) else None

    def find(self, key: str) -> QModelIndex:
        """Invalid if there is none."""
        number = next((place for place, row in enumerate(self.rows) if isinstance(row, Entry) and row.key == key), -1)
        return self.index(number) if number >= 0 else QModelIndex()

    def entries(self) -> list[Entry]:
        """Without the headings."""
        return [row for row in self.rows if isinstance(row, Entry)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entry(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if isinstance(row, str):
            return row if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        make = _ROLES.get(role)
        return make(row) if make is not None else None


_ROLES: dict[int, Callable[[Entry], Any]] = {
    ENTRY: lambda row: row,
    Qt.ItemDataRole.DisplayRole: lambda row: row.title,
    Qt.ItemDataRole.DecorationRole: lambda row: icon(row.icon),
    Qt.ItemDataRole.ToolTipRole: lambda row: plain_tip(row.tip()),
    Qt.ItemDataRole.AccessibleTextRole: lambda row: row.tip().replace("\n", ", "),
}
"""Only what is asked for is made: the list asks for every row's size."""


def _with_headings(entries: list[Entry]) -> list[Row]:
    rows: list[Row] = []
    for band, title in BANDS.items():
        ours = [entry for entry in entries if entry.band is band]
        if ours:
            rows += [_(title), *ours]
    return rows


def _key(row: Row) -> str:
    return row if isinstance(row, str) else f"{row.key} {row.description.id}"
