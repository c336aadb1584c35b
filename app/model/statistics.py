"""Statistics of one host's guests: the newest rates and a short history of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import IntEnum

from app.model.rates import IDLE, OFF_STATES, UNKNOWN, Rates, rates
from app.model.records import HostId
from app.model.ring import Ring
from app.model.sample import DomainSample, StatsSample
from app.signal import Signal

LIST_SAMPLES = 120
"""Kept for every guest: about 0.5 kB a number."""

DETAIL_SAMPLES = 600
"""Kept for guests that someone has open."""


class Metric(IntEnum):
    """Numbers that have a history."""

    CPU = 0
    MEMORY = 1
    DISK = 2
    NET = 3


class _Guest:
    """The last raw sample of one guest, its rates and rings."""

    __slots__ = ("at_s", "rates", "rings", "sample")

    def __init__(self, capacity: int) -> None:
        self.at_s = 0.0
        self.sample: DomainSample | None = None
        self.rates = UNKNOWN
        self.rings = tuple(Ring(capacity) for _ in Metric)

    def take(self, sample: DomainSample, at_s: float) -> None:
        self.rates = rates(self.sample, sample, at_s - self.at_s)
        self.sample, self.at_s = sample, at_s
        for ring, value in zip(self.rings, values(self.rates), strict=True):
            ring.append(math.nan if value is None else value)


class Statistics:
    """Rates and histories by UUID; ``sampled`` tells each batch and whom it brought numbers of.

    host_cpus: the host's processors, for `total`'s percentage; set when the host's facts are known.
    """

    def __init__(self, host_id: HostId, *, host_cpus: int = 0) -> None:
        self.host_id = host_id
        self.host_cpus = host_cpus
        self.sampled: Signal[[HostId, frozenset[str]]] = Signal()
        self._guests: dict[str, _Guest] = {}
        self._deep: set[str] = set()
        self._total: Rates | None = None
        self._history = tuple(Ring(LIST_SAMPLES) for _ in Metric)

    def add(self, sample: StatsSample) -> None:
        """Takes one poll's answer and emits ``sampled``.

        An answer older than the one a guest has (a late worker) is dropped for that guest.
        """
        taken = frozenset(uuid for uuid, counters in sample.domains.items() if self._take(uuid, counters, sample.at_s))
        if not taken:
            return
        self._total = None
        if not sample.partial:
            for ring, value in zip(self._history, values(self.total()), strict=True):
                ring.append(math.nan if value is None else value)
        self.sampled.emit(self.host_id, taken)

    def history(self, uuid: str, metric: Metric, count: int = DETAIL_SAMPLES) -> Sequence[float]:
        """The newest ``count`` values, oldest first; ``nan`` where not known; empty for an unknown guest.

        CPU and memory are percent, disk and network bytes a second.
        """
        guest = self._guests.get(uuid)
        return guest.rings[metric].tail(count) if guest else ()

    def latest(self, uuid: str) -> Rates:
        """What the guest does now; all ``None`` if it was never sampled."""
        guest = self._guests.get(uuid)
        return guest.rates if guest else UNKNOWN

    def counters(self, uuid: str) -> DomainSample | None:
        """The last raw sample of the guest."""
        guest = self._guests.get(uuid)
        return guest.sample if guest else None

    def total(self) -> Rates:
        """All guests together; CPU in percent of the host's processors (``None`` if their number is not known)."""
        if self._total is None:
            self._total = add_up((guest.rates for guest in self._guests.values()), self.host_cpus)
        return self._total

    def total_history(self, metric: Metric, count: int = LIST_SAMPLES) -> Sequence[float]:
        """The newest values of `total`; memory is ``nan``, as a total in percent means nothing."""
        return self._history[metric].tail(count)

    def deepen(self, uuid: str, deep: bool = True) -> None:
        """Keeps a long history of a guest that is open (or the usual one again)."""
        (self._deep.add if deep else self._deep.discard)(uuid)
        if guest := self._guests.get(uuid):
            for ring in guest.rings:
                ring.resize(self._capacity(uuid))

    def forget(self, uuids: Iterable[str]) -> None:
        """Drops guests that no longer exist."""
        for uuid in uuids:
            self._guests.pop(uuid, None)
            self._deep.discard(uuid)
        self._total = None

    def interrupted(self) -> None:
        """The connection was down: the next sample of each guest begins anew, as much may have happened unseen."""
        for guest in self._guests.values():
            guest.sample, guest.rates = None, UNKNOWN
        self._total = None

    def _capacity(self, uuid: str) -> int:
        return DETAIL_SAMPLES if uuid in self._deep else LIST_SAMPLES

    def _take(self, uuid: str, counters: DomainSample, at_s: float) -> bool:
        guest = self._guests.get(uuid)
        if guest is None:
            guest = self._guests[uuid] = _Guest(self._capacity(uuid))
        elif at_s <= guest.at_s or (guest.rates is IDLE and counters.state in OFF_STATES):  # late, or off as before
            return False
        guest.take(counters, at_s)
        return True


def values(now: Rates) -> tuple[float | None, float | None, float | None, float | None]:
    """The numbers that have a history, in the order of `Metric`."""
    return now.cpu_percent, now.memory_percent, now.disk_bytes_s, now.net_bytes_s


def add_up(parts: Iterable[Rates], host_cpus: int) -> Rates:
    """The sum over guests; a number that no guest has stays ``None``."""
    cores = used = read = written = received = sent = None
    for part in parts:
        cores = _plus(cores, part.cpu_cores)
        used = _plus(used, part.memory_used_kib)
        read = _plus(read, part.disk_read_bytes_s)
        written = _plus(written, part.disk_write_bytes_s)
        received = _plus(received, part.net_rx_bytes_s)
        sent = _plus(sent, part.net_tx_bytes_s)
    return Rates(
        cpu_percent=min(100.0, 100.0 * cores / host_cpus) if cores is not None and host_cpus else None,
        cpu_cores=cores,
        memory_used_kib=None if used is None else int(used),
        disk_read_bytes_s=read,
        disk_write_bytes_s=written,
        net_rx_bytes_s=received,
        net_tx_bytes_s=sent,
    )


def _plus(total: float | None, part: float | None) -> float | None:
    if part is None:
        return total
    return part if total is None else total + part
