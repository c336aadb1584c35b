"""What one host has: guests, networks, pools, node devices and secrets, as frozen records.

Everything here happens on the event loop's thread.  A batch of records goes in, the exact `Change`
comes out; work is proportional to the batch, never to the inventory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace as with_fields
from types import MappingProxyType
from typing import cast

from app.model.changes import Change
from app.model.records import (
    DomainRecord,
    HostId,
    NetworkRecord,
    NodeDeviceRecord,
    ObjectKind,
    PoolRecord,
    SecretRecord,
)
from app.signal import Signal

Record = DomainRecord | NetworkRecord | PoolRecord | NodeDeviceRecord | SecretRecord


def key_of(record: Record) -> str:
    """libvirt's own key of a record: the name of a node device, the UUID of anything else."""
    return record.name if isinstance(record, NodeDeviceRecord) else record.uuid


def keep_known(new: DomainRecord, old: DomainRecord) -> DomainRecord:
    """``new`` with what it does not say (``None``) filled in from ``old``.

    The first, fast listing brings states only, the second call the rest: a fast listing that comes
    later must not make memory and vCPUs disappear for a moment.
    """
    gaps = {
        name: value
        for name in ("autostart", "managed_save", "vcpus", "memory_kib", "max_memory_kib")
        if getattr(new, name) is None and (value := getattr(old, name)) is not None
    }
    return with_fields(new, **gaps) if gaps else new


class Inventory:
    """The records of one host; ``changed`` tells each batch that made a difference."""

    def __init__(self, host_id: HostId) -> None:
        self.host_id = host_id
        self.changed: Signal[[Change]] = Signal()
        self._records: dict[ObjectKind, dict[str, Record]] = {kind: {} for kind in ObjectKind}

    @property
    def domains(self) -> Mapping[str, DomainRecord]:
        """Guests by UUID; a live read-only view."""
        return cast(Mapping[str, DomainRecord], self._view(ObjectKind.DOMAIN))

    @property
    def networks(self) -> Mapping[str, NetworkRecord]:
        """Virtual networks by UUID; a live read-only view."""
        return cast(Mapping[str, NetworkRecord], self._view(ObjectKind.NETWORK))

    @property
    def pools(self) -> Mapping[str, PoolRecord]:
        """Storage pools by UUID; a live read-only view."""
        return cast(Mapping[str, PoolRecord], self._view(ObjectKind.POOL))

    @property
    def nodedevs(self) -> Mapping[str, NodeDeviceRecord]:
        """The host's devices by name; a live read-only view."""
        return cast(Mapping[str, NodeDeviceRecord], self._view(ObjectKind.NODEDEV))

    @property
    def secrets(self) -> Mapping[str, SecretRecord]:
        """Secrets by UUID; a live read-only view."""
        return cast(Mapping[str, SecretRecord], self._view(ObjectKind.SECRET))

    def replace(self, kind: ObjectKind, records: Iterable[Record]) -> Change:
        """A whole listing: what it does not name is gone.  Emits ``changed`` if anything differs."""
        fresh = {key_of(record): record for record in records}
        gone = self._records[kind].keys() - fresh.keys()
        return self._apply(kind, fresh, gone)

    def merge(self, kind: ObjectKind, records: Iterable[Record], gone: Iterable[str] = ()) -> Change:
        """What a re-read brought: ``records`` are new or updated, ``gone`` are keys that no longer exist.

        A key in both is kept: the record was read, so the object is there.
        """
        fresh = {key_of(record): record for record in records}
        return self._apply(kind, fresh, set(gone) - fresh.keys())

    def clear(self) -> list[Change]:
        """Forgets everything, after a disconnect; the changes that were emitted."""
        return [change for kind in ObjectKind if (change := self.replace(kind, ()))]

    def _view(self, kind: ObjectKind) -> Mapping[str, Record]:
        return MappingProxyType(self._records[kind])

    def _apply(self, kind: ObjectKind, fresh: Mapping[str, Record], gone: Iterable[str]) -> Change:
        mine = self._records[kind]
        removed = frozenset(key for key in gone if mine.pop(key, None) is not None)
        added, updated = set(), set()
        for key, record in fresh.items():
            old = mine.get(key)
            if isinstance(record, DomainRecord) and isinstance(old, DomainRecord):
                record = keep_known(record, old)  # noqa: PLW2901
            if old is None:
                added.add(key)
            elif old != record:
                updated.add(key)
            else:
                continue
            mine[key] = record
        change = Change(self.host_id, kind, frozenset(added), removed, frozenset(updated))
        if change:
            self.changed.emit(change)
        return change
