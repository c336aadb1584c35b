"""Storage volumes: files and block devices in a pool."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_unsupported
from app.virt.safe_xml import parse
from app.virt.session import Session

SLOW_S = 300.0
"""A fully allocated volume is written at the disk's speed."""


@dataclass(frozen=True, slots=True)
class VolumeRecord:
    """One volume; sizes in bytes.  pool: UUID of its pool.  backing: path of the file that it stands on, if any."""

    pool: str
    name: str
    path: str
    key: str = ""
    kind: int = 0
    capacity: int = 0
    allocation: int = 0
    format: str = ""
    backing: str = ""


async def list_volumes(session: Session, pool: str, *, formats: bool = True) -> list[VolumeRecord]:
    """The volumes of an active pool.  formats: with format and backing file, one more round trip each."""

    def work(conn: libvirt.virConnect) -> list[VolumeRecord]:
        volumes = conn.storagePoolLookupByUUIDString(pool).listAllVolumes(0)
        return [record for volume in volumes if (record := _record(volume, pool, formats)) is not None]

    return await session.call(work, what=_("Cannot list the pool's volumes."), timeout_s=SLOW_S)


def _record(volume: libvirt.virStorageVol, pool: str, formats: bool) -> VolumeRecord | None:
    try:
        kind, capacity, allocation = volume.info()
        form, backing = _format(volume.XMLDesc(0)) if formats else ("", "")
        return VolumeRecord(pool, volume.name(), volume.path(), volume.key(), kind, capacity, allocation, form, backing)
    except libvirt.libvirtError as error:
        if error.get_error_code() in (libvirt.VIR_ERR_NO_STORAGE_VOL, libvirt.VIR_ERR_SYSTEM_ERROR):
            return None  # the file vanished between the listing and now
        raise


def _format(text: str) -> tuple[str, str]:
    try:
        root = parse(text)
    except ParseError:
        return "", ""
    found = root.find("target/format")
    return (found.get("type") or "") if found is not None else "", root.findtext("backingStore/path") or ""


async def volume_by_path(session: Session, path: str) -> VolumeRecord | None:
    """The volume of that path, if a pool has it; None for a file outside of all active pools."""

    def work(conn: libvirt.virConnect) -> VolumeRecord | None:
        try:
            volume = conn.storageVolLookupByPath(path)
            pool = volume.storagePoolLookupByVolume().UUIDString()
        except libvirt.libvirtError as error:
            if is_unsupported(error) or error.get_error_code() in (
                libvirt.VIR_ERR_NO_STORAGE_VOL,
                libvirt.VIR_ERR_NO_STORAGE_POOL,
            ):
                return None
            raise
        return _record(volume, pool, formats=True)

    return await session.call(work, what=_("Cannot look the file up."), timeout_s=READ_S)


async def volume_xml(session: Session, path: str) -> str:
    """The XML of the volume of that path."""
    return await session.call(
        lambda conn: conn.storageVolLookupByPath(path).XMLDesc(0), what=_("Cannot read the volume."), timeout_s=READ_S
    )


async def create_volume(session: Session, pool: str, text: str, *, preallocate_metadata: bool = False) -> VolumeRecord:
    """Makes a volume from its XML; ``Exists`` if the name is taken (nothing is overwritten)."""

    def work(conn: libvirt.virConnect) -> VolumeRecord:
        flags = libvirt.VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA if preallocate_metadata else 0
        volume = conn.storagePoolLookupByUUIDString(pool).createXML(text, flags)
        return _record(volume, pool, formats=True) or VolumeRecord(pool, volume.name(), volume.path())

    return await session.call(work, what=_("Cannot create the volume."), timeout_s=SLOW_S, long=True)


async def delete_volume(session: Session, path: str) -> None:
    """Deletes the volume of that path, for good."""
    what = _("Cannot delete “{path}”.").format(path=path)
    await session.call(lambda conn: conn.storageVolLookupByPath(path).delete(0), what=what, timeout_s=SLOW_S)
