"""Work on many machines: rows, a few at a time, stopped in the middle."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.actions.bulk import AT_ONCE, Wording, start_job
from app.actions.context import Target
from app.jobs.job import Job, JobState
from tests.unit.actions.practice import OFF, Practice, practise

WORDS = Wording("Work on “{name}”", lambda _n: "Work on {count} machines", "Cannot work on “{name}”.")
MANY = {f"m{number}": OFF for number in range(AT_ONCE + 2)}


def test_a_few_at_a_time(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        now: list[str] = []
        most = [0]

        async def each(target: Target, _job: Job) -> None:
            now.append(target.record.name)
            most[0] = max(most[0], len(now))
            await asyncio.sleep(0)
            now.remove(target.record.name)

        job = start_job(practice.ctx, WORDS, practice.ctx.targets(practice.select(*MANY)), each)
        assert await job.wait() is JobState.DONE
        assert most == [AT_ONCE]
        assert job.fraction == 1.0

    practise(tmp_path, MANY, test)


def test_cancelled_in_the_middle_each_row_says_how_far_it_came(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        begun = asyncio.Event()
        aborted: list[str] = []

        async def each(target: Target, part: Job) -> str:
            name = target.record.name
            if name == "m0":
                return "It is done"
            if name == "m1":
                stop = asyncio.Event()

                async def abort() -> None:
                    aborted.append(name)
                    stop.set()

                part.abort = abort
                part.left_behind.append(f"half of {name}")
                await stop.wait()
                raise asyncio.CancelledError
            if name == "m4":
                begun.set()
            await asyncio.Event().wait()
            return ""

        job = start_job(practice.ctx, WORDS, practice.ctx.targets(practice.select(*MANY)), each)
        await begun.wait()
        assert practice.ctx.jobs.cancel(job)
        assert await job.wait() is JobState.CANCELLED
        assert aborted == ["m1"]
        assert [row.text for row in job.rows] == ["It is done", *["Stopped in the middle"] * 4, "Not begun"]
        assert "half of m1" in job.result
        assert job.error is not None and "1 of 6" in job.error.what

    practise(tmp_path, MANY, test)


def test_a_bug_in_one_row_hides_no_other(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        async def each(target: Target, _job: Job) -> str:
            if target.record.name == "m1":
                raise KeyError("oops")
            return "fine"

        job = start_job(practice.ctx, WORDS, practice.ctx.targets(practice.select("m0", "m1", "m2")), each)
        assert await job.wait() is JobState.FAILED
        assert [row.state for row in job.rows] == [JobState.DONE, JobState.FAILED, JobState.DONE]
        assert job.error is not None and "KeyError" in job.error.raw

    practise(tmp_path, MANY, test)
