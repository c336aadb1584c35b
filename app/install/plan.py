"""What a new machine will be: every answer with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Generic, TypeVar

from app.i18n import N_, _
from app.install.access import Access
from app.install.media import Medium
from app.install.osinfo import GENERIC, System

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recommended(Generic[T]):
    """A value and, in one sentence, why."""

    value: T
    reason: str = ""


class DiskKind(Enum):
    """Where the machine's disk comes from."""

    NEW = "new"
    USE = "use"
    COPY = "copy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """size: bytes of the guest's disk.  pool: name of the pool for NEW and COPY; "" makes the standard one.
    path: the image for USE and COPY.  format: of the image as the guest will use it."""

    kind: DiskKind
    size: int = 0
    pool: str = ""
    path: str = ""
    format: str = "qcow2"


class NetworkKind(Enum):
    """How the machine reaches the world."""

    NETWORK = "network"
    BRIDGE = "bridge"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """source: the network's or bridge's name.  start: the network is off and will be started."""

    kind: NetworkKind
    source: str = ""
    start: bool = False


class Firmware(Enum):
    """What starts the machine."""

    BIOS = "bios"
    UEFI = "uefi"
    UEFI_SECURE = "uefi-secure"


FIRMWARE_WORDS = {Firmware.BIOS: N_("BIOS"), Firmware.UEFI: N_("UEFI"), Firmware.UEFI_SECURE: N_("UEFI with Secure Boot")}


class Acceleration(Enum):
    """libvirt's domain types for a whole machine."""

    KVM = "kvm"
    EMULATION = "qemu"
    PRACTICE = "test"


ACCELERATION_WORDS = {
    Acceleration.KVM: N_("KVM (full speed)"),
    Acceleration.EMULATION: N_("Emulation (slow)"),
    Acceleration.PRACTICE: N_("Practice machine"),
}


class Way(Enum):
    """How the hypervisor comes by the medium's file."""

    DIRECT = "direct"
    GRANT = "grant"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Delivery:
    """access: what was found out, for GRANT.  pool: where the copy goes, "" for the standard pool."""

    way: Way = Way.DIRECT
    access: Access | None = None
    pool: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One machine to be.  memory: MiB.  chosen: names of the fields that the user set; they survive another system."""

    name: Recommended[str]
    os: Recommended[System]
    memory: Recommended[int]
    vcpus: Recommended[int]
    disk: Recommended[DiskPlan]
    network: Recommended[NetworkPlan]
    firmware: Recommended[Firmware]
    accel: Recommended[Acceleration]
    medium: Medium | None = None
    delivery: Delivery = field(default_factory=Delivery)
    chosen: frozenset[str] = field(default=frozenset())

    def choose(self, name: str, value: Any) -> Plan:
        """The plan with the user's ``value`` for the field ``name``; the reason says what was recommended."""
        current = getattr(self, name)
        if current.value == value:
            return self
        changes: dict[str, Any] = {name: Recommended(value, _("Your choice.")), "chosen": self.chosen | {name}}
        return replace(self, **changes)

    @property
    def system(self) -> System:
        return self.os.value or GENERIC

    @property
    def memory_bytes(self) -> int:
        return self.memory.value << 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field ("name", "memory" ...); ``blocks`` if the machine cannot be made so."""

    field: str
    text: str
    blocks: bool = True
