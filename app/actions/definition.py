"""Actions on the definition: rename, copy or replace the XML, start without KVM."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions.action import Action, Enablement, MenuPath, no
from app.actions.bulk import Wording, names_of, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import is_active, is_off, matching, single
from app.actions.context import Context, Notice, Offer, Question, Selection, Target
from app.actions.emulation import for_emulation, is_kvm
from app.actions.shown import demand_same
from app.editing.history import History
from app.editing.passwords import without_passwords
from app.errors import Denied, Exists, Failed, HostelryError, Invalid, NotFound
from app.i18n import N_, _, ngettext
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord
from app.virt import domains
from app.xmldoc.diff import differences, lost
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.hosts.host import Host

MOST_CHANGES = 50
"""Shown before a definition is replaced."""

XML_LIMIT = 16 << 20
"""Bytes; a definition is some kilobytes."""


def _any(_record: object) -> bool:
    return True


def _lasting(record: DomainRecord) -> bool:
    return record.persistent


async def rename(ctx: Context, selection: Selection) -> None:
    """Asks for the new name, checking it as it is typed."""
    (target,) = matching(ctx, selection, is_off)
    label = _("New name of “{name}”:").format(name=target.record.name)
    name = await ctx.ui.ask_text(_("Rename"), label, verb=_("Rename"), value=target.record.name, check=_name_check(target))
    if name is None or name == target.record.name:
        return
    words = Wording(
        N_("Rename “{name}”"),
        lambda n: ngettext("Rename {count} machine", "Rename {count} machines", n),
        N_("Cannot rename “{name}”."),
    )

    async def each(target: Target, _job: Job) -> str:
        await domains.rename(target.host.session, target.record.uuid, name)
        return _("Its name is now “{name}”").format(name=name)

    await tell(ctx, start_job(ctx, words, [target], each))


def _name_check(target: Target) -> Callable[[str], str]:
    taken = {record.name for record in target.host.inventory.domains.values()} - {target.record.name}

    def check(name: str) -> str:
        if not name.strip():
            return _("Type a name.")
        if "/" in name or not name.isprintable() or name in (".", ".."):
            return _("A name cannot have a slash or control characters.")
        if name in taken:
            return _("Another machine of this host has this name.")
        return ""

    return check


async def copy_xml(ctx: Context, selection: Selection) -> None:
    """The definitions as text on the clipboard, without passwords."""
    texts: list[str] = []

    async def each(target: Target, _job: Job) -> str:
        texts.append(await domains.xml(target.host.session, target.record.uuid, inactive=target.record.persistent))
        return _("Read")

    targets = matching(ctx, selection, _any)
    words = Wording(
        N_("Copy the definition of “{name}”"),
        lambda n: ngettext("Copy {count} definition", "Copy {count} definitions", n),
        N_("Cannot read the definition of “{name}”."),
    )
    if await tell(ctx, start_job(ctx, words, targets, each)) is JobState.DONE:
        ctx.ui.copy_text("\n".join(texts))
        names = ", ".join(names_of(targets))
        ctx.ui.notify(Notice(_("The definition was copied: {names}.").format(names=names), key="copied"))


async def redefine(ctx: Context, selection: Selection) -> None:
    """Replaces the definition by a file's; name and UUID stay, so that it is the same machine."""
    (target,) = matching(ctx, selection, _any)
    path = await ctx.ui.pick_file(_("Definition of “{name}”").format(name=target.record.name), filters=(_("XML files (*.xml)"),))
    if path is None:
        return
    try:
        text = await asyncio.to_thread(read_definition, path)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    new, notes = _as_machine(text, target)
    try:
        old = await _read(target)
        if await _loses_password(target, new):
            notes.append(_("The console's password is not in the file: the console will have none."))
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    question = Question(
        _("Replace the definition"),
        _("Replace the definition of “{name}” by “{file}”?").format(name=target.record.name, file=path.name),
        _("Replace"),
        detail=" ".join((*notes, _("The old definition is kept in the history."))),
        items=_changes(old, new),
        danger=True,
    )
    if await ctx.ui.confirm(question):
        await _replace(ctx, target, _Replacement(old, new))


async def _read(target: Target, *, secure: bool = False) -> str:
    """The definition of the next start."""
    return await domains.xml(target.host.session, target.record.uuid, inactive=target.record.persistent, secure=secure)


async def _loses_password(target: Target, new: str) -> bool:
    old = await _read(target, secure=True)
    return without_passwords(old) != old and without_passwords(new) == new


def _changes(old: str, new: str) -> tuple[str, ...]:
    """The differences in words, without passwords; not a book of them."""
    found = [change.words() for change in differences(Document.parse(old), Document.parse(without_passwords(new)))]
    rest = len(found) - MOST_CHANGES
    more = ngettext("and {count} more change", "and {count} more changes", rest).format(count=rest)
    return tuple(found) if rest <= 0 else (*found[:MOST_CHANGES], more)


def read_definition(path: Path) -> str:
    """A file's domain XML; raises NotFound, Denied, Invalid.  Blocks: call it in a thread."""
    what = _("“{file}” cannot be used.").format(file=path.name)
    try:
        with path.open("rb") as file:
            data = file.read(XML_LIMIT + 1)
    except OSError as error:
        kind = NotFound if isinstance(error, FileNotFoundError) else Denied if isinstance(error, PermissionError) else Failed
        raise kind(what, why=error.strerror or str(error), next_step=_("Choose another file."), raw=str(error)) from error
    if len(data) > XML_LIMIT:
        raise Invalid(what, why=_("It is too large for a machine's definition."), next_step=_("Choose another file."))
    try:
        document = Document.parse(data)
    except Invalid as error:
        raise error.about(what) from error
    if document.root.tag != "domain":
        why = _("It is not the definition of a machine: its first element is <{tag}>, not <domain>.")
        raise Invalid(what, why=why.format(tag=document.root.tag), next_step=_("Choose another file."))
    return document.to_text()


def _as_machine(text: str, target: Target) -> tuple[str, list[str]]:
    """The text with the machine's own name and UUID, and what that changed."""
    document = Document.parse(text)
    notes = []
    name, uuid = document.get("name", ""), document.get("uuid", "")
    if name != target.record.name or (uuid and uuid != target.record.uuid):
        notes.append(_("The file is of the machine “{other}”; name and UUID are not taken from it.").format(other=name or uuid))
    document.set("name", target.record.name)
    document.set("uuid", target.record.uuid)
    if is_active(target.record):
        notes.append(_("The machine runs: the change takes effect once it has been shut down."))
    return document.to_text(), notes


@dataclass(frozen=True, slots=True)
class _Replacement:
    """old: as it was when the user was asked, without passwords.  validate: against libvirt's schema."""

    old: str
    new: str
    validate: bool = True


async def _replace(ctx: Context, target: Target, change: _Replacement) -> None:
    words = Wording(
        N_("Replace the definition of “{name}”"),
        lambda n: ngettext("Replace {count} definition", "Replace {count} definitions", n),
        N_("Cannot replace the definition of “{name}”."),
    )

    async def each(target: Target, _job: Job) -> str:
        await demand_same(target, change.old)
        await keep_definition(ctx, target)
        await domains.define(target.host.session, change.new, validate=change.validate)
        return await _left_out(ctx, target.host, target.record.uuid, change.new) or _("Replaced")

    job = start_job(ctx, words, [target], each)
    if await job.wait() is not JobState.FAILED or job.error is None:
        return
    offers = (Offer("anyway", _("Replace without the check"), _("libvirt leaves out what it does not know")),)
    schema = change.validate and isinstance(job.error, Invalid)
    if await ctx.ui.show_error(job.error, offers if schema else ()) == "anyway":
        await _replace(ctx, target, replace(change, validate=False))


async def _left_out(ctx: Context, host: Host, uuid: str, given: str) -> str:
    """What libvirt dropped of the definition that it was given, said to the user too; empty if nothing."""
    taken = await domains.xml(host.session, uuid, inactive=True, secure=True)
    places = lost(Document.parse(given), Document.parse(taken))
    if not places:
        return ""
    listed = ", ".join(places[:5]) + (" …" if len(places) > 5 else "")
    text = _("Defined, but libvirt does not know this and left it out: {places}.").format(places=listed)
    ctx.ui.notify(Notice(text, key=f"left out {uuid}"))
    return text


async def keep_definition(ctx: Context, target: Target) -> None:
    """Puts the definition as it is now into the history; raises HostelryError, and then nothing may be replaced."""
    history = ctx.history or History(ctx.settings.state_folder / "history")
    old = await domains.xml(target.host.session, target.record.uuid, inactive=target.record.persistent)
    await asyncio.to_thread(history.keep, target.host.id, target.record.uuid, target.record.name, old)


async def start_emulated(ctx: Context, selection: Selection) -> None:
    """Makes it a machine without KVM, for good, and starts it."""
    (target,) = matching(ctx, selection, _lasting)
    try:
        # With passwords: what is defined again must not lose them.
        old = await domains.xml(target.host.session, target.record.uuid, inactive=True, secure=True)
        if not is_kvm(old):
            raise Invalid(
                _("“{name}” is emulated already.").format(name=target.record.name), next_step=_("Start it in the usual way.")
            )  # fmt: skip
        new = for_emulation(old)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    detail = _("Its definition is changed; the old one is kept in the history.")
    if target.record.managed_save:
        detail += " " + _("Its saved state is discarded, as emulation cannot go on from it: unsaved work in the guest is lost.")
    if is_active(target.record):
        detail += " " + _("It is forced off first: what the guest has not written to its disks is lost.")
    question = Question(
        _("Start with emulation"),
        _("Start “{name}” with emulation instead of KVM?").format(name=target.record.name),
        _("Change and start"),
        detail=detail,
        items=new.changes,
        danger=is_active(target.record) or bool(target.record.managed_save),
    )
    if await ctx.ui.confirm(question):
        await tell(ctx, _start_emulated(ctx, target, old, new.xml))


def _start_emulated(ctx: Context, target: Target, old: str, new: str) -> Job:
    words = Wording(
        N_("Start “{name}” with emulation"),
        lambda n: ngettext("Start {count} machine with emulation", "Start {count} machines with emulation", n),
        N_("Cannot start “{name}” with emulation."),
    )

    defined: list[bool] = []  # a second try goes on from there

    async def each(target: Target, _job: Job) -> str:
        if not defined:
            await demand_same(target, old, secure=True)
            await keep_definition(ctx, target)
            # Before it is forced off: what cannot be defined costs the guest nothing.
            await domains.define(target.host.session, new, validate=False)
            defined.append(True)
        if any(record.active for record in await domains.read_records(target.host.session, [target.record.uuid])):
            # A guest that KVM cannot run stays paused after an internal error.
            await domains.destroy(target.host.session, target.record.uuid)
        await domains.start(target.host.session, target.record.uuid, fresh=bool(target.record.managed_save))
        return _("Started with emulation")

    return start_job(ctx, words, [target], each)


async def define_from_file(ctx: Context, selection: Selection) -> None:
    """A new machine from an XML file, on the selected host."""
    host = selection.hosts[0]
    path = await ctx.ui.pick_file(_("Definition of a new machine"), filters=(_("XML files (*.xml)"),))
    if path is None:
        return

    async def work(_job: Job) -> str:
        text = await asyncio.to_thread(read_definition, path)
        document = Document.parse(text)
        name = document.get("name") or ""
        await _demand_free(host, name, document.get("uuid") or "")
        uuid = await domains.define(host.session, text)
        return await _left_out(ctx, host, uuid, text) or _("Defined “{name}”").format(name=name)

    title = _("Define a machine from “{file}”").format(file=path.name)
    await tell(ctx, ctx.jobs.run(title, work, subject=path.name, host_id=host.id))


async def _demand_free(host: Host, name: str, uuid: str) -> None:
    """Raises Exists if the host has the machine already: defining it would replace it.  Asked anew, the list may be old."""
    plain = uuid.replace("-", "").lower()  # libvirt takes capitals, and leaves dashes out of account (virUUIDParse)
    for record in await domains.list_states(host.session):
        if record.name == name or record.uuid.replace("-", "") == plain:
            raise Exists(
                _("“{name}” is there already.").format(name=record.name),
                next_step=_("To replace its definition, select it and choose “Replace definition from file…”."),
            )


def _one_host(_ctx: Context, selection: Selection) -> Enablement:
    if len(selection.hosts) != 1:
        return no(_("Select one host"))
    connected = selection.hosts[0].state.name == "CONNECTED"
    return Enablement(connected, "" if connected else _("“{host}” is not connected").format(host=selection.hosts[0].label))


DEFINITION: tuple[Action, ...] = (
    Action(
        "domain.rename", N_("Rename…"), N_("Give the machine another name (virDomainRename)"),
        "edit-rename", MenuPath.MACHINE, 300,
        single(is_off, N_("“{name}” is not off; it can be renamed while it is off")), rename, shortcut="F2",
    ),
    Action(
        "domain.start-emulated", N_("Start with emulation…"), N_("Start without KVM, by emulating the processor (TCG)"),
        "media-playback-start", MenuPath.SHUT_DOWN, 110,
        single(_lasting, N_("“{name}” is temporary: it is gone once it is off")), start_emulated,
    ),
    Action(
        "domain.copy-xml", N_("Copy XML"), N_("Copy the definition as libvirt has it (virDomainGetXMLDesc)"),
        "edit-copy", MenuPath.DEFINITION, 200, applies(_any, "", ""), copy_xml, shortcut="Ctrl+Shift+C",
    ),
    Action(
        "domain.redefine", N_("Replace definition from file…"),
        N_("Define the machine anew from an XML file (virDomainDefineXML)"),
        "document-import", MenuPath.DEFINITION, 210, single(_any, ""), redefine, danger=True,
    ),
    Action(
        "host.define-file", N_("New machine from XML file…"), N_("Define a machine from an XML file (virDomainDefineXML)"),
        "document-import", MenuPath.HOST, 300, _one_host, define_from_file,
    ),
)  # fmt: skip
"""In menu order."""
