"""What no event tells: counters and addresses of guests, read on a beat while someone looks."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import fields, replace

from app.errors import HostelryError
from app.hosts.tasks import Tasks
from app.model.inventory import Inventory
from app.model.records import DomainState
from app.model.sample import DomainSample, StatsSample
from app.model.statistics import Statistics
from app.signal import Signal
from app.virt import domains, stats
from app.virt.guest import Address
from app.virt.hedge import hedged
from app.virt.session import Session
from app.virt.stats import CHEAP, FULL

log = logging.getLogger(__name__)

LATE_S = 2.0
"""A poll that takes longer than this, and than four times the last one, has probably met a guest that hangs."""

ADDRESS_INTERVAL_S = 15.0


class StatsPoller:
    """Samples one host on a beat, one poll at a time; a poll that hangs is left behind (``app.virt.hedge``)."""

    def __init__(self, session: Session, inventory: Inventory, statistics: Statistics) -> None:
        self.interval_s = 3.0
        self.visible: frozenset[str] = frozenset()
        self.watched = False
        self._session = session
        self._inventory = inventory
        self._statistics = statistics
        self._tasks = Tasks()
        self._wake = asyncio.Event()
        self._last_s = 0.5

    def watch(self, on: bool) -> None:
        """Someone looks, or nobody does."""
        self.watched = on
        if on:
            self._wake.set()

    def start(self) -> None:
        """After connecting."""
        self.stop()
        self._wake = asyncio.Event()
        self._tasks.start(self._beat())

    def stop(self) -> None:
        """The connection is down."""
        self._tasks.stop()

    async def _beat(self) -> None:
        while True:
            if not self.watched:
                self._wake.clear()
                await self._wake.wait()
            begun_s = time.monotonic()
            late = False
            try:
                late = await self._poll()
            except HostelryError as error:
                log.info("%s (%s)", error, error.raw)
            took_s = time.monotonic() - begun_s
            if not late:
                self._last_s = took_s
            await asyncio.sleep(max(self.interval_s - took_s, self.interval_s / 4))

    async def _poll(self) -> bool:
        """Whether it met a guest that hangs."""
        running = {uuid for uuid, record in self._inventory.domains.items() if record.active}
        if not running:
            return False
        detailed = running & self.visible
        late_s = max(LATE_S, 4 * self._last_s)
        parts: list[StatsSample] = []
        late = False
        if running - detailed:
            part, late = await hedged(lambda: stats.sample(self._session, None, CHEAP), late_s)
            parts.append(part)
        if detailed:
            part, late_too = await hedged(lambda: stats.sample(self._session, detailed, FULL), late_s)
            late = late or late_too
            parts.append(part)
        sample = parts[0] if len(parts) == 1 else _joined(*parts)
        self._statistics.add(replace(sample, partial=late))
        return late


def _joined(cheap: StatsSample, full: StatsSample) -> StatsSample:
    """Both, with the fuller numbers of guests that are in both."""
    merged = dict(cheap.domains)
    for uuid, sample in full.domains.items():
        old = merged.get(uuid)
        merged[uuid] = sample if old is None else _filled(sample, old)
    return StatsSample(full.at_s, merged)


def _filled(new: DomainSample, old: DomainSample) -> DomainSample:
    gaps = {field.name: getattr(old, field.name) for field in fields(new) if getattr(new, field.name) is None}
    return replace(new, **gaps)


class AddressPoller:
    """Reads the addresses of visible running guests, one guest after the other, so that agents that hang cost one slot."""

    def __init__(self, session: Session, inventory: Inventory) -> None:
        self.found: dict[str, tuple[Address, ...]] = {}
        self.changed: Signal[[frozenset[str]]] = Signal()
        self._session = session
        self._inventory = inventory
        self._visible: frozenset[str] = frozenset()
        self._watched = False
        self._tasks = Tasks()
        self._wake = asyncio.Event()
        self._read_at_s: dict[str, float] = {}

    def watch(self, on: bool) -> None:
        """Someone looks, or nobody does."""
        self._watched = on
        self._wake.set()

    def look_at(self, uuids: frozenset[str]) -> None:
        """Which guests are on the screen; those not read lately are read at once."""
        self._visible = uuids
        self._wake.set()

    def start(self) -> None:
        """After connecting."""
        self.stop()
        self._wake = asyncio.Event()
        self._tasks.start(self._run())

    def stop(self) -> None:
        """The connection is down."""
        self._tasks.stop()
        self._read_at_s.clear()

    async def _run(self) -> None:
        while True:
            for uuid in self._due():
                await self._read(uuid)
            self._drop_stopped()
            self._wake.clear()
            try:
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event.
                async with asyncio.timeout(1.0 if self._watched and self._visible else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _due(self) -> list[str]:
        if not self._watched:
            return []
        now_s = time.monotonic()
        return [
            uuid
            for uuid in self._visible
            if self._runs(uuid) and now_s - self._read_at_s.get(uuid, -ADDRESS_INTERVAL_S) >= ADDRESS_INTERVAL_S
        ]

    def _runs(self, uuid: str) -> bool:
        record = self._inventory.domains.get(uuid)
        return record is not None and record.state is DomainState.RUNNING

    async def _read(self, uuid: str) -> None:
        self._read_at_s[uuid] = time.monotonic()
        try:
            found = tuple(await domains.addresses(self._session, uuid))
        except HostelryError:
            return  # it stopped meanwhile or hangs; what was known stays until it stops
        if self._runs(uuid):
            self._take(uuid, found)

    def _take(self, uuid: str, found: tuple[Address, ...]) -> None:
        if found == self.found.get(uuid, ()):
            return
        if found:
            self.found[uuid] = found
        else:
            self.found.pop(uuid, None)
        self.changed.emit(frozenset({uuid}))

    def _drop_stopped(self) -> None:
        gone = frozenset(uuid for uuid in self.found if not self._runs(uuid))
        for uuid in gone:
            del self.found[uuid]
            self._read_at_s.pop(uuid, None)
        if gone:
            self.changed.emit(gone)
