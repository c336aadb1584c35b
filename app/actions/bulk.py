"""One action on many machines: one job with a row for each, a few at a time for each host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from app.actions.context import Context, Target
from app.errors import Cancelled, Failed, HostelryError
from app.i18n import _, ngettext
from app.jobs.job import Job, JobRow, JobState
from app.jobs.runner import bug_report
from app.model.records import DomainRef

AT_ONCE = 4
"""Machines of one host worked on at the same time: libvirtd serves a client about that many requests."""

Each = Callable[[Target, Job], Awaitable[str | None]]
"""Works on one machine.  The job is the one that is shown, or with many machines a part of it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a job is named.

    one: marked with N_, has {name}.  many: gives the form for a count, has {count}.
    fails: marked with N_, has {name}; the first sentence when it fails on that machine.
    """

    one: str
    many: Callable[[int], str]
    fails: str

    def title(self, targets: Sequence[Target]) -> str:
        """The job's title for these machines, translated."""
        if len(targets) == 1:
            return _(self.one).format(name=targets[0].record.name)
        return self.many(len(targets)).format(count=len(targets))


def hosts_of(targets: Iterable[Target]) -> frozenset[str]:
    """The ids of the hosts of these machines."""
    return frozenset(target.host.id for target in targets)


def names_of(targets: Iterable[Target]) -> tuple[str, ...]:
    """Their names; with the host's label when there are several hosts."""
    listed = tuple(targets)
    several = len(hosts_of(listed)) > 1
    return tuple(f"{target.record.name} ({target.host.label})" if several else target.record.name for target in listed)


def start_job(ctx: Context, wording: Wording, targets: Sequence[Target], each: Each, *, at_once: int = AT_ONCE) -> Job:
    """Starts the work on all of them as one job; for a single machine a job without rows.

    at_once: machines of one host at the same time; more for work that mostly waits.
    """
    title = wording.title(targets)
    named = _naming(each, wording.fails)
    if len(targets) == 1:
        target = targets[0]
        return ctx.jobs.run(title, lambda job: named(target, job), subject=target.record.name, host_id=target.host.id)
    host_id = targets[0].host.id if len(hosts_of(targets)) == 1 else ""
    done: set[DomainRef] = set()

    async def work(job: Job) -> str:
        """Tried again, it goes on with those that failed."""
        return await run_rows(job, [target for target in targets if target.ref not in done], _noting(named, done), at_once)

    return ctx.jobs.run(title, work, subject=_some(names_of(targets)), host_id=host_id)


def _noting(each: Each, done: set[DomainRef]) -> Each:
    async def noted(target: Target, job: Job) -> str | None:
        result = await each(target, job)
        done.add(target.ref)
        return result

    return noted


def _some(names: Sequence[str], most: int = 20) -> str:
    """Names for the log, not a thousand of them."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _naming(each: Each, fails: str) -> Each:
    """``each`` with errors whose first sentence names the machine."""

    async def named(target: Target, job: Job) -> str | None:
        try:
            return await each(target, job)
        except Cancelled:
            raise
        except HostelryError as error:
            if f"“{target.record.name}”" in error.what:
                raise
            raise error.about(_(fails).format(name=target.record.name)) from error
        finally:
            # Not every change has an event (autostart, a saved state that was discarded).
            target.host.reread(target.record.uuid)

    return named


async def run_rows(job: Job, targets: Sequence[Target], each: Each, at_once: int = AT_ONCE) -> str:
    """Works on each as a row of ``job``; one that fails stops no other.

    Gives the result as a sentence; raises Failed if any row failed, Cancelled if the job was stopped; then
    each row says how far it came.
    """
    gates = {host_id: asyncio.Semaphore(at_once) for host_id in hosts_of(targets)}
    rows = [_Row(job, name, target, each, gates[target.host.id]) for name, target in zip(names_of(targets), targets, strict=True)]
    job.rows = [row.shown for row in rows]
    tasks = [asyncio.ensure_future(row.run()) for row in rows]

    async def abort() -> None:
        await asyncio.gather(*(row.stop(task) for row, task in zip(rows, tasks, strict=True)))

    job.abort = abort
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
    return _summary(job)


class _Row:
    """One machine's part of a job on many."""

    def __init__(self, job: Job, name: str, target: Target, each: Each, gate: asyncio.Semaphore) -> None:
        self.shown = JobRow(name, text=_("Waiting"))
        self._job, self._target, self._each, self._gate = job, target, each, gate
        self._part = Job(job.title, subject=target.record.name, host_id=target.host.id)
        self._part.changed.connect(self._progress)
        self._begun = False

    async def run(self) -> None:
        """Raises nothing but what cancelling does not let it swallow."""
        try:
            async with self._gate:
                self._begun = True
                self._end(JobState.DONE, await self._each(self._target, self._part) or _("Done"))
        except asyncio.CancelledError:
            self._end(JobState.CANCELLED, _("Stopped in the middle") if self._begun else _("Not begun"))
        except HostelryError as error:
            stopped = isinstance(error, Cancelled) or self._part.state is JobState.CANCELLING
            self._end(JobState.CANCELLED if stopped else JobState.FAILED, str(error), error)
        except Exception as error:  # noqa: BLE001 - one machine's bug must not hide what became of the others
            report = bug_report(self._job.title, error)
            self._end(JobState.FAILED, str(report), report)

    async def stop(self, task: asyncio.Future[None]) -> None:
        """As the runner stops a job: first what it does, then its coroutine; not what cannot be stopped."""
        if self.shown.state.over or self._part.why_not_cancellable:
            return
        self._part.state = JobState.CANCELLING
        if self._part.abort is not None:
            await self._part.abort()
        else:
            task.cancel()

    def _progress(self, part: Job) -> None:
        self.shown.text = part.text
        self._job.changed.emit(self._job)

    def _end(self, state: JobState, text: str, error: HostelryError | None = None) -> None:
        self.shown.state, self.shown.text, self.shown.error = state, text, error
        self._job.left_behind.extend(self._part.left_behind)
        over, count = sum(row.state.over for row in self._job.rows), len(self._job.rows)
        self._job.report(over / count, _("{done} of {count}").format(done=over, count=count))


def _summary(job: Job) -> str:
    """The result in one sentence; raises it when it is none to be glad about."""
    failed = [row for row in job.rows if row.state is JobState.FAILED]
    undone = [row for row in job.rows if row.state is JobState.CANCELLED]
    count = len(job.rows)
    if failed:
        raise Failed(
            ngettext("{failed} of {count} machines failed.", "{failed} of {count} machines failed.", len(failed)).format(
                failed=len(failed), count=count
            ),
            why=_listed(failed),
            next_step=_("The list below says why for each. “Try again” does it again for these."),
            raw="\n\n".join(f"{row.subject}: {row.error.raw or row.error}" for row in failed if row.error),
        )
    if undone:
        raise Cancelled(_("{done} of {count} were done.").format(done=count - len(undone), count=count), why=_listed(undone))
    return ngettext("{count} machine done.", "{count} machines done.", count).format(count=count)


def _listed(rows: Sequence[JobRow]) -> str:
    names = ", ".join(f"“{row.subject}”" for row in rows[:5])
    return f"{names} …" if len(rows) > 5 else f"{names}."


async def tell(ctx: Context, job: Job) -> JobState:
    """Waits for the job and shows an error or, for many machines, the list of what came of each."""
    state = await job.wait()
    if state is JobState.FAILED and job.error is not None:
        await (ctx.ui.show_job(job) if job.rows else _show(ctx, job.error))
    return state


async def _show(ctx: Context, error: HostelryError) -> None:
    await ctx.ui.show_error(error)
