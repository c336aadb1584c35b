"""Putting a file into a running machine's CD drive, with every question that may come up on the way."""

from __future__ import annotations

from pathlib import Path

from app.actions.context import Context, Notice, NoticeKind, Question
from app.actions.interface import Offer
from app.errors import Busy, HostelryError, Invalid, Unsupported
from app.hosts.host import Host
from app.i18n import _
from app.install import access, media_drive, recent
from app.install.access import Access
from app.install.create import copy_to_pool
from app.install.media import Medium, MediumKind, recognise
from app.install.media_drive import Done, Inserted
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord, DomainRef

NEW_MACHINE, FORCE, NEXT_START, GRANT, COPY = "new-machine", "force", "next-start", "grant", "copy"


async def put_in(ctx: Context, ref: DomainRef, path: str, *, target: str = "") -> None:
    """Inserts the file into the drive ``target``, or the best one; asks where something stands in the way; shows errors."""
    record = ctx.hosts.domain(ref)
    if record is None:
        return
    try:
        medium = await recognise(path)
        if medium.kind is not MediumKind.ISO:
            await _no_iso(ctx, ref, medium, record)
            return
        found = await access.check(ctx.hosts.get(ref.host_id), path)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    way = "" if found.ok else await _ask_way(ctx, found, path)
    if way is not None:
        await _Insertion(ctx, ctx.hosts.get(ref.host_id), record, found).run(way, target)


async def take_out(ctx: Context, ref: DomainRef, target: str) -> None:
    """Ejects the drive ``target``; offers force when the guest has locked it."""
    record = ctx.hosts.domain(ref)
    if record is None:
        return
    session = ctx.hosts.get(ref.host_id).session
    for force in (False, True):
        try:
            await media_drive.eject(session, ref.uuid, target, active=record.active, persistent=record.persistent, force=force)
            return
        except Busy as error:
            offer = Offer(FORCE, _("Eject anyway"), _("Like the pin in the tray: the guest loses the medium"), danger=True)
            if force or await ctx.ui.show_error(error, [offer]) != FORCE:
                return
        except HostelryError as error:
            await ctx.ui.show_error(error)
            return


async def _no_iso(ctx: Context, ref: DomainRef, medium: Medium, record: DomainRecord) -> None:
    """A disk image is no CD, but a machine can be made from it."""
    what = _("“{name}” cannot be put into the CD drive of “{machine}”.").format(name=Path(medium.path).name, machine=record.name)
    if medium.kind is MediumKind.UNKNOWN:
        await ctx.ui.show_error(Invalid(what, why=medium.problem))
        return
    error = Invalid(what, why=_("It is a disk image and no ISO."), next_step=_("A new machine can be made from it."))
    if await ctx.ui.show_error(error, [Offer(NEW_MACHINE, _("New machine…"))]) == NEW_MACHINE:
        from ui.widgets.drop import open_wizard  # noqa: PLC0415 - they call each other

        open_wizard(ctx, ctx.hosts.get(ref.host_id), medium.path)


async def _ask_way(ctx: Context, found: Access, path: str) -> str | None:
    """Which way out, when the hypervisor cannot read the file; None: none."""
    name = Path(path).name
    offers = []
    if found.grants:
        commands = "\n".join(" ".join(command) for command in found.commands)
        hint = _("Runs:\n{commands}\nTo take it back: {undo}").format(commands=commands, undo=found.undo)
        offers.append(Offer(GRANT, _("Give access"), hint))
    copy = _("Upload to the host") if found.remote else _("Copy to a pool")
    offers.append(Offer(COPY, copy, _("Makes a copy in the host's storage pool and uses that")))
    detail = found.text + (
        "\n\n" + _("Giving access changes these permissions:") + "\n" + "\n".join(f"{g.path}  (+{g.bits})" for g in found.grants)
        if found.grants
        else ""
    )
    title = _("Insert a medium")
    return await ctx.ui.choose(
        Question(title, _("The hypervisor cannot read “{name}”.").format(name=name), "", detail=detail), offers
    )


class _Insertion:
    """One medium on its way into one machine."""

    def __init__(self, ctx: Context, host: Host, record: DomainRecord, found: Access) -> None:
        self._ctx, self._host, self._record, self._found = ctx, host, record, found
        self._path = found.path
        self._at_host = found.path if found.ok else ""

    async def run(self, way: str, target: str) -> None:
        """Tries, and tries again with what the user allows."""
        error = await self._try(way, target)
        if isinstance(error, Busy):
            offer = Offer(FORCE, _("Change anyway"), _("Like the pin in the tray: the guest loses the old medium"), danger=True)
            if await self._ctx.ui.show_error(error, [offer]) == FORCE:
                error = await self._try(way, target, force=True)
            else:
                return
        elif isinstance(error, Unsupported) and self._record.active and self._record.persistent:
            if await self._ctx.ui.show_error(error, [Offer(NEXT_START, _("Add for the next start"))]) == NEXT_START:
                error = await self._try(way, target, later=True)
            else:
                return
        if error is not None:
            await self._ctx.ui.show_error(error)

    async def _try(self, way: str, target: str, *, force: bool = False, later: bool = False) -> HostelryError | None:
        """One job; gives what failed."""
        done: list[Inserted] = []

        async def work(job: Job) -> str:
            path = await self._reachable(way, job)
            job.report(text=_("Changing the medium"))
            done.append(await self._insert(path, target, force, later))
            job.left_behind.clear()
            return self._words(done[0])

        title = _("Insert “{medium}” into “{machine}”").format(medium=Path(self._path).name, machine=self._record.name)
        job = self._ctx.jobs.run(title, work, subject=self._record.name, host_id=self._host.id)
        if await job.wait() is JobState.DONE and done:
            recent.remember(self._ctx.settings, self._path)
            self._ctx.ui.notify(Notice(job.result, NoticeKind.HINT, key=f"medium {self._record.uuid}"))
        return job.error if job.state is JobState.FAILED else None

    async def _reachable(self, way: str, job: Job) -> str:
        """The medium's path on the host, where the hypervisor can read it."""
        if self._at_host:
            return self._at_host
        if way == GRANT:
            await access.grant(self._found)
            self._at_host = self._path
        else:
            self._at_host = await copy_to_pool(
                self._host.session, self._path, "", job, lambda words, _undo: job.left_behind.append(words)
            )
        return self._at_host

    async def _insert(self, path: str, target: str, force: bool, later: bool) -> Inserted:
        session, uuid = self._host.session, self._record.uuid
        if later:
            return await media_drive.add_for_next_start(session, uuid, path)
        now = self._ctx.hosts.domain(DomainRef(self._host.id, uuid)) or self._record
        return await media_drive.insert(
            session, uuid, path, active=now.active, persistent=now.persistent, target=target, force=force
        )

    def _words(self, inserted: Inserted) -> str:
        texts = {
            Done.CHANGED: _("“{medium}” is in the CD drive of “{machine}”."),
            Done.ADDED: _("“{machine}” got a CD drive with “{medium}”."),
            Done.NEXT_START: _("“{medium}” will be in the CD drive of “{machine}” at its next start."),
        }
        return texts[inserted.how].format(medium=Path(self._path).name, machine=self._record.name)
