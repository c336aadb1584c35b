"""Jobs end in one of three ways, and whatever they raise is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.errors import Busy, Cancelled, Failed
from app.jobs.job import Job, JobState
from app.jobs.log import TaskLog
from app.jobs.runner import JobRunner


def run(test: Callable[[JobRunner], Awaitable[None]], log: TaskLog | None = None) -> None:
    """Runs ``test`` with a runner, which has nothing left when it ends."""

    async def whole() -> None:
        runner = JobRunner(log, abort_grace_s=0.05)
        await test(runner)
        await runner.close()
        assert not runner.running
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(whole())


async def never(_job: Job) -> None:
    await asyncio.Event().wait()


def test_result_is_kept() -> None:
    async def test(runner: JobRunner) -> None:
        async def work(job: Job) -> str:
            job.report(0.5, "half")
            return "42 files"

        seen: list[tuple[float | None, JobState]] = []
        job = runner.run("Count", work, subject="files", host_id="h")
        job.changed.connect(lambda changed: seen.append((changed.fraction, changed.state)))
        assert await job.wait() is JobState.DONE
        assert (job.result, job.error, job.over) == ("42 files", None, True)
        assert seen == [(0.5, JobState.RUNNING), (1.0, JobState.DONE)]
        assert not job.cancellable

    run(test)


def test_wait_does_not_raise_and_may_come_late() -> None:
    async def test(runner: JobRunner) -> None:
        async def work(_job: Job) -> None:
            raise Busy("It is busy.", raw="E1")

        job = runner.run("Try", work)
        assert await job.wait() is JobState.FAILED
        assert await job.wait() is JobState.FAILED
        assert isinstance(job.error, Busy)

    run(test)


@pytest.mark.expects_errors
def test_a_bug_is_reported_with_its_trace() -> None:
    async def test(runner: JobRunner) -> None:
        async def work(_job: Job) -> None:
            raise ZeroDivisionError("oops")

        job = runner.run("Divide", work)
        assert await job.wait() is JobState.FAILED
        assert isinstance(job.error, Failed)
        assert "“Divide”" in job.error.what
        assert "ZeroDivisionError: oops" in job.error.raw
        assert "work" in job.error.raw

    run(test)


def test_cancel_aborts_the_work_before_its_coroutine() -> None:
    async def test(runner: JobRunner) -> None:
        steps: list[str] = []
        aborted = asyncio.Event()

        async def abort() -> None:
            steps.append("abort")
            aborted.set()

        async def work(job: Job) -> None:
            job.abort = abort
            try:
                await aborted.wait()
            except asyncio.CancelledError:
                steps.append("cancelled")
                raise
            raise Failed("operation aborted", raw="virDomainAbortJob")

        job = runner.run("Save", work)
        await asyncio.sleep(0)
        assert runner.cancel(job)
        assert job.state is JobState.CANCELLING
        assert await job.wait() is JobState.CANCELLED
        assert steps == ["abort"]
        assert job.error is not None and job.error.raw == "virDomainAbortJob"

    run(test)


def test_cancel_ends_a_work_that_ignores_its_abort() -> None:
    async def test(runner: JobRunner) -> None:
        async def abort() -> None:
            raise Failed("cannot abort")

        async def work(job: Job) -> None:
            job.abort = abort
            await never(job)

        job = runner.run("Hang", work)
        await asyncio.sleep(0)
        assert runner.cancel(job)
        assert await job.wait() is JobState.CANCELLED

    run(test)


def test_what_is_left_behind_is_named() -> None:
    async def test(runner: JobRunner) -> None:
        async def work(job: Job) -> None:
            job.left_behind.append("/pool/half.qcow2")
            await never(job)

        job = runner.run("Upload", work)
        await asyncio.sleep(0)
        runner.cancel(job)
        assert await job.wait() is JobState.CANCELLED
        assert "/pool/half.qcow2" in job.result

    run(test)


def test_a_job_that_cannot_be_cancelled_says_why_and_goes_on() -> None:
    async def test(runner: JobRunner) -> None:
        gate = asyncio.Event()

        async def work(job: Job) -> str:
            job.why_not_cancellable = "The host is writing its label."
            await gate.wait()
            return "written"

        job = runner.run("Format", work)
        await asyncio.sleep(0)
        assert not job.cancellable
        assert not runner.cancel(job)
        assert job.state is JobState.RUNNING
        gate.set()
        assert await job.wait() is JobState.DONE

    run(test)


def test_a_work_done_in_spite_of_cancelling_is_done() -> None:
    async def test(runner: JobRunner) -> None:
        gate = asyncio.Event()

        async def abort() -> None:
            gate.set()

        async def work(job: Job) -> str:
            job.abort = abort
            await gate.wait()
            return "it was over already"

        job = runner.run("Copy", work)
        await asyncio.sleep(0)
        runner.cancel(job)
        assert await job.wait() is JobState.DONE
        assert job.result == "it was over already"

    run(test)


def test_retry_runs_the_same_work_as_a_new_job() -> None:
    async def test(runner: JobRunner) -> None:
        tries: list[int] = []

        async def work(_job: Job) -> str:
            tries.append(1)
            if len(tries) == 1:
                raise Busy("Not yet.")
            return "now"

        first = runner.run("Try", work, subject="s", host_id="h")
        assert not runner.retryable(first)
        await first.wait()
        assert runner.retryable(first)
        second = runner.retry(first)
        assert second is not None and second is not first
        assert await second.wait() is JobState.DONE
        assert (second.title, second.subject, second.host_id) == ("Try", "s", "h")
        assert runner.retry(second) is None

    run(test)


def test_close_cancels_even_what_has_not_begun() -> None:
    async def test(runner: JobRunner) -> None:
        job = runner.run("Late", never)
        await runner.close()
        assert job.state is JobState.CANCELLED

    run(test)


def test_the_work_may_say_itself_that_it_was_cancelled() -> None:
    async def test(runner: JobRunner) -> None:
        async def work(_job: Job) -> None:
            raise Cancelled("You stopped it.")

        assert await runner.run("Ask", work).wait() is JobState.CANCELLED

    run(test)


def test_jobs_of_the_last_run_come_back(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "state" / "tasks.jsonl")

    async def first(runner: JobRunner) -> None:
        async def work(job: Job) -> None:
            job.left_behind.append("x.iso")
            raise Failed("It failed.", why="Because.", next_step="Go.", raw="raw text")

        await runner.run("Old", work, subject="web1").wait()

    async def second(runner: JobRunner) -> None:
        await runner.load()
        (job,) = runner.jobs
        assert (job.title, job.subject, job.state) == ("Old", "web1", JobState.FAILED)
        assert job.error is not None and (job.error.why, job.error.raw) == ("Because.", "raw text")
        assert not runner.retryable(job)

    run(first, log)
    run(second, log)


def test_a_log_that_cannot_be_written_stops_no_job(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    async def test(runner: JobRunner) -> None:
        async def work(_job: Job) -> str:
            return "fine"

        await runner.load()
        assert await runner.run("Work", work).wait() is JobState.DONE

    run(test, TaskLog(tmp_path / "file" / "tasks.jsonl"))
