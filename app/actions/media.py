"""Putting a medium into a machine's drive and taking it out: by menu, by drop, from the console's bar."""

from __future__ import annotations

from pathlib import Path

from app.actions import made_discs
from app.actions.action import Action, MenuPath
from app.actions.bulk import Wording, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import is_active, matching, single
from app.actions.context import Context, Notice, NoticeKind, Offer, Question, Selection, Target
from app.errors import Busy, HostelryError, Unsupported
from app.i18n import N_, _, ngettext
from app.install import access, media_drive, recent
from app.install.access import Access
from app.install.create import copy_to_pool
from app.install.media_drive import Done, Inserted
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord

INSERT = Wording(
    N_("Insert a medium into “{name}”"),
    lambda n: ngettext("Insert a medium into {count} machine", "Insert a medium into {count} machines", n),
    N_("Cannot insert the medium into “{name}”."),
)
EJECT = Wording(
    N_("Eject the medium of “{name}”"),
    lambda n: ngettext("Eject the media of {count} machine", "Eject the media of {count} machines", n),
    N_("Cannot eject the medium of “{name}”."),
)
HOW = {
    Done.CHANGED: N_("“{medium}” is in the CD drive of “{machine}”."),
    Done.ADDED: N_("“{machine}” got a CD drive with “{medium}”."),
    Done.NEXT_START: N_("“{medium}” will be in the CD drive of “{machine}” at its next start."),
}
GRANT, COPY, OTHER = "grant", "copy", "other"
FORCE, NEXT_START = "force", "next"
"""Identifiers of what is offered when a medium cannot go in just so."""


async def insert_chosen(ctx: Context, selection: Selection) -> None:
    """Asks for a file and inserts it."""
    (target,) = matching(ctx, selection, _any)
    known = recent.listed(ctx.settings)
    path = await ctx.ui.pick_file(
        _("Medium for “{name}”").format(name=target.record.name),
        filters=(_("Disc images (*.iso *.img *.ISO)"),),
        folder=Path(known[0]).parent if known else None,
    )
    if path is not None:
        await insert_file(ctx, target, path)


async def insert_file(ctx: Context, target: Target, path: Path, drive: str = "") -> None:
    """Inserts a local file into the drive of that name, or the first empty one; sees to it that the host can read it.

    Asks before it changes access rights, uploads, forces a locked tray, or leaves it for the next start.
    """
    try:
        found = await access.check(target.host, str(path))
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    way = "" if found.ok else await _ask_way(ctx, target, path, found)
    if way == OTHER:
        await insert_chosen(ctx, Selection(domains=(target.ref,)))
    elif way is not None:
        await _Insertion(ctx, target, found, way, drive).run()


async def _ask_way(ctx: Context, target: Target, path: Path, found: Access) -> str | None:
    """How a file that the hypervisor cannot read gets to it; None if not at all."""
    offers, detail = [], found.text
    if found.grants:
        commands = "\n".join(" ".join(command) for command in found.commands)
        hint = _("Runs:\n{commands}\nTo take it back: {undo}").format(commands=commands, undo=found.undo)
        offers.append(Offer(GRANT, _("Let the hypervisor read this file"), hint))
        changes = "\n".join(f"{grant.path}  (+{grant.bits})" for grant in found.grants)
        detail = "\n".join((detail, "", _("Giving access changes these permissions:"), changes))
    copy = _("Upload to a storage pool of the host") if found.remote else _("Copy to a storage pool")
    offers.append(Offer(COPY, copy, _("It takes a while and as much room as the file; the file itself stays as it is")))
    offers.append(Offer(OTHER, _("Choose another file…")))
    text = _("The host “{host}” cannot read “{file}”.").format(host=target.host.label, file=path.name)
    return await ctx.ui.choose(Question(_("Insert medium"), text, "", detail=detail), offers)


class _Insertion:
    """One medium on its way into one drive; may need more than one try."""

    def __init__(self, ctx: Context, target: Target, found: Access, way: str, drive: str) -> None:
        self._ctx, self._target, self._path = ctx, target, Path(found.path)
        self._found, self._way, self._drive = found, way, drive
        self._ready = ""

    async def run(self) -> None:
        """Tries; then once more with what the user chose when it did not go so."""
        allowed: str | None = ""
        while allowed is not None:
            job = self._start(allowed)
            if await job.wait() is JobState.DONE:
                recent.remember(self._ctx.settings, str(self._path))
                self._ctx.ui.notify(Notice(job.result, NoticeKind.HINT, key=f"medium {self._target.ref}"))
            if job.state is not JobState.FAILED or job.error is None:
                return
            offers = () if allowed else _ways_out(job.error, self._target.record)
            allowed = await self._ctx.ui.show_error(job.error, offers)

    def _start(self, allowed: str) -> Job:
        async def each(_target: Target, job: Job) -> str:
            await self._prepare(job)
            job.report(text=_("Inserting “{file}”").format(file=self._path.name))
            done = await self._insert(allowed)
            await made_discs.tidy(self._ctx, self._target)
            job.left_behind.clear()
            return _(HOW[done.how]).format(medium=self._path.name, machine=self._target.record.name)

        return start_job(self._ctx, INSERT, [self._target], each)

    async def _insert(self, allowed: str) -> Inserted:
        session, ref = self._target.host.session, self._target.ref
        if allowed == NEXT_START:
            return await media_drive.add_for_next_start(session, ref.uuid, self._ready)
        now = self._ctx.hosts.domain(ref) or self._target.record  # an upload may have taken minutes
        return await media_drive.insert(
            session, ref.uuid, self._ready,
            active=is_active(now), persistent=now.persistent, target=self._drive, force=allowed == FORCE,
        )  # fmt: skip

    async def _prepare(self, job: Job) -> None:
        """Makes the file readable for the host, once, however many tries follow."""
        if self._ready:
            return
        if self._way == GRANT:
            job.report(text=_("Giving the hypervisor access to the medium"))
            self._found = await access.grant(self._found)
        self._ready = await self._copy(job) if self._way == COPY else str(self._path)

    async def _copy(self, job: Job) -> str:
        def note(text: str, _undo: object) -> None:
            job.left_behind.append(text)

        return await copy_to_pool(self._target.host.session, str(self._path), "", job, note)


def _ways_out(error: HostelryError, record: DomainRecord) -> tuple[Offer, ...]:
    if isinstance(error, Busy):
        return (Offer(FORCE, _("Open the drive by force"), _("The guest may be reading from the medium"), danger=True),)
    if isinstance(error, Unsupported) and record.persistent and is_active(record):
        return (Offer(NEXT_START, _("Add a drive for the next start")),)
    return ()


async def eject(ctx: Context, selection: Selection) -> None:
    """Empties all drives of the selected machines."""

    async def each(target: Target, _job: Job) -> str:
        session, record = target.host.session, target.record
        drives = await media_drive.list_drives(session, record.uuid, active=is_active(record))
        full = [drive for drive in drives if not drive.empty]
        for drive in full:
            await media_drive.eject(session, record.uuid, drive.target, active=is_active(record), persistent=record.persistent)
        await made_discs.tidy(ctx, target)
        return _("Ejected") if full else _("No medium was in it")

    targets = matching(ctx, selection, _any)
    job = start_job(ctx, EJECT, targets, each)
    if len(targets) == 1 and await job.wait() is JobState.FAILED and isinstance(job.error, Busy):
        await _force_eject(ctx, targets[0], job.error)
    else:
        await tell(ctx, job)


async def eject_drive(ctx: Context, target: Target, drive: str, *, force: bool = False) -> None:
    """Empties one drive."""

    async def each(target: Target, _job: Job) -> str:
        record = target.record
        await media_drive.eject(
            target.host.session, record.uuid, drive, active=is_active(record), persistent=record.persistent, force=force
        )
        await made_discs.tidy(ctx, target)
        return _("Ejected")

    job = start_job(ctx, EJECT, [target], each)
    if not force and await job.wait() is JobState.FAILED and isinstance(job.error, Busy):
        if await ctx.ui.show_error(job.error, _ways_out(job.error, target.record)) == FORCE:
            await eject_drive(ctx, target, drive, force=True)
    else:
        await tell(ctx, job)


async def _force_eject(ctx: Context, target: Target, error: HostelryError) -> None:
    """A guest has locked the tray: the button with the paper clip."""
    if await ctx.ui.show_error(error, _ways_out(error, target.record)) != FORCE:
        return
    drives = await media_drive.list_drives(target.host.session, target.record.uuid, active=is_active(target.record))
    for drive in drives:
        if not drive.empty:
            await eject_drive(ctx, target, drive.target, force=True)


def _any(_record: DomainRecord) -> bool:
    return True


MEDIA: tuple[Action, ...] = (
    Action(
        "domain.insert-medium", N_("Insert medium…"), N_("Put a disc image into the machine's CD drive (virDomainUpdateDevice)"),
        "media-optical", MenuPath.MEDIA, 100, single(_any, ""), insert_chosen, shortcut="Ctrl+Shift+I",
    ),
    Action(
        "domain.eject-medium", N_("Eject medium"), N_("Take the disc images out of the machine's drives (virDomainUpdateDevice)"),
        "media-eject", MenuPath.MEDIA, 110, applies(_any, "", ""), eject, shortcut="Ctrl+Shift+E",
    ),
)  # fmt: skip
"""In menu order."""
