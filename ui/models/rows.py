"""The rows of the tree without Qt: guests with their sort keys, hosts with their guests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from operator import attrgetter
from typing import Any

from app.model.addresses import GuestAddress
from app.model.filter import Filter, Subject
from app.model.records import DomainRecord, DomainRef, DomainState
from app.model.statistics import Metric
from ui.models.columns import Col
from ui.models.host_like import HostLike

NaturalKey = tuple[str | int, ...]

_DIGITS = re.compile(r"(\d+)")
_TIE = attrgetter("tie")
_VALUE = attrgetter("value")


def natural_key(text: str) -> NaturalKey:
    """Sorts ``vm-9`` before ``vm-10``, in any case; text and numbers alternate, so that keys compare."""
    parts: list[str | int] = list(_DIGITS.split(text.casefold()))
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)


class GuestRow:
    """One guest.  value: its sort value as of the last sorting; tie: decides between equal values, and is unique."""

    __slots__ = ("addresses", "pending", "record", "seen", "tie", "value")

    def __init__(self, record: DomainRecord) -> None:
        self.record = record
        self.addresses: tuple[GuestAddress, ...] = ()
        self.pending = True
        self.seen: Subject | None = None
        self.tie: tuple[NaturalKey, str] = (natural_key(record.title or record.name), record.uuid)
        self.value: Any = 0

    @property
    def name(self) -> str:
        """What people call the guest: its title, else its name."""
        return self.record.title or self.record.name

    def renew(self, record: DomainRecord, addresses: Iterable[GuestAddress]) -> None:
        """Takes what changed; the sort value is the caller's business."""
        if (record.title or record.name) != self.name:
            self.tie = (natural_key(record.title or record.name), record.uuid)
        self.record, self.addresses, self.seen = record, tuple(addresses), None


RUNS = (DomainState.RUNNING, DomainState.BLOCKED, DomainState.SHUTDOWN)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a host's guests are together; vcpus and memory are of guests that the hypervisor has in memory."""

    running: int
    guests: int
    vcpus: int
    memory_kib: int


def add_up(records: list[DomainRecord]) -> Sums:
    """The totals of ``records``."""
    active = [record for record in records if record.active]
    return Sums(
        running=sum(record.state in RUNS for record in active),
        guests=len(records),
        vcpus=sum(record.vcpus or 0 for record in active),
        memory_kib=sum(record.memory_kib or 0 for record in active),
    )


class HostRow:
    """One host and the order of its guests.

    number: its internal id in the model, never used twice.  shown: the guests that views see, in order.
    """

    __slots__ = ("_sums", "guests", "host", "number", "shown", "waiting")

    def __init__(self, number: int, host: HostLike) -> None:
        self.number = number
        self.host = host
        self.guests: dict[str, GuestRow] = {}
        self.shown: list[GuestRow] = []
        self.waiting: list[GuestRow] = []  # not shown yet, last one first
        self._sums: Sums | None = None

    @property
    def sums(self) -> Sums:
        """Totals over all guests, worked out when asked for after a change."""
        if self._sums is None:
            self._sums = add_up([guest.record for guest in self.guests.values()])
        return self._sums

    def touch(self) -> None:
        """Some guest changed: `sums` must be worked out anew."""
        self._sums = None

    def ref(self, guest: GuestRow) -> DomainRef:
        """Which guest on which host."""
        return DomainRef(self.host.id, guest.record.uuid)

    def fits(self, guest: GuestRow, wanted: Filter) -> bool:
        """True if the guest passes the filter."""
        if not wanted:
            return True
        if guest.seen is None:
            guest.seen = Subject(guest.record, self.host.label, tuple(entry.address for entry in guest.addresses))
        return wanted(guest.seen)


class Order:
    """How guests are sorted: by a column's value, then by name."""

    def __init__(self, column: Col = Col.NAME, descending: bool = False) -> None:
        self.column = column
        self.descending = descending
        self._value = VALUES[column]

    def same_as(self, other: Order) -> bool:
        """True if both sort by the same column in the same direction."""
        return (self.column, self.descending) == (other.column, other.descending)

    def give_value(self, host: HostRow, guest: GuestRow) -> None:
        """Reads the guest's value now; its place must be found by the old value first."""
        guest.value = self._value(host, guest)

    def sorted(self, guests: list[GuestRow]) -> list[GuestRow]:
        """``guests`` in order, by the values that they were given."""
        result = sorted(guests, key=_TIE)
        result.sort(key=_VALUE, reverse=self.descending)
        return result

    def place(self, guests: list[GuestRow], guest: GuestRow) -> int:
        """Where ``guest`` is, or would be, in ``guests``, which are in order."""
        low, high = 0, len(guests)
        while low < high:
            middle = (low + high) // 2
            if self._before(guests[middle], guest):
                low = middle + 1
            else:
                high = middle
        return low

    def _before(self, one: GuestRow, other: GuestRow) -> bool:
        if one.value != other.value:
            return bool((one.value < other.value) ^ self.descending)
        return one.tie < other.tie


def _metric(metric: Metric) -> Callable[[HostRow, GuestRow], float]:
    def value(host: HostRow, guest: GuestRow) -> float:
        if not guest.record.active:
            return -1.0
        now = host.host.statistics.latest(guest.record.uuid)
        numbers = (now.cpu_percent, now.memory_percent, now.disk_bytes_s, now.net_bytes_s)
        number = numbers[metric]
        return -0.5 if number is None else number

    return value


_STATE_ORDER = {
    DomainState.RUNNING: 0,
    DomainState.BLOCKED: 0,
    DomainState.SHUTDOWN: 1,
    DomainState.PAUSED: 2,
    DomainState.PMSUSPENDED: 3,
    DomainState.CRASHED: 4,
    DomainState.SHUTOFF: 6,
    DomainState.NOSTATE: 7,
}


def _state(_host: HostRow, guest: GuestRow) -> int:
    saved = guest.record.state is DomainState.SHUTOFF and guest.record.managed_save
    return 5 if saved else _STATE_ORDER[guest.record.state]


@cache
def _packed(address: str) -> tuple[int, int]:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return 8, 0
    return parsed.version, int(parsed)


def _address(_host: HostRow, guest: GuestRow) -> tuple[int, int]:
    return _packed(guest.addresses[0].address) if guest.addresses else (9, 0)


def _autostart(_host: HostRow, guest: GuestRow) -> int:
    return {True: 0, False: 1, None: 2}[guest.record.autostart]


VALUES: dict[Col, Callable[[HostRow, GuestRow], Any]] = {
    Col.NAME: lambda _host, guest: guest.tie[0],
    Col.STATE: _state,
    Col.CPU: _metric(Metric.CPU),
    Col.MEMORY: _metric(Metric.MEMORY),
    Col.DISK: _metric(Metric.DISK),
    Col.NETWORK: _metric(Metric.NET),
    Col.ADDRESS: _address,
    Col.VCPUS: lambda _host, guest: guest.record.vcpus or 0,
    Col.MEMORY_SIZE: lambda _host, guest: guest.record.memory_kib or 0,
    Col.AUTOSTART: _autostart,
    Col.LIBVIRT_NAME: lambda _host, guest: natural_key(guest.record.name),
    Col.UUID: lambda _host, guest: guest.record.uuid,
}
