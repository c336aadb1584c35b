"""A task that took a while is told; one that was over at once is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions.interface import NoticeKind
from app.errors import Failed
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.settings.store import Settings
from ui import job_notices
from ui.job_notices import JobNotices
from ui.notify import Notifier
from ui.widgets.message_bar import MessageBar


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def finish(bar: MessageBar, folder: Path, *jobs: Job) -> None:
    runner = JobRunner()
    notices = JobNotices(runner, Notifier(Settings(folder / "c", folder / "s"), QWidget(), bar, None))
    for job in jobs:
        runner.finished.emit(job)
    del notices


def ended(title: str, state: JobState, seconds: float, error: Failed | None = None) -> Job:
    job = Job(title)
    job.end(state, result="It is there.", error=error)
    job.started_wall_s = (job.ended_wall_s or 0) - seconds
    return job


def test_only_what_was_waited_for(bar: MessageBar, tmp_path: Path) -> None:
    long, short = ended("Upload", JobState.DONE, 60), ended("Start", JobState.DONE, 0.2)
    stopped = ended("Copy", JobState.CANCELLED, 60)
    finish(bar, tmp_path, long, short, stopped)
    assert [(message.notice.text, message.notice.detail) for message in bar.messages] == [("Done: Upload", "It is there.")]


def test_a_failure_is_told_when_nobody_sees_the_dialog(bar: MessageBar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = ended("Save", JobState.FAILED, 0.1, Failed("Cannot save “web1”.", why="No room."))
    monkeypatch.setattr(job_notices, "in_front", lambda: True)
    finish(bar, tmp_path, failed)
    assert bar.messages == []
    monkeypatch.setattr(job_notices, "in_front", lambda: False)
    finish(bar, tmp_path, failed)
    assert [message.notice.kind for message in bar.messages] == [NoticeKind.JOB_FAILED]
