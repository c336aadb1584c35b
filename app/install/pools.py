"""Getting a storage pool ready: made, started, with room."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from html import escape

from app.errors import Busy, Exists, HostelryError, NoSpace, NotFound
from app.i18n import _
from app.install import hypervisor_user, storage_plan
from app.install.sizes import MIB, format_size
from app.jobs.job import Job
from app.model.records import PoolRecord
from app.virt import storage, volume_changes
from app.virt.session import Session
from app.virt.volumes import VolumeRecord

_LEAST_ROOM = 16 * MIB


async def ready(session: Session, name: str, job: Job) -> PoolRecord:
    """The pool ``name``, started; "" is the standard pool, which is made if it is missing.  The job's text says what is done.

    Raises ``NotFound`` if a named pool is gone, and what libvirt says.
    """
    pool = await _find(session, name or storage_plan.STANDARD_POOL)
    if pool is None:
        if name and name != storage_plan.STANDARD_POOL:
            raise NotFound(
                _("The pool “{pool}” is not there any more.").format(pool=name), next_step=_("Choose another pool and try again.")
            )
        pool = await _make_standard(session, job)
    if not pool.active:
        job.report(text=_("Starting the pool “{pool}”").format(pool=pool.name))
        await storage.start(session, pool.uuid, make_folder=True)
        pool = await _find(session, pool.name) or pool
    return pool


async def _find(session: Session, name: str) -> PoolRecord | None:
    return next((pool for pool in await storage.list_records(session) if pool.name == name), None)


async def _make_standard(session: Session, job: Job) -> PoolRecord:
    """Defined, built, started and started with the host from now on, as virt-manager does."""
    path = standard_path(session.uri)
    job.report(text=_("Making the storage pool “{pool}” in {path}").format(pool=storage_plan.STANDARD_POOL, path=path))
    text = f"<pool type='dir'><name>{storage_plan.STANDARD_POOL}</name><target><path>{escape(path)}</path></target></pool>"
    uuid = await storage.define(session, text)
    try:
        await storage.start(session, uuid, make_folder=True)
        await storage.set_autostart(session, uuid, True)
    except HostelryError:
        await storage.undefine(session, uuid)
        raise
    pool = await _find(session, storage_plan.STANDARD_POOL)
    return pool or PoolRecord(uuid, storage_plan.STANDARD_POOL, active=True, target_path=path)


def standard_path(uri: str) -> str:
    """Where libvirt's tools keep images: of the system, or of the daemon's user."""
    if not hypervisor_user.is_session(uri):
        return storage_plan.STANDARD_PATH
    uid = hypervisor_user.daemon_uid(uri)
    if uid == os.geteuid():
        data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111
        return f"{data}/libvirt/images"
    return f"{pwd.getpwuid(uid).pw_dir}/.local/share/libvirt/images"


def demand_room(pool: PoolRecord, size: int) -> None:
    """Raises ``NoSpace`` if the pool has not ``size`` bytes (and a little) left; unknown room passes."""
    if pool.available is None or pool.available >= size + _LEAST_ROOM:
        return
    raise NoSpace(
        _("The pool “{pool}” has too little space.").format(pool=pool.name),
        why=_("{needed} are needed, {free} are free.").format(
            needed=format_size(size + _LEAST_ROOM), free=format_size(pool.available)
        ),
        next_step=_("Delete something there, or choose another pool."),
    )


@dataclass(frozen=True, slots=True)
class NewVolume:
    """suffix: of the file's name (".qcow2").  format: "" where the pool has volumes of one kind only.  capacity: bytes; 0 for
    that of its source.  allocation: bytes taken at once.  backing: path of the image that it stands on, with its format.
    secret: UUID of the secret by which it is encrypted."""

    suffix: str
    format: str
    capacity: int
    allocation: int = 0
    backing: str = ""
    backing_format: str = ""
    secret: str = ""


_OF_FILES = ("", "dir", "fs", "netfs", "gluster")


def holds_files(pool: PoolRecord) -> bool:
    """Whether its volumes are files, which have formats and grow, and no devices."""
    return pool.type in _OF_FILES


async def make_volume(session: Session, pool: PoolRecord, stem: str, new: NewVolume, *, source: str = "") -> VolumeRecord:
    """A volume called ``stem.suffix``, or with a number if that file exists; nothing is ever overwritten.

    source: path of a volume of the same host, whose content it gets.
    """
    taken = {volume.name for volume in await storage.list_volumes(session, pool.uuid, formats=False)}
    for number in range(1, 10_000):
        name = f"{stem}{'' if number == 1 else f'-{number}'}{new.suffix}"
        if name in taken:
            continue
        try:
            return await _create(session, pool, _volume_xml(name, new), source)
        except Exists:
            # A file that another program made or removed behind libvirt's back: look again, and leave that name alone.
            await _refresh(session, pool)
            if name not in {volume.name for volume in await storage.list_volumes(session, pool.uuid, formats=False)}:
                return await _create(session, pool, _volume_xml(name, new), source)
            taken.add(name)
    what = _("The pool “{pool}” has too many files of this name.").format(pool=pool.name)
    raise Exists(what, next_step=_("Choose another name."))


async def _refresh(session: Session, pool: PoolRecord) -> None:
    try:
        await storage.refresh(session, pool.uuid)
    except Busy:  # an upload to the pool is going on
        return


async def refresh_holding(session: Session, folder: str) -> None:
    """Reads the pools of that folder anew, so that a file that another program put there counts as a volume."""
    for pool in await storage.list_records(session):
        if pool.active and pool.target_path == folder:
            await _refresh(session, pool)


async def _create(session: Session, pool: PoolRecord, text: str, source: str) -> VolumeRecord:
    if not source:
        return await storage.create_volume(session, pool.uuid, text)
    made = await volume_changes.clone_volume(session, pool.uuid, text, source)
    if made is None:
        raise NotFound(
            _("The pool “{pool}” lost the new volume.").format(pool=pool.name), next_step=_("Refresh the pool and try again.")
        )
    return made


def _volume_xml(name: str, new: NewVolume) -> str:
    compat = "<compat>1.1</compat>" if new.format == "qcow2" else ""
    form = f"<format type='{escape(new.format)}'/>" if new.format else ""
    encryption = ""
    if new.secret:
        encryption = f"<encryption format='luks'><secret type='passphrase' uuid='{escape(new.secret)}'/></encryption>"
    backing = ""
    if new.backing:
        path, kind = escape(new.backing), escape(new.backing_format)
        backing = f"<backingStore><path>{path}</path><format type='{kind}'/></backingStore>"
    return (
        f"<volume><name>{escape(name)}</name><capacity unit='bytes'>{new.capacity}</capacity>"
        f"<allocation unit='bytes'>{new.allocation}</allocation><target>{form}{compat}{encryption}</target>{backing}</volume>"
    )
