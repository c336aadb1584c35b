"""A task log that somebody else wrote, or a crash tore: lines that make no sense are skipped, never believed."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.job import Job, JobState
from app.jobs.log import TaskLog, entry_of
from app.jobs.runner import JobRunner

GOOD: dict[str, Any] = {
    "title": "Start", "subject": "web1", "host_id": "test:///default", "state": "done", "started_s": 1.0, "ended_s": 9e9,
}  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "wrong",
    [{"started_s": "yesterday"}, {"ended_s": float("inf")}, {"ended_s": 1e300}, {"what": 5}, {"state": []}, {"rows": [[1, 2]]},
     {"left_behind": 7}, {"result": {}}],
)  # fmt: skip
def test_a_line_with_a_field_of_the_wrong_kind_is_skipped(tmp_path: Path, wrong: dict[str, Any]) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    log.path.write_text(json.dumps(GOOD | wrong) + "\n" + json.dumps(GOOD | {"ended_s": time.time()}) + "\n")
    assert [entry.title for entry in log.read()] == ["Start"]
    asyncio.run(JobRunner(log).load())


def test_a_line_nested_too_deeply_is_skipped(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    log.path.write_text("[" * 200_000 + "\n" + json.dumps(GOOD) + "\n")
    assert len(log.read()) == 1


@settings(max_examples=100, deadline=None)
@given(changes=st.dictionaries(st.sampled_from([*GOOD, "what", "rows", "left_behind", "raw"]), json_values, max_size=3))
def test_whatever_the_log_says_it_can_be_loaded(tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]) -> None:
    log = TaskLog(tmp_path_factory.mktemp("log") / "tasks.jsonl")
    log.path.write_text(json.dumps(GOOD | changes) + "\n")

    async def load() -> None:
        runner = JobRunner(log)
        await runner.load()
        for job in runner.jobs:
            time.localtime(job.started_wall_s)
            time.localtime(job.ended_wall_s)

    asyncio.run(load())


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_no_reason_to_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    log = TaskLog(tmp_path_factory.mktemp("log") / "tasks.jsonl")
    log.path.write_bytes(data)
    log.read()
    log.prune()


def test_a_file_name_that_is_no_text_is_logged_all_the_same(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")

    async def ended() -> Job:
        job = Job("Upload caf\udce9.iso")
        job.end(JobState.DONE)
        return job

    log.append(entry_of(asyncio.run(ended())))
    assert log.read()[0].title.startswith("Upload caf")
