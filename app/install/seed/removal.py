"""The seed disc goes once it has done its work.

attached -> (the machine runs) -> started -> (cloud-init says that it is done, or the guest has shut itself down) -> gone:
the drive is empty in the running machine and in its definition, the file is deleted, the note is taken away.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import Busy, Failed, HostelryError, NotFound
from app.i18n import _
from app.install import drives, media_drive, shared_files
from app.install.seed import note as notes
from app.install.seed.note import Note, State
from app.model.records import DomainRecord, DomainState
from app.virt import domains, guest_agent, storage
from app.virt.session import Session
from app.xmldoc import Document
from app.xmldoc.paths import NAMESPACES

RESULT = "/run/cloud-init/result.json"
"""cloud-init writes it when everything is done, the commands too (cloud-init documentation, "Report files")."""

_MOST = 64 << 10


@dataclass(frozen=True, slots=True)
class Finished:
    """How cloud-init ended; errors: in its own words."""

    datasource: str = ""
    errors: tuple[str, ...] = ()


def attach(definition: Document, path: str, *, volume: bool = True) -> Note:
    """Puts the seed into a CD drive of its own in a definition that is to be made, and notes it there."""
    xml = drives.new_drive_xml(definition, path, running=False)
    if xml is None:
        raise Failed(_("The machine has no room for another drive."), next_step=_("Remove a drive first."))
    drive = definition.insert(xml)
    note = Note(path, definition.get("target/@dev", "", at=drive) or "", State.ATTACHED, volume)
    notes.put_into(definition, note)
    return note


async def read(session: Session, uuid: str) -> Note | None:
    """What is noted about the machine's seed."""
    return notes.read(await domains.metadata(session, uuid, NAMESPACES["hostelry"]))


async def finished(session: Session, uuid: str) -> Finished | None:
    """How cloud-init ended, through the guest's agent; None while it works, and where no agent tells."""
    try:
        handle = await guest_agent.command(session, uuid, "guest-file-open", path=RESULT, mode="r")
    except HostelryError:
        return None
    try:
        answer = await guest_agent.command(session, uuid, "guest-file-read", handle=handle, count=_MOST)
        return parse_result(base64.b64decode(answer["buf-b64"]))
    except (HostelryError, KeyError, TypeError, binascii.Error, ValueError):
        return None
    finally:
        await _close(session, uuid, handle)


def parse_result(data: bytes) -> Finished | None:
    """Of ``result.json``; None for anything else: a guest may say what it likes."""
    try:
        told = json.loads(data)["v1"]
        errors = told.get("errors") or []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    words = tuple(str(error)[:500] for error in errors[:20]) if isinstance(errors, list) else ()
    return Finished(str(told.get("datasource") or "")[:200], words)


def due(note: Note, *, active: bool, done: bool, shut_down: bool) -> bool:
    """Whether it goes now.  done: cloud-init said so.  shut_down: the machine is off, and its own system ended it; after
    a crash or "force off" cloud-init may not have come to it yet."""
    return done if active else note.state is State.STARTED and shut_down


def shut_itself_down(record: DomainRecord) -> bool:
    """Whether the machine is off because its own system ended (VIR_DOMAIN_SHUTOFF_SHUTDOWN)."""
    return record.state is DomainState.SHUTOFF and record.reason == 1


async def tend(session: Session, uuid: str, *, active: bool, shut_down: bool = False) -> Finished | None:
    """The next step for the machine's seed, if it has one: to be called when it has started, from time to time while it
    runs, and when it went off.  Gives how cloud-init ended when that is the reason for which the seed went."""
    note = await read(session, uuid)
    if note is None:
        return None
    end = await finished(session, uuid) if active else None
    if due(note, active=active, done=end is not None, shut_down=shut_down):
        await remove(session, uuid, note, active=active)
        return end
    if active and note.state is State.ATTACHED:
        await _write(session, uuid, replace(note, state=State.STARTED))
    return None


async def remove(session: Session, uuid: str, note: Note, *, active: bool) -> None:
    """Empties the drive, deletes the file, forgets the note.  What fails is raised, and the note stays for the next time;
    a drive or file that is gone already is as good."""
    for live in (True, False) if active else (False,):  # each by itself: somebody may have emptied one of them
        for drive in await media_drive.list_drives(session, uuid, active=live):
            if drive.target == note.target and drive.medium == note.path:
                await media_drive.eject(session, uuid, note.target, active=live, persistent=not live, force=live)
    if note.deletable and not await _elsewhere(session, uuid, note):
        await _delete(session, note)
    await _write(session, uuid, None)


async def _elsewhere(session: Session, uuid: str, note: Note) -> bool:
    """Whether another machine has the disc, such as a copy of this one.  Raises ``Busy`` while one does not tell."""
    users = await shared_files.other_users(session, uuid)
    if users.unchecked and not users.of(note.path):
        why = _("Not all machines could be asked whether they use it: {names}.").format(names=", ".join(users.unchecked))
        raise Busy(_("The disc with the first settings, {path}, was kept.").format(path=note.path), why=why)
    return bool(users.of(note.path))


async def _delete(session: Session, note: Note) -> None:
    try:
        if note.volume:
            await storage.delete_volume(session, note.path)
        elif session.is_local:
            await asyncio.to_thread(Path(note.path).unlink, True)
    except NotFound:
        return
    except OSError as error:
        what = _("The disc with the first settings, {path}, cannot be deleted.").format(path=note.path)
        raise Failed(what, why=error.strerror or "", next_step=_("Delete it yourself: it is not needed any more.")) from error


async def _write(session: Session, uuid: str, note: Note | None) -> None:
    """Read anew: notes or tags may have been changed meanwhile."""
    space = NAMESPACES["hostelry"]
    now = await domains.metadata(session, uuid, space)
    await domains.set_metadata(session, uuid, notes.written(now, note), namespace=space)


async def _close(session: Session, uuid: str, handle: object) -> None:
    try:
        await guest_agent.command(session, uuid, "guest-file-close", handle=handle)
    except HostelryError:
        return
