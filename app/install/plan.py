"""What a new machine will be: every answer with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.i18n import _
from app.install.access import Access
from app.install.choices import (
    ACCELERATION_WORDS,
    FIRMWARE_WORDS,
    GRAPHICS_WORDS,
    Acceleration,
    DiskKind,
    DiskPlan,
    Firmware,
    Folder,
    Forward,
    Graphics,
    NetworkKind,
    NetworkPlan,
    Platform,
)
from app.install.media import Medium
from app.install.osinfo import GENERIC, System
from app.install.stage import Cd

if TYPE_CHECKING:
    from app.install.profile.profile import Profile
    from app.install.seed.form import Form
    from app.install.sources.source import Source
    from app.install.unattended.delivery import Carrier

__all__ = [
    "ACCELERATION_WORDS",
    "FIRMWARE_WORDS",
    "GRAPHICS_WORDS",
    "Acceleration",
    "Cd",
    "Delivery",
    "DiskKind",
    "DiskPlan",
    "Firmware",
    "Folder",
    "Forward",
    "Graphics",
    "NetworkKind",
    "NetworkPlan",
    "Plan",
    "Platform",
    "Problem",
    "Recommended",
    "Way",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recommended(Generic[T]):
    """A value and, in one sentence, why."""

    value: T
    reason: str = ""


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


def _graphics() -> Recommended[Graphics]:
    return Recommended(Graphics.VNC)


def _platform() -> Recommended[Platform]:
    return Recommended(Platform())


def _no_drivers() -> Recommended[str]:
    return Recommended("")


@dataclass(frozen=True, slots=True)
class Plan:
    """One machine to be.  memory: MiB.  chosen: names of the fields that the user set; they survive another system.

    source: where it comes from; medium: its file where that is a local one.  drivers: path on the host of a disc with drivers
    for the system, put in beside the medium.  extra_cds: further discs (a seed, answers), in their order.
    more_disks, more_networks: beside the first.  folders: shared with the guest, which makes its memory shared too.
    seed: the first settings of a system with cloud-init.  answers: a disc or floppy with an installer's script, made here;
    its file is moved to the host.  profile: a set of settings that is applied to the definition.
    virtio_ready: the system gets drivers for virtio while it is installed, so it may have the fast devices at once.
    """

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
    source: Source | None = None
    platform: Recommended[Platform] = field(default_factory=_platform)
    graphics: Recommended[Graphics] = field(default_factory=_graphics)
    drivers: Recommended[str] = field(default_factory=_no_drivers)
    more_disks: tuple[DiskPlan, ...] = ()
    more_networks: tuple[NetworkPlan, ...] = ()
    folders: tuple[Folder, ...] = ()
    extra_cds: tuple[Cd, ...] = ()
    seed: Form | None = None
    answers: Carrier | None = None
    profile: Profile | None = None
    virtio_ready: bool = False
    autostart: bool = False
    title: str = ""

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
