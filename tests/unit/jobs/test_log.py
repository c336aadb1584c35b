"""The task log survives crashes, forgets old entries, and never learns a password."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AuthFailed
from app.jobs.job import Job, JobRow, JobState
from app.jobs.log import LogEntry, TaskLog, entry_of, redact


def entry(title: str, *, age_s: float = 0.0) -> LogEntry:
    now = time.time() - age_s
    return LogEntry(title, "web1", "qemu:///system", "done", now - 1, now)


def test_round_trip(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    first, second = entry("Start “web1”"), entry("Stop\nit")
    log.append(first)
    log.append(second)
    assert log.read() == [first, second]
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_no_file_is_an_empty_log(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "none" / "tasks.jsonl")
    log.prune()
    assert log.read() == []


def test_old_entries_go_and_unreadable_lines_stay(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    log.append(entry("old", age_s=31 * 24 * 3600))
    with log.path.open("a") as file:
        file.write("{broken\n[1, 2]\n\xff\n")
    log.append(entry("new"))
    assert [found.title for found in log.read()] == ["new"]
    log.prune()
    text = log.path.read_text()
    assert "old" not in text
    assert "{broken\n[1, 2]\n" in text
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_a_torn_line_does_not_swallow_the_next(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    log.append(entry("first"))
    with log.path.open("a") as file:
        file.write('{"title": "crashed in mid-wr')
    log.append(entry("after"))
    assert [found.title for found in log.read()] == ["first", "after"]


def test_entries_of_a_newer_version_are_read(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / "tasks.jsonl")
    log.append(entry("known"))
    data = json.loads(log.path.read_text())
    log.path.write_text(json.dumps({**data, "colour": "blue"}) + "\n")
    assert [found.title for found in log.read()] == ["known"]


@pytest.mark.parametrize(
    "text",
    [
        "<graphics type='vnc' passwd='hunter2'/>",
        '{"password": "hunter2"}',
        "password=hunter2 failed",
        "Password: hunter2",
        "cannot open vnc://user:hunter2@host:5900",
    ],
)
def test_passwords_are_not_logged(text: str) -> None:
    job = Job("Open", subject=text, host_id="qemu:///system")
    job.rows = [JobRow("web1", JobState.FAILED, text)]
    job.left_behind = [text]
    job.end(JobState.FAILED, result=text, error=AuthFailed(text, why=text, next_step=text, raw=text))
    assert "hunter2" not in repr(entry_of(job))


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)
