"""Making the disks of a planned machine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import Awaitable
from html import escape
from pathlib import Path, PurePosixPath
from uuid import uuid4

from app.errors import Failed, HostelryError, NoSpace
from app.i18n import _
from app.install import carriage, convert, disk_image, hypervisor_user, placed, pools
from app.install.bench import Bench
from app.install.made import to_its_end
from app.install.placed import PlacedDisk
from app.install.plan import DiskKind, DiskPlan, Plan
from app.install.pools import NewVolume
from app.model.records import PoolRecord
from app.settings.folders import cache_folder
from app.virt import secrets, storage, volume_changes
from app.virt.storage import VolumeRecord


async def place_all(bench: Bench, plan: Plan) -> tuple[PlacedDisk, ...]:
    """The first disk and the others, in their order."""
    wanted = [disk for disk in (plan.disk.value, *plan.more_disks) if disk.kind is not DiskKind.NONE]
    done = []
    for number, disk in enumerate(wanted):
        stem = plan.name.value if number == 0 else f"{plan.name.value}-disk{number + 1}"
        done.append(await place(bench, disk, stem))
        bench.stop_point()
    return tuple(done)


async def place(bench: Bench, disk: DiskPlan, stem: str) -> PlacedDisk:
    """One disk; ``stem`` is what its file is called after."""
    if disk.kind is DiskKind.NEW:
        return await _new(bench, disk, stem)
    if disk.kind is DiskKind.COPY:
        return await _copy(bench, disk, stem)
    if disk.kind is DiskKind.OVERLAY:
        return await _overlay(bench, disk, stem)
    return placed.of(disk, disk.path)


async def _new(bench: Bench, disk: DiskPlan, stem: str) -> PlacedDisk:
    pool = await pools.ready(bench.session, disk.pool, bench.job)
    pools.demand_room(pool, disk.size if disk.preallocate else 0)
    bench.job.report(text=_("Making the disk in the pool “{pool}”").format(pool=pool.name))
    secret = await _secret(bench, disk, stem)
    files = pools.holds_files(pool)
    allocation = disk.size if disk.preallocate or not files else 0
    suffix = f".{disk.format}" if files else ""
    new = NewVolume(suffix, disk.format if files else "", disk.size, allocation=allocation, secret=secret)
    volume = await _volume(bench, pools.make_volume(bench.session, pool, stem, new))
    return placed.of(disk, volume.path, secret)


async def _volume(bench: Bench, making: Awaitable[VolumeRecord]) -> VolumeRecord:
    """A new volume, which is taken back if the machine is not made."""

    def note(volume: VolumeRecord) -> None:
        words = _("the file {path}").format(path=volume.path)
        bench.made.add(words, lambda: storage.delete_volume(bench.session, volume.path))

    return await to_its_end(making, note)


async def _secret(bench: Bench, disk: DiskPlan, stem: str) -> str:
    """The host keeps the passphrase, so that the machine starts by itself; nobody can read it back (``private``)."""
    if not disk.passphrase:
        return ""
    identity = str(uuid4())
    text = (
        f"<secret ephemeral='no' private='yes'><uuid>{identity}</uuid>"
        f"<description>{escape(_('Passphrase of the disk of “{name}”').format(name=stem))}</description></secret>"
    )
    words = _("the secret {uuid}")
    return await to_its_end(
        secrets.define(bench.session, text, disk.passphrase.encode()),
        lambda uuid: bench.made.add(words.format(uuid=uuid), lambda: secrets.undefine(bench.session, uuid)),
    )


async def _copy(bench: Bench, disk: DiskPlan, stem: str) -> PlacedDisk:
    if disk.on_host:
        path = await _copy_on_host(bench, disk, stem)
    elif disk.converts:
        path = await _convert(bench, disk, stem)
    else:
        path = await carriage.copy_to_pool(
            bench.session, disk.path, disk.pool, bench.job, bench.made.add, form=disk.format, stem=stem
        )
    if disk.size:
        await volume_changes.resize_volume(bench.session, path, disk.size)
    return placed.of(disk, path)


async def _copy_on_host(bench: Bench, disk: DiskPlan, stem: str) -> str:
    """libvirt copies and converts; it tells no progress and cannot be stopped in it."""
    pool = await pools.ready(bench.session, disk.pool, bench.job)
    bench.job.report(text=_("Copying {path} on the host").format(path=disk.path))
    bench.job.why_not_cancellable = _("The host copies the volume, and libvirt cannot stop that.")
    new = NewVolume(f".{disk.format}", disk.format, disk.size)
    try:
        volume = await _volume(bench, pools.make_volume(bench.session, pool, stem, new, source=disk.path))
    finally:
        bench.job.why_not_cancellable = ""
    return volume.path


async def _overlay(bench: Bench, disk: DiskPlan, stem: str) -> PlacedDisk:
    pool = await pools.ready(bench.session, disk.pool, bench.job)
    pools.demand_room(pool, 0)
    bench.job.report(text=_("Making the overlay in the pool “{pool}”").format(pool=pool.name))
    size = disk.size
    if not size:
        volume = await storage.volume_by_path(bench.session, disk.path)
        size = volume.capacity if volume else (await asyncio.to_thread(disk_image.read, disk.path)).virtual_size
    new = NewVolume(".qcow2", "qcow2", size, backing=disk.path, backing_format=disk.source_format or "raw")
    volume = await _volume(bench, pools.make_volume(bench.session, pool, stem, new))
    return placed.of(disk, volume.path)


async def _convert(bench: Bench, disk: DiskPlan, stem: str) -> str:
    """Straight into the pool's folder where this user may write there; else into the cache and from there to the host."""
    pool = await pools.ready(bench.session, disk.pool, bench.job)
    image = await asyncio.to_thread(disk_image.read, disk.path)
    pools.demand_room(pool, image.actual_size)
    if await asyncio.to_thread(_writable, bench, pool):
        return await _convert_into(bench, disk, stem, pool)
    folder = cache_folder() / "conversions"
    await asyncio.to_thread(lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True))
    target = str(folder / f"{uuid4().hex}.{disk.format}")
    words = _("the file {path}").format(path=target)

    async def remove() -> None:
        await asyncio.to_thread(Path(target).unlink, missing_ok=True)

    bench.made.add(words, remove)
    await convert.convert(disk.path, disk.source_format, target, disk.format, bench.job)
    path = await carriage.copy_to_pool(bench.session, target, pool.name, bench.job, bench.made.add, form=disk.format, stem=stem)
    await remove()
    bench.made.forget(words)
    return path


def _writable(bench: Bench, pool: PoolRecord) -> bool:
    local = hypervisor_user.is_local(bench.host.uri) and pools.holds_files(pool)
    return local and os.access(pool.target_path, os.W_OK | os.X_OK)


async def _convert_into(bench: Bench, disk: DiskPlan, stem: str, pool: PoolRecord) -> str:
    """Under a name of its own first: what bears the final name is whole."""
    target = str(PurePosixPath(pool.target_path) / f".{uuid4().hex}.part")
    await convert.convert(disk.path, disk.source_format, target, disk.format, bench.job)

    def note(path: str) -> None:
        words = _("the file {path}").format(path=path)
        bench.made.add(words, lambda: asyncio.to_thread(Path(path).unlink, missing_ok=True))

    path = await to_its_end(asyncio.to_thread(_settle, target, pool.target_path, stem, disk.format), note)
    try:
        await storage.refresh(bench.session, pool.uuid)
    except HostelryError:  # an upload to the pool is going on: the machine does not need the pool to know the file
        return path
    return path


def _settle(target: str, folder: str, stem: str, form: str) -> str:
    """Gives the finished file its name, or the next that is free; without one it is removed.  Raises ``Failed``, ``NoSpace``."""
    number = 1
    try:
        while True:
            path = Path(folder) / f"{stem}{'' if number == 1 else f'-{number}'}.{form}"
            try:
                _name(target, path)
            except FileExistsError:
                number += 1
                continue
            return str(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(target).unlink(missing_ok=True)
        kind = NoSpace if error.errno in (errno.ENOSPC, errno.EDQUOT) else Failed
        what = _("The disk cannot be put into {folder}.").format(folder=folder)
        raise kind(what, why=error.strerror or "", next_step=_("Choose another pool."), raw=str(error)) from error


def _name(target: str, path: Path) -> None:
    """Raises ``FileExistsError``: no other file is ever overwritten."""
    try:
        os.link(target, path)
    except FileExistsError:
        raise
    except OSError:  # file systems without links: the name is taken by an empty file first, and only that is replaced
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            Path(target).replace(path)
        except OSError:
            path.unlink()
            raise
        return
    Path(target).unlink()
