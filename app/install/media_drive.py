"""Putting a medium into a machine's CD drive, and taking it out, while it runs if it runs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.errors import Failed, HostelryError, NotFound, Unsupported
from app.i18n import _
from app.install import drives
from app.install.drives import Drive
from app.virt import domains
from app.virt.session import Session
from app.xmldoc import Document

_TRIES, _PAUSE_S = 10, 0.5


class Done(Enum):
    """How a medium came in."""

    CHANGED = "changed"
    ADDED = "added"
    NEXT_START = "next-start"


@dataclass(frozen=True, slots=True)
class Inserted:
    """What was done, and in which drive."""

    how: Done
    target: str


async def list_drives(session: Session, uuid: str, *, active: bool) -> list[Drive]:
    """The CD drives with what is in them now."""
    return drives.listed(await _read(session, uuid, inactive=not active))


async def insert(
    session: Session, uuid: str, path: str, *, active: bool, persistent: bool = True, target: str = "", force: bool = False
) -> Inserted:
    """Puts the file ``path`` (as the host sees it) into the drive ``target``, or the first empty or else first drive.

    Without a drive one is added, live where the machine can.  Raises ``Busy`` after 5 s if the guest has locked the tray
    (then ``force`` opens it), ``Unsupported`` if no drive can be added while it runs (``add_for_next_start`` can), and what
    libvirt says about the file.
    """
    doc = await _read(session, uuid, inactive=not active)
    drive = _choose(drives.listed(doc), target)
    if drive is not None:
        await _change(session, uuid, _Change(drive.target, path, force), live=active, config=persistent)
        return Inserted(Done.CHANGED if active else Done.NEXT_START, drive.target)
    if not active:
        return await add_for_next_start(session, uuid, path)
    return await _add_live(session, uuid, doc, path, config=persistent)


async def eject(session: Session, uuid: str, target: str, *, active: bool, persistent: bool = True, force: bool = False) -> None:
    """Takes the medium out of the drive ``target``; raises as ``insert``."""
    await _change(session, uuid, _Change(target, "", force), live=active, config=persistent)


async def add_for_next_start(session: Session, uuid: str, path: str) -> Inserted:
    """Adds a drive with the medium to the definition only."""
    doc = await _read(session, uuid, inactive=True)
    existing = _choose(drives.listed(doc), "")
    if existing is not None:  # it was added for the next start before
        await _change(session, uuid, _Change(existing.target, path), live=False, config=True)
        return Inserted(Done.NEXT_START, existing.target)
    xml = drives.new_drive_xml(doc, path, running=False)
    if xml is None:
        raise _no_place()
    await domains.attach_device(session, uuid, xml, live=False, config=True)
    return Inserted(Done.NEXT_START, Document.parse(xml).get("target/@dev") or "")


async def _read(session: Session, uuid: str, *, inactive: bool) -> Document:
    return Document.parse(await domains.xml(session, uuid, inactive=inactive, secure=inactive))


def _choose(listed: list[Drive], target: str) -> Drive | None:
    if target:
        found = next((drive for drive in listed if drive.target == target), None)
        if found is None:
            raise NotFound(
                _("The machine has no drive “{target}” any more.").format(target=target), next_step=_("Choose another drive.")
            )
        return found
    return next((drive for drive in listed if drive.empty), listed[0] if listed else None)


@dataclass(frozen=True, slots=True)
class _Change:
    """One drive's new medium ("" ejects), and whether the guest's lock is overridden."""

    target: str
    path: str
    force: bool = False


async def _change(session: Session, uuid: str, change: _Change, *, live: bool, config: bool) -> None:
    """Updates the drive in the running machine, then in the definition.

    Each from its own document: libvirt (9.0) would copy the running machine's ``<alias>`` into the definition.
    """
    found = False
    for inactive in [False] * live + [True] * config:
        doc = await _read(session, uuid, inactive=inactive)
        disk = drives.disk_of(doc, change.target)
        if disk is None:
            continue
        found = True
        drives.put_medium(doc, disk, change.path)
        try:
            await _update(session, uuid, doc.fragment(disk), inactive=inactive, force=change.force)
        except HostelryError as error:
            if inactive and live:
                raise _only_now(error, change.target) from error
            raise error.about(_what(change.path, change.target)) from error
    if not found:
        what = _("The machine has no drive “{target}” any more.").format(target=change.target)
        raise NotFound(what, next_step=_("Choose another drive."))


def _only_now(error: HostelryError, target: str) -> HostelryError:
    """The running machine was changed, its definition was not: both are said."""
    what = _("The drive “{target}” was changed for now, but not for the next start.").format(target=target)
    return error.about(what)


async def _update(session: Session, uuid: str, xml: str, *, inactive: bool, force: bool) -> None:
    """Once more if the guest closed the tray in the instant between libvirt's opening it and changing the medium
    (firmware that looks for something to boot does)."""
    for attempt in range(_TRIES):
        try:
            await domains.update_device(session, uuid, xml, live=not inactive, config=inactive, force=force and not inactive)
            return
        except Failed as error:
            if attempt + 1 == _TRIES or not re.search(r"Tray of device .* is not open", error.raw or str(error)):
                raise
            await asyncio.sleep(_PAUSE_S)


def _what(path: str, target: str) -> str:
    if not path:
        return _("The medium cannot be ejected from the drive “{target}”.").format(target=target)
    return _("“{name}” cannot be put into the drive “{target}”.").format(name=Path(path).name, target=target)


async def _add_live(session: Session, uuid: str, doc: Document, path: str, *, config: bool) -> Inserted:
    xml = drives.new_drive_xml(doc, path, running=True)
    if xml is None:
        raise _no_place()
    try:
        await domains.attach_device(session, uuid, xml, live=True, config=config)
    except HostelryError as error:
        raise error.about(_("A CD drive cannot be added while the machine runs.")) from error
    return Inserted(Done.ADDED, Document.parse(xml).get("target/@dev") or "")


def _no_place() -> Unsupported:
    return Unsupported(
        _("A CD drive cannot be added while the machine runs."),
        why=_("It has neither a SCSI nor a USB controller, and SATA and IDE drives can only be added while it is off."),
        next_step=_("Let it be added for the next start."),
    )
