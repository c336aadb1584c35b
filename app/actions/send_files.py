"""Files of this computer into a guest, by the way that ``file_channels`` chose; each sending is a job."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.actions import made_discs
from app.actions.bulk import Each, Wording, start_job, tell
from app.actions.context import Context, Notice, NoticeKind, Offer, Question, Target
from app.actions.file_channels import Channel, Verdict, Ways, choose, drive_name, holds_words
from app.actions.made_discs import MadeDisc
from app.actions.media import insert_file
from app.console.capabilities import FileTransfer
from app.errors import Busy, Failed, HostelryError, Unsupported
from app.i18n import N_, _, ngettext
from app.install import access, file_disc, media_drive
from app.install.create import copy_to_pool
from app.install.drives import Drive
from app.install.file_survey import Load
from app.jobs.job import Job, JobRow, JobState
from app.virt import agent_files
from app.virt.guest_agent import Agent

SEND = Wording(
    N_("Send files to “{name}”"),
    lambda n: ngettext("Send files to {count} machine", "Send files to {count} machines", n),
    N_("The files could not be sent to “{name}”."),
)
FORCE = "force"


async def send(
    ctx: Context, target: Target, load: Load, ways: Ways, *, drive: str = "", spice: FileTransfer | None = None
) -> None:
    """Does what ``choose`` says, with every question on the way; shows errors.

    drive: the one that the user dropped on.  spice: the console's own connection, where ``ways.spice`` says that it takes files.
    """
    verdict = choose(load, replace(ways, spice=ways.spice and spice is not None))
    if verdict.channel is Channel.NONE:
        await ctx.ui.show_error(Unsupported(verdict.title + ".", why=verdict.detail))
    elif verdict.channel is Channel.IMAGE:
        await _insert_image(ctx, target, load, verdict, drive)
    elif verdict.channel is Channel.SPICE and spice is not None:
        await _tell(ctx, target, load, start_job(ctx, SEND, [target], _by_spice(load, spice)))
    elif verdict.channel is Channel.AGENT and ways.agent is not None:
        await _tell(ctx, target, load, start_job(ctx, SEND, [target], _by_agent(load, ways.agent)))
    else:
        await _on_disc(ctx, target, load, ways, drive)


async def _tell(ctx: Context, target: Target, load: Load, job: Job) -> None:
    """How it ended; what was left out is said too."""
    if await tell(ctx, job) is JobState.DONE:
        detail = _("Left out: {paths}").format(paths=", ".join(load.skipped[:5])) if load.skipped else ""
        ctx.ui.notify(Notice(job.result, NoticeKind.HINT, detail=detail, key=f"files {target.ref}"))


def _arrived(load: Load, where: str) -> str:
    count = len(load.files)
    if count == 1:
        return _("“{name}” is in {place}.").format(name=load.files[0].path.name, place=where)
    return ngettext("{count} file is in {place}.", "{count} files are in {place}.", count).format(count=count, place=where)


class _Progress:
    """Of several files that go one after the other, as one bar."""

    def __init__(self, job: Job, load: Load) -> None:
        self._job, self._total = job, max(1, load.size)
        self._before, self._name, self._size = 0, "", 0

    def next(self, name: str, size: int) -> None:
        """Another file begins."""
        self._before += self._size
        self._name, self._size = name, size
        self.at(0)

    def at(self, done: int) -> None:
        """So many bytes of it are over."""
        self._job.report((self._before + done) / self._total, _("Sending “{name}”").format(name=self._name))


@contextlib.contextmanager
def _file_rows(job: Job, load: Load) -> Iterator[Callable[[], None]]:
    """A row for each of several files; what it gives is called when the next one has arrived."""
    job.rows = [JobRow(entry.path.name, text=_("Not begun")) for entry in load.files] if len(load.files) > 1 else []
    waiting = list(job.rows)

    def over() -> None:
        if waiting:
            row = waiting.pop(0)
            row.state, row.text = JobState.DONE, _("Done")

    try:
        yield over
    except HostelryError as error:
        if waiting:
            row = waiting.pop(0)
            row.state, row.text, row.error = JobState.FAILED, str(error), error
        raise
    finally:
        for row in waiting:
            row.state = JobState.CANCELLED
        job.changed.emit(job)


def _by_spice(load: Load, spice: FileTransfer) -> Each:
    async def each(target: Target, job: Job) -> str:
        progress = _Progress(job, load)
        with _file_rows(job, load) as over:
            for entry in load.files:
                progress.next(entry.path.name, entry.size)
                await spice.send_file(entry.path, lambda done, _total: progress.at(done))
                over()
        return _arrived(load, _("the downloads of “{machine}”").format(machine=target.record.name))

    return each


def _by_agent(load: Load, agent: Agent) -> Each:
    async def each(target: Target, job: Job) -> str:
        progress = _Progress(job, load)
        place = ""
        for entry in load.files:
            progress.next(entry.path.name, entry.size)
            place = await agent_files.send(target.host.session, target.record.uuid, agent, entry.path, progress.at)
        folder = agent_files.WINDOWS_FOLDER if agent.windows else agent_files.FOLDER
        where = place if len(load.files) == 1 else folder
        return _arrived(load, _("{folder} of “{machine}”").format(folder=where, machine=target.record.name))

    return each


async def _insert_image(ctx: Context, target: Target, load: Load, verdict: Verdict, drive: str) -> None:
    """A disc image: as it is, into the drive that was chosen."""
    if not drive and len(verdict.drives) > 1:
        chosen = await _ask_drive(ctx, verdict.drives)
        if chosen is None:
            return
        drive = chosen
    await insert_file(ctx, target, load.paths[0], drive)


async def _ask_drive(ctx: Context, drives: Sequence[Drive]) -> str | None:
    """Which of the drives; None: none of them."""
    question = Question(_("Insert medium"), _("Into which drive?"), "")
    offers = [Offer(drive.target, drive_name(drive), holds_words(drive) or _("It is empty.")) for drive in drives]
    return await ctx.ui.choose(question, offers)


async def _on_disc(ctx: Context, target: Target, load: Load, ways: Ways, drive: str) -> None:
    """Makes a disc of the files and inserts it; asks before another medium goes out."""
    chosen = drive or await _free_drive(ctx, ways)
    if chosen is None:
        return
    force = False
    while True:
        job = start_job(ctx, SEND, [target], _by_disc(ctx, load, chosen, force=force))
        busy = await job.wait() is JobState.FAILED and isinstance(job.error, Busy)
        if not busy or force or job.error is None:
            await _tell(ctx, target, load, job)
            return
        offer = Offer(FORCE, _("Open the drive by force"), _("The guest may be reading from the medium"), danger=True)
        if await ctx.ui.show_error(job.error, [offer]) != FORCE:
            return
        force = True


async def _free_drive(ctx: Context, ways: Ways) -> str | None:
    """An empty drive, or one with an earlier disc of ours; else the user chooses. "" is a new one."""
    if not ways.drives:
        return ""
    ready = next((each for each in ways.drives if each.empty), None)
    ready = ready or next((each for each in ways.drives if made_discs.is_made(ctx.settings, each.medium)), None)
    return ready.target if ready is not None else await _ask_drive(ctx, ways.drives)


def _by_disc(ctx: Context, load: Load, drive: str, *, force: bool) -> Each:
    async def each(target: Target, job: Job) -> str:
        try:
            with made_discs.on_its_way(target):
                path = await _make(load, job)
                await _insert(ctx, target, await _deliver(ctx, target, path, job), job, drive, force=force)
        finally:
            # The disc before this one; and this one, if it did not get in.
            await asyncio.shield(made_discs.tidy(ctx, target))
        return _arrived(load, _("the CD drive of “{machine}”").format(machine=target.record.name))

    return each


async def _make(load: Load, job: Job) -> Path:
    try:
        path = await asyncio.to_thread(made_discs.new_path)
    except OSError as error:
        raise Failed(
            _("The disc cannot be made."), why=error.strerror or "", next_step=_("Look at your cache folder."), raw=str(error)
        ) from error
    text = _("Making the disc")
    await file_disc.write(load, path, lambda done, total: job.report(done / total, text))
    return path


async def _deliver(ctx: Context, target: Target, path: Path, job: Job) -> MadeDisc:
    """The disc within the hypervisor's reach: the file itself, or a copy in a pool of its host; remembered at once."""
    disc = MadeDisc(target.host.id, target.record.uuid, str(path), volume=False)
    made_discs.remember(ctx.settings, disc)
    if (await access.check(target.host, str(path))).ok:
        return disc
    # A copy that is stopped half-way is removed by ``copy_to_pool`` itself.
    place = await copy_to_pool(target.host.session, str(path), "", job, lambda _words, _undo: None)
    copy = replace(disc, path=place, volume=True)
    made_discs.remember(ctx.settings, copy)
    return copy


async def _insert(ctx: Context, target: Target, disc: MadeDisc, job: Job, drive: str, *, force: bool) -> None:
    """Into the running machine alone, if it runs: its definition must not depend on a file that goes away."""
    job.report(text=_("Inserting the disc"))
    now = ctx.hosts.domain(target.ref) or target.record
    await media_drive.insert(
        target.host.session, target.record.uuid, disc.path,
        active=now.active, persistent=not now.active, target=drive, force=force,
    )  # fmt: skip
