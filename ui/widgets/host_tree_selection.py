"""The list's selection in terms of guests and hosts; it outlives rows that are taken out and put back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QObject, QTimer, Signal
from PySide6.QtWidgets import QTreeView

from app.model.records import DomainRef, HostId
from ui.models.columns import Col
from ui.models.host_like import HostLike
from ui.models.host_tree_model import HostTreeModel

_LAST = Col(len(Col) - 1)
_REPLACE = QItemSelectionModel.SelectionFlag.ClearAndSelect


class RowSelection(QObject):
    """Reads ranges, never single indexes: a thousand selected rows are one range.

    changed: list of DomainRef in the order shown, list of hosts that are selected themselves; once for all
    changes between two turns of the event loop.
    """

    changed = Signal(list, list)

    def __init__(self, view: QTreeView, model: HostTreeModel) -> None:
        super().__init__(view)
        self._view, self._model, self._selection = view, model, view.selectionModel()
        self._told: tuple[list[DomainRef], list[HostId]] = ([], [])
        self._held: tuple[list[DomainRef], set[int], DomainRef | None, int] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.tell)
        self._selection.selectionChanged.connect(lambda *_args: self._soon.start(0))
        model.reorder_begins.connect(self._hold)
        model.reorder_ends.connect(self._restore)

    def refs(self) -> list[DomainRef]:
        """The selected guests in the order shown."""
        found: list[DomainRef] = []
        for host, top, bottom in sorted(self._spans()):
            row = self._model.host_rows()[host]
            found.extend(row.ref(guest) for guest in row.shown[top : bottom + 1])
        return found

    def hosts(self) -> list[HostLike]:
        """The hosts that are selected themselves."""
        return [self._model.host_rows()[number].host for number in sorted(self._host_numbers())]

    def _spans(self) -> Iterator[tuple[int, int, int]]:
        """Host's row, first and last guest."""
        for span in self._parts():
            if span.parent().isValid():
                yield span.parent().row(), span.top(), span.bottom()

    def _parts(self) -> Iterable[QItemSelectionRange]:
        return cast(Iterable[QItemSelectionRange], self._selection.selection())

    def _host_numbers(self) -> Iterator[int]:
        for span in self._parts():
            if not span.parent().isValid():
                yield from range(span.top(), span.bottom() + 1)

    def current(self) -> DomainRef | None:
        """The guest that the keyboard is at."""
        return self._model.ref(self._selection.currentIndex())

    def select(self, refs: list[DomainRef]) -> None:
        """Selects these guests and nothing else; those that are not shown are left out."""
        self._selection.select(self._ranges(refs), _REPLACE)

    def _ranges(self, refs: list[DomainRef]) -> QItemSelection:
        wanted: dict[HostId, set[str]] = {}
        for host_id, uuid in refs:
            wanted.setdefault(host_id, set()).add(uuid)
        ranges = QItemSelection()
        for number, row in enumerate(self._model.host_rows()):
            if uuids := wanted.get(row.host.id):
                parent = self._model.index(number, 0)
                for first, last in _runs([guest.record.uuid in uuids for guest in row.shown]):
                    ranges.select(self._model.index(first, 0, parent), self._model.index(last, _LAST, parent))
        return ranges

    def tell(self) -> None:
        """Emits ``changed`` now, if there is anything new."""
        refs, hosts = self.refs(), self.hosts()
        now = (refs, [host.id for host in hosts])
        if now != self._told:
            self._told = now
            self.changed.emit(refs, hosts)

    def _hold(self) -> None:
        """An empty selection costs nothing at each step."""
        self._held = self.refs(), set(self._host_numbers()), self.current(), self._view.verticalScrollBar().value()
        self._selection.clearSelection()

    def _restore(self) -> None:
        if self._held is None:
            return
        (refs, hosts, current, scrolled), self._held = self._held, None
        wanted = self._ranges(refs)
        for number in hosts:
            wanted.select(self._model.index(number, 0), self._model.index(number, _LAST))
        self._selection.select(wanted, _REPLACE)
        if current is not None and (index := self._model.index_of(current)).isValid():
            self._selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._view.verticalScrollBar().setValue(scrolled)


def _runs(marks: list[bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each unbroken run of true marks."""
    first = None
    for place, mark in enumerate([*marks, False]):
        if mark and first is None:
            first = place
        elif not mark and first is not None:
            yield first, place - 1
            first = None
