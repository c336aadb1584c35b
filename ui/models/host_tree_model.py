"""The tree of hosts and their guests for item views: exact row changes, never a reset.

Sorting and filtering happen here, in Python lists; a proxy model over Python data takes seconds where
this takes milliseconds.  Long listings come in slices between events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.i18n import _
from app.model.changes import Change
from app.model.filter import parse
from app.model.records import DomainRef, HostId, ObjectKind
from app.signal import Connection
from ui.models import cells
from ui.models.columns import COLUMNS, STAT_COLUMNS, Col
from ui.models.host_like import HostLike, HostListLike
from ui.models.row_keeper import RowKeeper
from ui.models.row_plan import Insert, Move, Remove, move
from ui.models.rows import GuestRow, HostRow, Order

Index = QModelIndex | QPersistentModelIndex

FIRST_SLICE = 300
"""What a window can show comes at once."""

SLICE = 1500
"""Then so many rows between two turns of the event loop: the view lays out all its rows after each."""

TICK_MS = 150
"""Samples of all hosts that come within this time are painted together."""

_ROOT = QModelIndex()
_LAST = Col(len(Col) - 1)
_COLUMNS = len(COLUMNS)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class HostTreeModel(QAbstractItemModel):
    """Hosts at the top in the list's order, guests below them, sorted and filtered.

    A guest's internal id is its host's number, a host's is 0.
    """

    reorder_begins = Signal()
    """Many steps follow, in which rows that stay may go and come back: views save selection and place."""
    reorder_ends = Signal()
    loaded = Signal(int)
    """A listing is shown whole; the number of guests that the model shows."""

    def __init__(self, hosts: HostListLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hosts: list[HostRow] = []
        self._by_id: dict[HostId, HostRow] = {}
        self._by_number: dict[int, HostRow] = {}
        self._next_number = 1
        self._connections: dict[HostId, tuple[Connection, ...]] = {}
        self._keeper = RowKeeper(self)
        self._filter_text = ""
        self._visible: Mapping[int, tuple[int, int]] = {}
        self._sampled: set[int] = set()
        self._live = True
        self._feed = self._timer(0, self._feed_slice)
        self._tick = self._timer(TICK_MS, self._announce_samples)
        self._list = hosts
        hosts.added.connect(self.add_host)
        hosts.removed.connect(self.remove_host)
        for host in hosts.hosts:
            self.add_host(host)

    def _timer(self, interval_ms: int, slot: Any) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(slot)
        return timer

    # What is where

    def host_rows(self) -> Sequence[HostRow]:
        """The hosts in order."""
        return self._hosts

    def host_row(self, index: Index) -> HostRow | None:
        """The host of a host's or a guest's index."""
        if not index.isValid():
            return None
        number = index.internalId()
        return self._by_number.get(number) if number else self._hosts[index.row()]

    def guest_row(self, index: Index) -> GuestRow | None:
        """The guest at ``index``; ``None`` for a host."""
        host = self._by_number.get(index.internalId()) if index.isValid() else None
        return host.shown[index.row()] if host else None

    def ref(self, index: Index) -> DomainRef | None:
        """Which guest is at ``index``; ``None`` for a host."""
        host, guest = self.host_row(index), self.guest_row(index)
        return host.ref(guest) if host and guest else None

    def host(self, index: Index) -> HostLike | None:
        """The host at ``index``, or of the guest there."""
        row = self.host_row(index)
        return row.host if row else None

    def index_of(self, ref: DomainRef, column: Col = Col.NAME) -> QModelIndex:
        """Where a guest is; invalid if it is not shown."""
        host = self._by_id.get(ref.host_id)
        guest = host.guests.get(ref.uuid) if host else None
        place = self._keeper.place(host, guest) if host and guest else None
        return _ROOT if place is None or host is None else self.createIndex(place, column, host.number)

    def index_of_host(self, host_id: HostId, column: Col = Col.NAME) -> QModelIndex:
        """Where a host is; invalid if it is not in the list."""
        host = self._by_id.get(host_id)
        return self.createIndex(self._hosts.index(host), column, 0) if host else _ROOT

    def guests_shown(self) -> int:
        """How many guests pass the filter and are in the model."""
        return sum(len(host.shown) for host in self._hosts)

    def guests_known(self) -> int:
        """How many guests the hosts have."""
        return sum(len(host.guests) for host in self._hosts)

    def loading(self) -> bool:
        """True while slices of a listing are still to come."""
        return any(host.waiting for host in self._hosts)

    # Hosts

    def add_host(self, host: HostLike) -> None:
        """Shows ``host`` where the list has it, with the guests that it has already."""
        if host.id in self._by_id:
            return
        row = HostRow(self._next_number, host)
        self._next_number += 1
        before = {entry.id for entry in self._list.hosts[: self._listed_at(host)]}
        place = sum(1 for other in self._hosts if other.host.id in before)
        self.beginInsertRows(_ROOT, place, place)
        self._hosts.insert(place, row)
        self._by_id[host.id] = self._by_number[row.number] = row
        self.endInsertRows()
        self._connections[host.id] = (
            host.inventory.changed.connect(self._inventory_changed),
            host.statistics.sampled.connect(self._samples_came),
            host.changed.connect(self._host_changed),
            host.addresses_changed.connect(partial(self._addresses_came, host.id)),
        )
        self._add_guests(row, host.inventory.domains)

    def _listed_at(self, host: HostLike) -> int:
        return next((number for number, entry in enumerate(self._list.hosts) if entry.id == host.id), len(self._list.hosts))

    def remove_host(self, host: HostLike) -> None:
        """Takes ``host`` and its guests away."""
        row = self._by_id.get(host.id)
        if row is None:
            return
        for connection in self._connections.pop(host.id):
            connection.disconnect()
        place = self._hosts.index(row)
        self.beginRemoveRows(_ROOT, place, place)
        del self._hosts[place], self._by_id[host.id], self._by_number[row.number]
        self.endRemoveRows()

    def _host_changed(self, host: HostLike) -> None:
        row = self._by_id.get(host.id)
        if row is None:
            return
        for guest in row.guests.values():  # its label may be what the filter looks at
            guest.seen = None
        if self.filtering:
            self._keeper.rearrange(row)
        self._announce_host(row)
        if row.shown:  # connected or not: dimmed or not
            self.cells_changed(row, 0, len(row.shown) - 1)

    # Guests

    def _inventory_changed(self, change: Change) -> None:
        row = self._by_id.get(change.host_id)
        if row is None or change.kind is not ObjectKind.DOMAIN:
            return
        self._keeper.change(row, change)
        self._add_guests(row, change.added)
        self._announce_host(row)

    def _add_guests(self, row: HostRow, uuids: Iterable[str]) -> None:
        if self._keeper.add(row, uuids):
            self._keeper.show_waiting(row, FIRST_SLICE)
            self._after_slice()

    def _feed_slice(self) -> None:
        """One slice of one host's waiting guests; the timer goes on while there are more."""
        row = next((row for row in self._hosts if row.waiting), None)
        if row is not None:
            self._keeper.show_waiting(row, SLICE)
            self._announce_host(row)
            self._after_slice()

    def _after_slice(self) -> None:
        if self.loading():
            self._feed.start()
        else:
            self.loaded.emit(self.guests_shown())

    def flush(self) -> None:
        """Shows everything that waits, at once."""
        for row in self._hosts:
            self._keeper.show_waiting(row, len(row.waiting))

    def do(self, row: HostRow, step: Remove | Move | Insert[GuestRow]) -> None:
        """Carries out one step of the row keeper, announced to views."""
        parent = self.createIndex(self._hosts.index(row), 0, 0)
        if isinstance(step, Remove):
            self.beginRemoveRows(parent, step.first, step.last)
            del row.shown[step.first : step.last + 1]
            self.endRemoveRows()
        elif isinstance(step, Insert):
            self.beginInsertRows(parent, step.first, step.first + len(step.rows) - 1)
            row.shown[step.first : step.first] = step.rows
            self.endInsertRows()
        elif self.beginMoveRows(parent, step.source, step.source, parent, step.before):
            move(row.shown, step.source, step.before)
            self.endMoveRows()

    def cells_changed(self, row: HostRow, top: int, bottom: int) -> None:
        """All cells of guests ``top`` to ``bottom`` may look different."""
        self._announce(row, top, bottom, Col.NAME, _LAST)

    def hold(self) -> None:
        """Tells views to hold on to what is selected."""
        self.reorder_begins.emit()

    def release(self) -> None:
        """Tells views that all rows are back."""
        self.reorder_ends.emit()

    # Order and filter

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts guests by a column; hosts keep their order."""
        if column < 0:
            return
        wanted = Order(Col(column), order is Qt.SortOrder.DescendingOrder)
        if not wanted.same_as(self._keeper.order):  # a tree view asks twice
            self._keeper.order = wanted
            self.sort_again()

    def sort_again(self) -> None:
        """Puts guests in the order of the newest numbers, which samples alone do not do."""
        for row in self._hosts:
            self._keeper.sort_again(row)

    @property
    def sorted_by(self) -> tuple[Col, bool]:
        """The column, and whether descending."""
        return self._keeper.order.column, self._keeper.order.descending

    @property
    def filter_text(self) -> str:
        """The filter as it was typed."""
        return self._filter_text

    @property
    def filtering(self) -> bool:
        """True if the filter says anything."""
        return bool(self._keeper.filter)

    def set_filter(self, text: str) -> None:
        """Shows the guests that fit ``text`` (see `app.model.filter`)."""
        self._filter_text, self._keeper.filter = text, parse(text)
        for row in self._hosts:
            self._keeper.rearrange(row)
            self._announce_host(row)

    def _addresses_came(self, host_id: HostId, uuids: frozenset[str]) -> None:
        row = self._by_id.get(host_id)
        for uuid in uuids:
            if row is not None and (guest := row.guests.get(uuid)):
                self._keeper.update(row, guest)
        if row is not None and self.filtering:
            self._announce_host(row)

    # Samples

    def set_visible(self, spans: Mapping[int, tuple[int, int]]) -> None:
        """Which rows a view shows: first and last guest by host number.  Only these announce samples."""
        self._visible = spans

    def set_live(self, live: bool) -> None:
        """Whether samples are announced at all; no, while no window shows them."""
        self._live = live
        if not live:
            self._tick.stop()
            self._sampled.clear()

    def _samples_came(self, host_id: HostId, _uuids: frozenset[str]) -> None:
        row = self._by_id.get(host_id)
        if row is None or not self._live:
            return
        self._sampled.add(row.number)
        if not self._tick.isActive():
            self._tick.start()

    def _announce_samples(self) -> None:
        numbers, self._sampled = self._sampled, set()
        first, last = STAT_COLUMNS[0], STAT_COLUMNS[-1]
        for number in numbers:
            row = self._by_number.get(number)
            if row is None:
                continue
            self._announce_host(row, first, last)
            top, bottom = self._visible.get(number, (0, -1))
            bottom = min(bottom, len(row.shown) - 1)
            if top <= bottom:
                self._announce(row, top, bottom, first, last)

    def _announce(self, row: HostRow, top: int, bottom: int, first: Col, last: Col) -> None:
        self.dataChanged.emit(self.createIndex(top, first, row.number), self.createIndex(bottom, last, row.number))

    def _announce_host(self, row: HostRow, first: Col = Col.NAME, last: Col = _LAST) -> None:
        place = self._hosts.index(row)
        self.dataChanged.emit(self.createIndex(place, first, 0), self.createIndex(place, last, 0))

    # Qt's interface

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if row < 0 or not 0 <= column < _COLUMNS:
            return _ROOT
        if not parent.isValid():
            return self.createIndex(row, column, 0) if row < len(self._hosts) else _ROOT
        if parent.internalId() or parent.column():
            return _ROOT
        host = self._hosts[parent.row()]
        return self.createIndex(row, column, host.number) if row < len(host.shown) else _ROOT

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        number = index.internalId() if index.isValid() else 0
        return self.createIndex(self._hosts.index(self._by_number[number]), 0, 0) if number else _ROOT

    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.internalId():  # first, as views ask this for each guest of a layout
            return 0
        if not parent.isValid():
            return len(self._hosts)
        return 0 if parent.column() else len(self._hosts[parent.row()].shown)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        return _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < _COLUMNS:
            return None
        column = COLUMNS[Col(section)]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _(column.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(column.tip)
        return (_RIGHT if column.right else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if (host := self.host_row(index)) is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[Col(index.column())].right else _LEFT
        reader = _READERS.get(cast(Qt.ItemDataRole, role))
        return reader(self, host, self.guest_row(index), Col(index.column())) if reader else None

    def _display(self, host: HostRow, guest: GuestRow | None, column: Col) -> str:
        if guest is None:
            return cells.host_text(host, column, filtering=self.filtering)
        return cells.guest_text(host, guest, column)

    def _tip(self, host: HostRow, guest: GuestRow | None, column: Col) -> str:
        return cells.tip(host, guest, column)

    def _spoken(self, host: HostRow, guest: GuestRow | None, column: Col) -> str:
        text = self._display(host, guest, column)
        if column is not Col.NAME:
            return cells.spoken(column, text)
        return _("{name}, {state}").format(name=text, state=self._display(host, guest, Col.STATE))

    def visible_refs(self, spans: Mapping[int, tuple[int, int]]) -> Iterator[tuple[HostId, frozenset[str]]]:
        """The guests in ``spans`` (as for `set_visible`), host by host."""
        for number, (top, bottom) in spans.items():
            if row := self._by_number.get(number):
                yield row.host.id, frozenset(guest.record.uuid for guest in row.shown[top : bottom + 1])


_READERS = {
    Qt.ItemDataRole.DisplayRole: HostTreeModel._display,
    Qt.ItemDataRole.ToolTipRole: HostTreeModel._tip,
    Qt.ItemDataRole.AccessibleTextRole: HostTreeModel._spoken,
}
