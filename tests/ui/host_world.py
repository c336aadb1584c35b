"""Hosts for tests of the list: the real inventory, statistics and filter, without libvirt."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from app.model.inventory import Inventory
from app.model.records import DomainRecord, DomainState, HostRecord, ObjectKind
from app.model.sample import DomainSample, StatsSample
from app.model.statistics import Statistics
from app.signal import Signal


class State(Enum):
    """Stands for `app.virt.session.SessionState`, which imports libvirt."""

    DISCONNECTED = 0
    CONNECTING = 1
    CONNECTED = 2
    WAITING = 3
    FAILED = 4


@dataclass(frozen=True)
class Address:
    address: str
    source: str = "lease"


class World:
    """A list of hosts that tests change."""

    def __init__(self) -> None:
        self.hosts: list[WorldHost] = []
        self.added: Signal[[Any]] = Signal()
        self.removed: Signal[[Any]] = Signal()

    def add(self, host: WorldHost, place: int | None = None) -> WorldHost:
        self.hosts.insert(len(self.hosts) if place is None else place, host)
        self.added.emit(host)
        return host

    def remove(self, host: WorldHost) -> None:
        self.hosts.remove(host)
        self.removed.emit(host)


@dataclass(eq=False)
class WorldHost:
    uri: str
    label: str = ""
    state: State = State.CONNECTED
    error: Exception | None = None
    record: HostRecord | None = field(default_factory=lambda: HostRecord("h", cpus=16, memory_kib=64 << 20))
    changed: Signal[[Any]] = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.id = self.uri
        self.inventory = Inventory(self.uri)
        self.statistics = Statistics(self.uri, host_cpus=16)
        self.addresses: dict[str, tuple[Address, ...]] = {}
        self.addresses_changed: Signal[[frozenset[str]]] = Signal()

    def tell(self, uuid: str, *addresses: Address) -> None:
        self.addresses[uuid] = addresses
        self.addresses_changed.emit(frozenset({uuid}))

    def put(self, *records: DomainRecord) -> None:
        self.inventory.merge(ObjectKind.DOMAIN, records)

    def drop(self, *uuids: str) -> None:
        self.inventory.merge(ObjectKind.DOMAIN, (), gone=uuids)

    def set_state(self, state: State, error: Exception | None = None) -> None:
        self.state, self.error = state, error
        self.changed.emit(self)


def guest(number: int, state: DomainState = DomainState.RUNNING, **more: Any) -> DomainRecord:
    """A guest as a listing brings it."""
    on = state not in (DomainState.SHUTOFF, DomainState.NOSTATE)
    facts: dict[str, Any] = {
        "name": f"vm-{number}",
        "vcpus": 1 + number % 8,
        "memory_kib": (number % 16 + 1) << 19,
        "autostart": number % 3 == 0,
    }
    return DomainRecord(uuid=f"{number:032x}", id=number if on else -1, state=state, **(facts | more))


class Load:
    """Counters that rise as those of busy guests do."""

    def __init__(self, host: WorldHost) -> None:
        self.host = host
        self.tick = 0
        self._sums: dict[str, list[float]] = {}

    def sample(self) -> StatsSample:
        self.tick += 1
        domains = {uuid: self._one(number, uuid) for number, uuid in enumerate(self.host.inventory.domains)}
        return StatsSample(at_s=float(self.tick), domains=domains)

    def _one(self, number: int, uuid: str) -> DomainSample:
        record = self.host.inventory.domains[uuid]
        if not record.active:
            return DomainSample(state=record.state)
        wave = (1 + math.sin(self.tick / (2 + number % 7) + number)) / 2
        spike = 1.0 if (self.tick + number * 7) % 19 < 2 else 0.0
        sums = self._sums.setdefault(uuid, [0.0] * 5)
        vcpus = record.vcpus or 1
        sums[0] += 1e9 * vcpus * min(1.0, wave * (number % 5) / 4 + 0.03)
        sums[1] += spike * 8e6 * (number % 9)
        sums[2] += wave * 4e5 * (number % 4)
        sums[3] += wave * 10 ** (number % 8)
        sums[4] += spike * 3e5
        memory = record.memory_kib or 1 << 20
        return DomainSample(
            cpu_time_ns=int(sums[0]), vcpus=vcpus, balloon_kib=memory, available_kib=memory, state=record.state,
            usable_kib=int(memory * (0.3 + 0.5 * wave * (number % 3) / 2)), disk_read_bytes=int(sums[1]),
            disk_write_bytes=int(sums[2]),
            net_rx_bytes=int(sums[3]), net_tx_bytes=int(sums[4]),
        )  # fmt: skip
