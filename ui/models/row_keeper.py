"""Keeps each host's shown guests sorted and filtered, by exact steps that a model carries out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.model.addresses import best_first
from app.model.changes import Change
from app.model.filter import EVERYTHING, Filter
from ui.models.columns import STAT_COLUMNS
from ui.models.row_plan import Insert, Move, Plan, Remove, plan
from ui.models.rows import GuestRow, HostRow, Order

FEW = 64
"""Up to so many guests are changed one by one; more are put in order together."""


MANY = 20
"""More steps than this at once are announced by `Surface.hold`: a view's selection splits at each step, which
takes seconds if thousands of rows are selected."""


class Surface(Protocol):
    """The item model that announces what is done."""

    def do(self, row: HostRow, step: Remove | Move | Insert[GuestRow]) -> None:
        """Carries out one step on ``row.shown``, announced."""

    def cells_changed(self, row: HostRow, top: int, bottom: int) -> None:
        """Guests ``top`` to ``bottom`` look different."""

    def hold(self) -> None:
        """Many steps follow; rows that stay may be taken out and put back."""

    def release(self) -> None:
        """They are done."""


class RowKeeper:
    """What is shown, in which order: the only writer of `HostRow.guests`, ``shown`` and ``waiting``.

    A guest is found by its sort value, so a value changes only between finding and placing it.
    """

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self.order = Order()
        self.filter: Filter = EVERYTHING

    def place(self, row: HostRow, guest: GuestRow) -> int | None:
        """Where ``guest`` is shown; ``None`` if it is not."""
        place = self.order.place(row.shown, guest)
        return place if place < len(row.shown) and row.shown[place] is guest else None

    def change(self, row: HostRow, change: Change) -> None:
        """Follows a change of the inventory, except for guests that came (see `add`)."""
        row.touch()
        if len(change.removed) + len(change.updated) <= FEW:
            self._change_few(row, change)
        else:
            self._change_many(row, change)

    def _change_few(self, row: HostRow, change: Change) -> None:
        for uuid in change.removed:
            guest = row.guests.pop(uuid, None)
            place = self.place(row, guest) if guest else None
            if place is not None:
                self._surface.do(row, Remove(place, place))
        for uuid in change.updated:
            if guest := row.guests.get(uuid):
                self.update(row, guest)

    def update(self, row: HostRow, guest: GuestRow) -> None:
        """One guest's record or addresses changed: it goes, comes, moves, or only its cells change."""
        place = self.place(row, guest)
        self._renew(row, guest)
        if self.order.column not in STAT_COLUMNS:  # these keep their order until `sort_again`
            self.order.give_value(row, guest)
        fits = not guest.pending and row.fits(guest, self.filter)
        if place is None:
            if fits:
                self._surface.do(row, Insert(self.order.place(row.shown, guest), [guest]))
        elif not fits:
            self._surface.do(row, Remove(place, place))
        else:
            place = self._put_in_order(row, guest, place)
            self._surface.cells_changed(row, place, place)

    @staticmethod
    def _renew(row: HostRow, guest: GuestRow) -> None:
        uuid = guest.record.uuid
        guest.renew(row.host.inventory.domains[uuid], best_first(row.host.addresses.get(uuid, ())))

    def _put_in_order(self, row: HostRow, guest: GuestRow, place: int) -> int:
        others = row.shown[:place] + row.shown[place + 1 :]
        target = self.order.place(others, guest)
        if target != place:
            self._surface.do(row, Move(place, target + 1 if target > place else target))
        return target

    def _change_many(self, row: HostRow, change: Change) -> None:
        for uuid in change.removed:
            row.guests.pop(uuid, None)
        for uuid in change.updated:
            if guest := row.guests.get(uuid):
                self._renew(row, guest)
                self.order.give_value(row, guest)
        self.rearrange(row)
        if row.shown:
            self._surface.cells_changed(row, 0, len(row.shown) - 1)

    def add(self, row: HostRow, uuids: Iterable[str]) -> bool:
        """Lets guests wait to be shown, in order; ``False`` if there are none."""
        records = row.host.inventory.domains
        fresh = [GuestRow(records[uuid]) for uuid in uuids if uuid in records and uuid not in row.guests]
        for guest in fresh:
            row.guests[guest.record.uuid] = guest
            if told := row.host.addresses.get(guest.record.uuid):
                guest.addresses = tuple(best_first(told))
            self.order.give_value(row, guest)
        if fresh:
            row.waiting = self.order.sorted(row.waiting + fresh)[::-1]
            row.touch()
        return bool(fresh)

    def show_waiting(self, row: HostRow, count: int) -> None:
        """Shows the first ``count`` of those that wait, if they are still there and fit."""
        if not count:
            return
        taken = row.waiting[-count:]
        del row.waiting[-count:]
        guests = [guest for guest in taken if row.guests.get(guest.record.uuid) is guest]
        for guest in guests:
            guest.pending = False
        self._insert(row, self.order.sorted([guest for guest in guests if row.fits(guest, self.filter)]))

    def _insert(self, row: HostRow, guests: Sequence[GuestRow]) -> None:
        """Inserts sorted guests, neighbours together; from the end, so that places stay true."""
        groups: dict[int, list[GuestRow]] = {}
        for guest in guests:
            groups.setdefault(self.order.place(row.shown, guest), []).append(guest)
        self._follow(row, Plan([Insert(place, group) for place, group in reversed(groups.items())]))

    def sort_again(self, row: HostRow) -> None:
        """Puts all guests in the order of the newest values."""
        for guest in row.guests.values():
            self.order.give_value(row, guest)
        row.waiting = self.order.sorted([guest for guest in row.waiting if row.guests.get(guest.record.uuid) is guest])[::-1]
        self.rearrange(row)

    def rearrange(self, row: HostRow) -> None:
        """Makes what is shown fit the filter and the values that guests have."""
        wanted = [guest for guest in row.guests.values() if not guest.pending and row.fits(guest, self.filter)]
        self._follow(row, plan(row.shown, self.order.sorted(wanted)))

    def _follow(self, row: HostRow, changes: Plan[GuestRow]) -> None:
        many = changes.bulk or len(changes.steps) > MANY
        if many:
            self._surface.hold()
        for step in changes.steps:
            self._surface.do(row, step)
        if many:
            self._surface.release()
