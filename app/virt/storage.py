"""Storage pools of a host; volumes are in ``volumes``, whose functions are offered here too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from xml.etree.ElementTree import ParseError

from app.i18n import _
from app.model.records import PoolRecord
from app.virt.binding import libvirt
from app.virt.domain_call import CHANGE_S, READ_S
from app.virt.errors import is_unsupported
from app.virt.lookup import PROBE_PREFIX
from app.virt.safe_xml import parse
from app.virt.session import Session
from app.virt.upload import upload
from app.virt.volume_read import read_piece
from app.virt.volumes import (
    VolumeRecord,
    create_volume,
    delete_volume,
    list_volumes,
    volume_by_path,
    volume_xml,
)

__all__ = [
    "VolumeRecord",
    "build",
    "create_volume",
    "define",
    "delete_volume",
    "list_records",
    "list_volumes",
    "read_piece",
    "refresh",
    "set_autostart",
    "start",
    "stop",
    "undefine",
    "upload",
    "volume_by_path",
    "volume_xml",
    "xml",
]

T = TypeVar("T")
SLOW_S = 120.0
"""Starting or refreshing a pool reads a whole folder, share or volume group."""


async def list_records(session: Session) -> list[PoolRecord]:
    """All pools; empty where the driver has none."""
    return await session.call(_list, what=_("Cannot list the storage pools."), timeout_s=SLOW_S, background=True)


def _list(conn: libvirt.virConnect) -> list[PoolRecord]:
    try:
        pools = conn.listAllStoragePools()
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return []
    shown = [pool for pool in pools if not pool.name().startswith(PROBE_PREFIX)]
    return [record for pool in shown if (record := _record(pool)) is not None]


def _record(pool: libvirt.virStoragePool) -> PoolRecord | None:
    try:
        state, capacity, allocation, available = pool.info()
        active, persistent = state != libvirt.VIR_STORAGE_POOL_INACTIVE, bool(pool.isPersistent())
        path, kind = _path_and_type(pool.XMLDesc(0))
        return PoolRecord(
            pool.UUIDString(),
            pool.name(),
            active=active,
            persistent=persistent,
            autostart=persistent and bool(pool.autostart()),
            capacity=capacity if active else None,
            allocation=allocation if active else None,
            available=available if active else None,
            target_path=path,
            type=kind,
        )
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_STORAGE_POOL:
            return None  # it went between the listing and now
        raise


def _path_and_type(text: str) -> tuple[str, str]:
    try:
        root = parse(text)
    except ParseError:
        return "", ""
    return root.findtext("target/path") or "", root.get("type") or ""


async def _on(session: Session, uuid: str, what: str, fn: Callable[[libvirt.virStoragePool], T], timeout_s: float = SLOW_S) -> T:
    return await session.call(lambda conn: fn(conn.storagePoolLookupByUUIDString(uuid)), what=what, timeout_s=timeout_s)


async def xml(session: Session, uuid: str, *, inactive: bool = False) -> str:
    """The pool's XML.  inactive: as of its next start."""

    def work(pool: libvirt.virStoragePool) -> str:
        return pool.XMLDesc(libvirt.VIR_STORAGE_XML_INACTIVE if inactive else 0)

    return await _on(session, uuid, _("Cannot read the pool's description."), work, READ_S)


async def define(session: Session, text: str) -> str:
    """Makes or changes a pool's definition; its UUID."""
    what = _("Cannot define the storage pool.")
    return await session.call(lambda conn: conn.storagePoolDefineXML(text, 0).UUIDString(), what=what, timeout_s=CHANGE_S)


async def build(session: Session, uuid: str) -> None:
    """Makes what the pool stands on, such as its folder; an existing folder is left as it is.  Never formats a disk over data."""
    await _on(session, uuid, _("Cannot prepare the storage pool."), lambda pool: pool.build(0))


async def start(session: Session, uuid: str, *, make_folder: bool = False) -> None:
    """Starts a pool.  make_folder: creates the folder of a directory pool when it is missing."""

    def work(pool: libvirt.virStoragePool) -> None:
        pool.create(libvirt.VIR_STORAGE_POOL_CREATE_WITH_BUILD if make_folder else 0)

    await _on(session, uuid, _("Cannot start the storage pool."), work)


async def stop(session: Session, uuid: str) -> None:
    """Stops a pool; its files stay."""
    await _on(session, uuid, _("Cannot stop the storage pool."), lambda pool: pool.destroy())


async def undefine(session: Session, uuid: str) -> None:
    """Removes a pool's definition; its files stay."""
    await _on(session, uuid, _("Cannot remove the storage pool."), lambda pool: pool.undefine())


async def refresh(session: Session, uuid: str) -> None:
    """Reads the pool's content anew, so that files made by other programs are seen."""
    await _on(session, uuid, _("Cannot refresh the storage pool."), lambda pool: pool.refresh(0))


async def set_autostart(session: Session, uuid: str, on: bool) -> None:
    """Whether the pool starts with the host."""
    await _on(session, uuid, _("Cannot change whether the pool starts with the host."), lambda pool: pool.setAutostart(int(on)))
