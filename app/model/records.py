"""Frozen records of what libvirt said.  They hold no libvirt object and may cross threads.

A host is named by its ``host_id`` (the saved connection's identity: its URI), an object on it by
libvirt's own key: UUID for domains, networks, pools and secrets, name for node devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from app.i18n import N_

HostId = str
"""The connection's URI, as saved."""


class DomainRef(NamedTuple):
    """Which guest on which host."""

    host_id: HostId
    uuid: str


class ObjectKind(Enum):
    """Kinds of object that a host lists and sends events about."""

    DOMAIN = "domain"
    NETWORK = "network"
    POOL = "pool"
    NODEDEV = "nodedev"
    SECRET = "secret"  # noqa: S105 (a kind of object)


class DomainState(IntEnum):
    """virDomainState, same numbers."""

    NOSTATE = 0
    RUNNING = 1
    BLOCKED = 2
    PAUSED = 3
    SHUTDOWN = 4
    SHUTOFF = 5
    CRASHED = 6
    PMSUSPENDED = 7


STATE_WORDS: dict[DomainState, str] = {
    DomainState.NOSTATE: N_("Unknown"),
    DomainState.RUNNING: N_("Running"),
    DomainState.BLOCKED: N_("Blocked"),
    DomainState.PAUSED: N_("Paused"),
    DomainState.SHUTDOWN: N_("Shutting down"),
    DomainState.SHUTOFF: N_("Off"),
    DomainState.CRASHED: N_("Crashed"),
    DomainState.PMSUSPENDED: N_("Asleep"),
}


@dataclass(frozen=True, slots=True)
class DomainRecord:
    """One guest as the list shows it; ``None`` means not read yet (the second, slower call brings it).

    id: hypervisor's number, -1 when off.  reason: libvirt's state reason for ``state``.
    memory_kib: current balloon; max_memory_kib: maximum.
    """

    uuid: str
    name: str
    id: int = -1
    state: DomainState = DomainState.NOSTATE
    reason: int = 0
    title: str = ""
    persistent: bool = True
    autostart: bool | None = None
    managed_save: bool | None = None
    vcpus: int | None = None
    memory_kib: int | None = None
    max_memory_kib: int | None = None

    @property
    def active(self) -> bool:
        """True if the hypervisor has it in memory: running, paused, asleep, shutting down, crashed-kept."""
        return self.state not in (DomainState.SHUTOFF, DomainState.NOSTATE) and self.id >= 0


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """One virtual network."""

    uuid: str
    name: str
    active: bool = False
    persistent: bool = True
    autostart: bool = False
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """One storage pool; sizes in bytes, ``None`` when inactive."""

    uuid: str
    name: str
    active: bool = False
    persistent: bool = True
    autostart: bool = False
    capacity: int | None = None
    allocation: int | None = None
    available: int | None = None
    target_path: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class NodeDeviceRecord:
    """One device of the host."""

    name: str
    parent: str = ""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """One secret's identity; never its value."""

    uuid: str
    usage: str = ""


@dataclass(frozen=True, slots=True)
class HostRecord:
    """Facts of a connected host; sizes in KiB."""

    hostname: str = ""
    driver: str = ""
    arch: str = ""
    cpu_model: str = ""
    cpus: int = 0
    memory_kib: int = 0
    libvirt_version: int = 0
    hypervisor_version: int = 0
