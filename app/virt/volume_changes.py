"""Volumes made of others, and grown: what libvirt does on the host itself."""

from __future__ import annotations

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.session import Session
from app.virt.volumes import SLOW_S, VolumeRecord, volume_by_path


async def clone_volume(session: Session, pool: str, text: str, source: str) -> VolumeRecord | None:
    """Makes a volume from its XML with the content of the volume ``source`` (a path); libvirt converts between formats.

    It cannot be stopped half-way, and takes as long as the disk needs.
    """

    def work(conn: libvirt.virConnect) -> str:
        original = conn.storageVolLookupByPath(source)
        return str(conn.storagePoolLookupByUUIDString(pool).createXMLFrom(text, original, 0).path())

    path = await session.call(work, what=_("Cannot copy the volume."), timeout_s=None, long=True)
    return await volume_by_path(session, path)


async def resize_volume(session: Session, path: str, capacity: int) -> None:
    """Grows a volume to ``capacity`` bytes; never shrinks."""

    def work(conn: libvirt.virConnect) -> None:
        volume = conn.storageVolLookupByPath(path)
        if volume.info()[1] < capacity:
            volume.resize(capacity, 0)

    await session.call(work, what=_("Cannot make the volume larger."), timeout_s=SLOW_S, long=True)
