"""The end of an installation: the machine went off, and its definition becomes the lasting one.

What is to be changed stands in the definition itself (``finish``), so that it is done whenever this program sees the machine
off, also after a restart of the program.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from app.errors import HostelryError
from app.install import finish
from app.install.seed import removal
from app.install.sizes import MIB
from app.model.records import DomainRecord
from app.virt import domains, storage
from app.virt.session import Session
from app.xmldoc import Document

_WRITTEN = 32 * MIB
"""An installer that was only looked at writes less to the disk; a system is never that small."""


@dataclass(frozen=True, slots=True)
class Completed:
    """changed: the definition is the lasting one now.  started: the machine runs again, into its new system."""

    changed: bool = False
    started: bool = False


async def pending(session: Session, uuid: str) -> bool:
    """Whether something is to be done when the machine goes off: one call."""
    return bool(await domains.metadata(session, uuid, finish.NAMESPACE))


async def went_off(session: Session, record: DomainRecord) -> Completed:
    """To be called when a machine is off.  Nothing is changed if its system did not end by itself ("force off", a crash) or
    wrote nothing to its disk: then the installation is still to be done, and starts again with the machine."""
    if not removal.shut_itself_down(record) or not await pending(session, record.uuid):
        return Completed()
    doc = Document.parse(await domains.xml(session, record.uuid, inactive=True, secure=True))
    note = finish.read(doc)
    if note is None or not await _written(session, doc):
        return Completed()
    files = finish.deletable(doc, note)
    finish.apply(doc, note)
    await domains.define(session, doc.to_text())
    for path in files:
        with contextlib.suppress(HostelryError):  # another machine may use it: this one is right anyhow
            await storage.delete_volume(session, path)
    if note.restart:
        await domains.start(session, record.uuid)
    return Completed(changed=True, started=note.restart)


async def _written(session: Session, doc: Document) -> bool:
    """Whether the first disk has something on it; what cannot be asked counts as written."""
    disks = [disk for disk in doc.find_all("devices/disk") if disk.get("device") in (None, "disk")]
    path = doc.get("source/@file", at=disks[0]) if disks else None
    if not path:
        return True
    volume = await storage.volume_by_path(session, path)
    return volume is None or volume.allocation >= _WRITTEN
