"""The end of an installation: the machine went off, and its definition becomes the lasting one.

What is to be changed stands in the definition itself (``finish``), so that it is done whenever this program sees the machine
off, also after a restart of the program.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from app.errors import HostelryError
from app.install import finish, shared_files
from app.install.seed import removal
from app.install.sizes import MIB
from app.model.records import DomainRecord
from app.virt import domains, storage
from app.virt.session import Session
from app.xmldoc import Document

_WRITTEN = 32 * MIB
"""An installer that was only looked at writes less to the disk; a system is never that small."""


_TRIES = 3
"""How often the definition is read again because another program has just changed it."""


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
    for _attempt in range(_TRIES):
        text = await domains.xml(session, record.uuid, inactive=True, secure=True)
        doc = Document.parse(text)
        note = finish.read(doc)
        if note is None or not await _written(session, doc):
            return Completed()
        files = await _own(session, record.uuid, finish.deletable(doc, note))
        finish.apply(doc, note)
        if text == await domains.xml(session, record.uuid, inactive=True, secure=True):
            return await _complete(session, record.uuid, doc.to_text(), files, restart=note.restart)
    return Completed()  # somebody else is at work on it: the note is still there


async def _complete(session: Session, uuid: str, text: str, files: list[str], *, restart: bool) -> Completed:
    await domains.define(session, text)
    for path in files:
        with contextlib.suppress(HostelryError):  # this machine is right anyhow
            await storage.delete_volume(session, path)
    if restart:
        await domains.start(session, uuid)
    return Completed(changed=True, started=restart)


async def _own(session: Session, uuid: str, files: list[str]) -> list[str]:
    """Those of the files that no other machine uses, or may use as it does not tell."""
    if not files:
        return []
    users = await shared_files.other_users(session, uuid)
    return [path for path in files if not users.of(path) and not users.unchecked]


async def _written(session: Session, doc: Document) -> bool:
    """Whether the first disk has something on it; what cannot be asked counts as written."""
    disks = [disk for disk in doc.find_all("devices/disk") if disk.get("device") in (None, "disk")]
    path = doc.get("source/@file", at=disks[0]) if disks else None
    if not path:
        return True
    volume = await storage.volume_by_path(session, path)
    return volume is None or volume.allocation >= _WRITTEN
