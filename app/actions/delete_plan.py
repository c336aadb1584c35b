"""What a deletion would take away: gathered first, shown, and only then done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from app.actions.context import Target


class StorageKind(Enum):
    """How a piece of storage is deleted."""

    VOLUME = "volume"
    """libvirt knows it in a pool: deleted there."""
    FILE = "file"
    """A file of this machine in no pool: deleted by this program."""
    OTHER = "other"
    """Nothing that can be deleted from here (a network disk, a file of another machine); only named."""


@dataclass(frozen=True, slots=True)
class StorageItem:
    """One disk's storage.

    path: file, block device or volume key as the definition has it; what the user sees.  host_id: where it is.
    target: the disk's name in the guest ("vda").  device: disk, cdrom, floppy, lun.
    size_bytes: room taken on the host; None if unknown.  format: qcow2, raw ... or empty.
    pool, volume: names, when in a pool.
    used_by: names of other machines that use it, also by their backing chains.
    tick: whether it is proposed for deletion.  why_not: why it is not, in words.
    locked: it cannot be ticked at all (nothing here could delete it).
    """

    path: str
    target: str = ""
    device: str = "disk"
    kind: StorageKind = StorageKind.OTHER
    size_bytes: int | None = None
    format: str = ""
    pool: str = ""
    volume: str = ""
    used_by: Sequence[str] = ()
    tick: bool = False
    why_not: str = ""
    locked: bool = False
    host_id: str = ""

    @property
    def key(self) -> str:
        """Tells this storage from any other, also on another host."""
        return f"{self.host_id} {self.path}"


@dataclass(frozen=True, slots=True)
class MachinePlan:
    """One machine of a deletion.

    xml: the inactive definition as it was read, without passwords; kept in the history.
    running: it will be forced off first.  extras: what goes with the definition, in words
    ("NVRAM (UEFI variables)", "2 snapshots").
    """

    target: Target
    xml: str
    running: bool
    persistent: bool = True
    storage: Sequence[StorageItem] = ()
    extras: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DeletePlan:
    """Everything that is shown before a deletion."""

    machines: Sequence[MachinePlan]

    @property
    def storage(self) -> tuple[StorageItem, ...]:
        """All storage of all machines, each once."""
        seen: dict[str, StorageItem] = {}
        for machine in self.machines:
            for item in machine.storage:
                seen.setdefault(item.key, item)
        return tuple(seen.values())


@dataclass(frozen=True, slots=True)
class DeleteRequest:
    """The user's answer: the plan as it was shown, and the keys of the storage to delete with it."""

    plan: DeletePlan
    storage: frozenset[str] = frozenset()

    def chosen(self, machine: MachinePlan) -> tuple[StorageItem, ...]:
        """The storage of one machine that is to be deleted with it."""
        return tuple(item for item in machine.storage if item.key in self.storage and not item.locked)
