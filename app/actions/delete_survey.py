"""Finds out what a deletion would take away, before anybody is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.conditions import is_active
from app.actions.context import Target
from app.actions.delete_plan import DeletePlan, MachinePlan, StorageItem, StorageKind
from app.errors import TimedOut
from app.hosts.place import is_here
from app.i18n import _, ngettext
from app.install import disk_image
from app.install.background import in_thread
from app.model.records import PoolRecord
from app.virt import disk_use, domains, storage
from app.virt.disk_use import DiskSource, Users
from app.virt.safe_xml import parse
from app.virt.storage import VolumeRecord

if TYPE_CHECKING:
    from app.hosts.host import Host

OWN_POOLS = frozenset({"dir", "fs", "netfs", "logical", "zfs", "vstorage", "rbd", "gluster", "sheepdog"})
"""Pools whose volumes are made for machines; in the others (disk, iscsi, scsi, mpath) they are hardware."""


FILES_S = 20.0
"""For following disks on this computer to their base images; a share that is gone must not hold up the rest."""


async def survey(targets: Sequence[Target]) -> DeletePlan:
    """Reads definitions, storage and its other users from the hosts; changes nothing.  Raises HostelryError."""
    by_host: dict[str, list[Target]] = {}
    for target in targets:
        by_host.setdefault(target.host.id, []).append(target)
    plans = await asyncio.gather(*(_of_host(listed[0].host, listed) for listed in by_host.values()))
    found = {(plan.target.host.id, plan.target.record.uuid): plan for listed in plans for plan in listed}
    return DeletePlan(tuple(found[target.host.id, target.record.uuid] for target in targets))


async def _of_host(host: Host, targets: Sequence[Target]) -> list[MachinePlan]:
    users = await other_users(host, frozenset(target.record.uuid for target in targets))
    # Read anew: the inventory may not have them yet, soon after connecting.
    pools = {pool.uuid: pool for pool in await storage.list_records(host.session)}
    return [await _machine(target, _Known(host, users, pools)) for target in targets]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one host before its machines are looked at."""

    host: Host
    users: Users
    pools: dict[str, PoolRecord]


async def other_users(host: Host, apart_from: frozenset[str]) -> Users:
    """Who uses what, among all machines of the host but some."""
    guests = [(uuid, record.name) for uuid, record in host.inventory.domains.items() if uuid not in apart_from]
    found = await disk_use.users(host.session, guests)
    if not await is_here(host):
        return found
    try:
        return await in_thread(lambda: users_here(found), timeout_s=FILES_S, what=_("The disks' files do not answer."))
    except TimedOut as error:
        return replace(found, unchecked=(*found.unchecked, error.what))


def users_here(users: Users) -> Users:
    """The same with what only this computer's file system knows: base images outside of all pools, and other spellings
    of a path (links).  Blocks."""
    found: dict[str, set[str]] = {}
    for path, names in users.by_path.items():
        for place in (path, *disk_image.chain(path)):
            for spelling in (place, os.path.realpath(place)):
                found.setdefault(spelling, set()).update(names)
    return replace(users, by_path={path: frozenset(names) for path, names in found.items()})


async def users_of(host: Host, users: Users, path: str) -> tuple[str, ...]:
    """Names of the machines that use a path, or the file that it leads to."""
    if not await is_here(host):
        return users.of(path)
    real = await asyncio.to_thread(os.path.realpath, path)
    return tuple(sorted({*users.of(path), *users.of(real)}))


async def _machine(target: Target, known: _Known) -> MachinePlan:
    session, uuid = target.host.session, target.record.uuid
    xml = await domains.xml(session, uuid, inactive=target.record.persistent)
    items: list[StorageItem] = []
    for disk in disk_use.disks(xml):
        items += [replace(item, host_id=target.host.id) for item in await _items(known, disk)]
    return MachinePlan(
        target,
        xml,
        running=is_active(target.record),
        persistent=target.record.persistent,
        storage=tuple(items),
        extras=await _extras(target, xml),
    )


async def _extras(target: Target, xml: str) -> tuple[str, ...]:
    """What goes with the definition besides storage, in words."""
    left = await domains.leftovers(target.host.session, target.record.uuid)
    root = parse(xml)
    found = []
    if root.find("os/nvram") is not None or root.find("os[@firmware='efi']") is not None:
        found.append(_("the firmware's variables (NVRAM)"))
    if root.find("devices/tpm/backend[@type='emulator']") is not None:
        found.append(_("the TPM's state, with keys that a guest may need to decrypt its disk"))
    if left.managed_save:
        found.append(_("the saved state"))
    if left.snapshots:
        text = ngettext("the list of {count} snapshot", "the list of {count} snapshots", left.snapshots)
        found.append(text.format(count=left.snapshots))
    if left.checkpoints:
        text = ngettext("the list of {count} backup checkpoint", "the list of {count} backup checkpoints", left.checkpoints)
        found.append(text.format(count=left.checkpoints))
    return tuple(found)


async def _items(known: _Known, disk: DiskSource) -> list[StorageItem]:
    """The disk itself, then the files that it stands on."""
    session = known.host.session
    path = disk.path or (await disk_use.volume_path(session, disk.pool, disk.volume) if disk.pool else "")
    if not path:
        where = f"{disk.pool}/{disk.volume}" if disk.pool else disk.where or disk.type
        gone, network = _("The volume is not there, or its pool is stopped"), _("Storage on the network is not deleted from here")
        why = gone if disk.pool else network
        return [StorageItem(where, disk.target, disk.device, why_not=why, locked=True, format=disk.format)]
    own = await _item(known, path, disk)
    bases = dict.fromkeys((*disk.backing, *await disk_use.chain(session, path)))
    return [own, *[await _base(known, base, disk) for base in bases]]


async def _item(known: _Known, path: str, disk: DiskSource) -> StorageItem:
    found = await _found(known, path, disk)
    why = found.why_not or _why_unticked(disk, found, known.users)
    tick = not why and not found.locked and not found.used_by
    return replace(found, format=found.format or disk.format, why_not=why, tick=tick)


async def _base(known: _Known, path: str, disk: DiskSource) -> StorageItem:
    """A backing file: often shared by machines that come later, so never ticked."""
    found = await _found(known, path, disk)
    return replace(found, tick=False, why_not=found.why_not or _("Base image of “{disk}”").format(disk=disk.target))


def _why_unticked(disk: DiskSource, item: StorageItem, users: Users) -> str:
    if disk.device in ("cdrom", "floppy") or item.path.lower().endswith(".iso"):
        return _("A medium, not a disk of the machine")
    if disk.readonly:
        return _("Read-only in this machine")
    if disk.shareable:
        return _("Shared on purpose")
    if users.unchecked:
        return _("Not all machines could be asked in time whether they use it")
    return ""


async def _found(known: _Known, path: str, disk: DiskSource) -> StorageItem:
    """What libvirt or the file system knows of the path."""
    volume = await _volume(known, path)
    used_by = await users_of(known.host, known.users, path)
    if volume is None:
        return await _loose_file(known.host, StorageItem(path, disk.target, disk.device, used_by=used_by))
    pool = known.pools.get(volume.pool)
    hardware = pool is not None and bool(pool.type) and pool.type not in OWN_POOLS
    return StorageItem(
        path,
        disk.target,
        disk.device,
        StorageKind.VOLUME,
        size_bytes=volume.allocation,
        format=volume.format,
        pool=pool.name if pool is not None else "",
        volume=volume.name,
        used_by=used_by,
        why_not=_("A device of the host") if hardware else "",
    )


async def _volume(known: _Known, path: str) -> VolumeRecord | None:
    """The volume of a path; a pool that was not looked at since the file came is refreshed first."""
    volume = await storage.volume_by_path(known.host.session, path)
    if volume is not None:
        return volume
    folder = str(Path(path).parent)
    pool = next((pool for pool in known.pools.values() if pool.active and pool.target_path == folder), None)
    if pool is None:
        return None
    await storage.refresh(known.host.session, pool.uuid)
    return await storage.volume_by_path(known.host.session, path)


async def _loose_file(host: Host, item: StorageItem) -> StorageItem:
    """A path in no pool: only a file of this machine, in a folder that this user may write, can be deleted."""
    if not await is_here(host):
        return replace(item, locked=True, why_not=_("In no storage pool of the host, so it cannot be deleted from here"))
    return await asyncio.to_thread(_local_file, item)


def _local_file(item: StorageItem) -> StorageItem:
    path = Path(item.path)
    try:
        facts = path.stat()
    except FileNotFoundError:
        return replace(item, locked=True, why_not=_("The file is not there"))
    except OSError:
        return replace(item, locked=True, why_not=_("In no storage pool, and you may not see it"))
    if not path.is_file():
        return replace(item, locked=True, why_not=_("A device of the host"))
    item = replace(item, kind=StorageKind.FILE, size_bytes=facts.st_blocks * 512)
    if not os.access(path.parent, os.W_OK):
        return replace(item, locked=True, why_not=_("In no storage pool, and you may not delete it"))
    return item
