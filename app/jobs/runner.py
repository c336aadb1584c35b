"""Starts jobs, watches over them, keeps what came of them."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable

from app.errors import Cancelled, Failed, HostelryError
from app.i18n import _
from app.jobs.job import Job, JobRow, JobState
from app.jobs.log import LogEntry, TaskLog, entry_of
from app.signal import Signal

log = logging.getLogger(__name__)

Work = Callable[[Job], Awaitable[str | None]]
"""Does the work and gives a result in words (or None); raises HostelryError when it fails."""

KEPT = 500
"""Jobs kept in memory once they are over."""

ABORT_GRACE_S = 5.0
"""How long an aborted work may take to end by itself before its coroutine is cancelled."""


class JobRunner:
    """All jobs of this program, running and recent, oldest first.  Everything on the event loop's thread.

    added: a job appeared (running, or brought back from the log).  finished: a job of this run ended.
    removed: an old one left the list.
    """

    def __init__(self, task_log: TaskLog | None = None, *, abort_grace_s: float = ABORT_GRACE_S) -> None:
        self.jobs: list[Job] = []
        self.added: Signal[[Job]] = Signal()
        self.finished: Signal[[Job]] = Signal()
        self.removed: Signal[[Job]] = Signal()
        self._log = task_log
        self._grace_s = abort_grace_s
        self._work: dict[Job, Work] = {}
        self._tasks: dict[Job, asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> tuple[Job, ...]:
        """Those which are not over."""
        return tuple(job for job in self.jobs if not job.over)

    def run(self, title: str, work: Work, *, subject: str = "", host_id: str = "") -> Job:
        """Starts ``work`` at once on the running loop."""
        job = Job(title, subject=subject, host_id=host_id)
        self._work[job] = work
        task = asyncio.get_running_loop().create_task(self._run(job, work), name=f"job: {title}")
        self._tasks[job] = task
        task.add_done_callback(lambda _task: self._never_began(job))
        self._add(job)
        return job

    def cancel(self, job: Job) -> bool:
        """Begins to stop it: first what it does (``job.abort``), then its coroutine; False if it cannot be cancelled."""
        if not job.cancellable or job not in self._tasks:
            return False
        job.state = JobState.CANCELLING
        job.changed.emit(job)
        self._keep(self._stop(job, self._tasks[job]))
        return True

    def retryable(self, job: Job) -> bool:
        """True if it failed or was cancelled, and its work is still known (not from an earlier run of the program)."""
        return job in self._work and job.state in (JobState.FAILED, JobState.CANCELLED)

    def retry(self, job: Job) -> Job | None:
        """The same work again as a new job; None if ``retryable`` is not true."""
        if not self.retryable(job):
            return None
        return self.run(job.title, self._work[job], subject=job.subject, host_id=job.host_id)

    async def load(self) -> None:
        """Brings back the jobs of earlier runs from the log, and drops what is too old there."""
        if self._log is None:
            return
        try:
            await asyncio.to_thread(self._log.prune)
            entries = await asyncio.to_thread(self._log.read)
        except OSError as error:
            log.warning("The task log cannot be read: %s", error)
            return
        past = [_job_of(entry) for entry in entries[-KEPT:]]
        self.jobs[:0] = past
        for job in past:
            self.added.emit(job)

    async def close(self) -> None:
        """Cancels what runs and waits until it has ended and has been written to the log."""
        for job, task in list(self._tasks.items()):
            if not self.cancel(job):
                task.cancel()
        while waiting := [*self._tasks.values(), *self._others]:
            await asyncio.gather(*waiting, return_exceptions=True)

    def _add(self, job: Job) -> None:
        self.jobs.append(job)
        self.added.emit(job)
        while len(self.jobs) > KEPT and self.jobs[0].over:
            old = self.jobs.pop(0)
            self._work.pop(old, None)
            self.removed.emit(old)

    async def _run(self, job: Job, work: Work) -> None:
        """The whole life of a job; nothing that the work raises is lost."""
        try:
            result = await work(job)
            job.end(JobState.DONE, result=result or "")
        except asyncio.CancelledError:
            job.end(JobState.CANCELLED, result=_left(job))
        except HostelryError as error:
            stopped = job.state is JobState.CANCELLING or isinstance(error, Cancelled)
            job.end(JobState.CANCELLED if stopped else JobState.FAILED, result=_left(job), error=error)
        except Exception as error:
            log.exception("Job %r has a bug", job.title)
            job.end(JobState.FAILED, result=_left(job), error=bug_report(job.title, error))
        finally:
            self._tasks.pop(job, None)
        self.finished.emit(job)
        if self._log is not None:
            self._keep(self._write(job))

    def _never_began(self, job: Job) -> None:
        """A task cancelled before its first step runs no line of its coroutine."""
        self._tasks.pop(job, None)
        if not job.over:
            job.end(JobState.CANCELLED)
            self.finished.emit(job)

    async def _stop(self, job: Job, task: asyncio.Task[None]) -> None:
        abort = job.abort
        if abort is not None:
            try:
                await asyncio.wait_for(abort(), self._grace_s)
            except (HostelryError, TimeoutError) as error:
                log.warning("Job %r could not be aborted: %s", job.title, error)
            except Exception:
                log.exception("The abort of job %r has a bug", job.title)
            await asyncio.wait({task}, timeout=self._grace_s)
        task.cancel()

    async def _write(self, job: Job) -> None:
        assert self._log is not None  # noqa: S101 - asked by the only caller
        try:
            await asyncio.to_thread(self._log.append, entry_of(job))
        except OSError as error:
            log.warning("The task log cannot be written: %s", error)

    def _keep(self, coroutine: Awaitable[None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._others.add(task)
        task.add_done_callback(self._others.discard)


def bug_report(title: str, error: BaseException) -> HostelryError:
    """A mistake of this program as an error that a user can read and report."""
    return Failed(
        _("“{title}” stopped because of a mistake in this program.").format(title=title),
        why=f"{type(error).__name__}: {error}",
        next_step=_("Please report it with the details below; trying again may help."),
        raw="".join(traceback.format_exception(error)),
    )


def _left(job: Job) -> str:
    """What an early end left behind, as a sentence; empty if nothing."""
    if not job.left_behind:
        return ""
    return _("Left behind: {things}.").format(things=", ".join(job.left_behind))


def _job_of(entry: LogEntry) -> Job:
    """A job of an earlier run, over; it cannot be retried."""
    job = Job(entry.title, subject=entry.subject, host_id=entry.host_id)
    job.rows = [JobRow(subject, _state(state), text) for subject, state, text in entry.rows]
    job.left_behind = list(entry.left_behind)
    error = Failed(entry.what, why=entry.why, next_step=entry.next_step, raw=entry.raw) if entry.what else None
    job.end(_state(entry.state), result=entry.result, error=error)
    job.started_wall_s, job.ended_wall_s = entry.started_s, entry.ended_s
    return job


def _state(word: str) -> JobState:
    try:
        return JobState(word)
    except ValueError:
        return JobState.FAILED
