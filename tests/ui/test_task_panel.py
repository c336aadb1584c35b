"""The task panel, and messages in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.actions.interface import Notice, NoticeKind, Offer
from app.errors import Failed
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.settings import options
from app.settings.store import Settings
from ui.notify import Notifier
from ui.widgets.job_table import Column, JobTable
from ui.widgets.message_bar import MessageBar
from ui.widgets.task_panel import TaskPanel


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "config", tmp_path / "state")


def put(runner: JobRunner, job: Job) -> Job:
    """As ``JobRunner.run`` lists a job, without running anything."""
    runner.jobs.append(job)
    runner.added.emit(job)
    return job


def test_rows_follow_the_jobs(qtbot: QtBot) -> None:
    runner = JobRunner()
    model = JobTable(runner)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    first, second = put(runner, Job("First")), put(runner, Job("Second"))
    assert [model.index(row, 0).data() for row in range(2)] == ["Second", "First"]
    with qtbot.waitSignal(model.dataChanged):
        first.report(0.25, "Copying")
    assert model.index(1, Column.STATUS).data() == "Running: Copying"
    assert model.index(1, Column.PROGRESS).data() == "25 %"
    second.end(JobState.DONE, result="Copied")
    assert model.index(0, Column.STATUS).data() == "Done: Copied"
    runner.jobs.remove(second)
    runner.removed.emit(second)
    assert model.rowCount() == 1


def test_fold_is_remembered(qtbot: QtBot, settings: Settings) -> None:
    panel = TaskPanel(JobRunner(), settings)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.table.isVisible()
    QTest.mouseClick(panel.fold, Qt.MouseButton.LeftButton)
    assert panel.table.isVisible() and settings.get(options.TASKS_SHOWN)


def test_the_line_says_what_goes_on(qtbot: QtBot, settings: Settings) -> None:
    runner = JobRunner()
    panel = TaskPanel(runner, settings)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.summary.text() == "Nothing is running" and not panel.bar.isVisible()
    job = put(runner, Job("Start “web1”"))
    job.report(None, "Starting")
    assert panel.summary.text() == "Start “web1”: Starting" and panel.bar.isVisible()
    put(runner, Job("Other"))
    assert panel.summary.text() == "2 tasks are running"


def test_copy_of_a_failed_job_has_the_raw_error(qtbot: QtBot, settings: Settings) -> None:
    runner = JobRunner()
    panel = TaskPanel(runner, settings)
    qtbot.addWidget(panel)
    panel.set_open(True)
    panel.show()
    job = put(runner, Job("Save"))
    job.end(JobState.FAILED, error=Failed("Cannot save.", why="No room.", raw="ENOSPC"))
    panel.table.setCurrentIndex(panel.model.index(0, 0))
    panel.activateWindow()
    qtbot.waitActive(panel)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "ENOSPC" in QApplication.clipboard().text()


def test_messages_replace_those_of_the_same_key_and_answer_once(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show()
    answers: list[tuple[str, str | None]] = []
    for name in ("first", "second"):
        notice = Notice(name, NoticeKind.OFFER, offers=(Offer("undo", "Undo"),), key="same")
        bar.add(notice, lambda offer, name=name: answers.append((name, offer)))  # type: ignore[misc]
    assert [message.notice.text for message in bar.messages] == ["second"]
    undo = next(button for button in bar.messages[0].findChildren(QToolButton) if button.text() == "Undo")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert answers == [("first", None), ("second", "undo")]
    assert not bar.isVisible()


def test_messages_float_and_move_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    tabs, area = QLabel("tabs"), QPlainTextEdit()
    column.addWidget(tabs)
    column.addWidget(area)
    bar = MessageBar()
    bar.float_over(area)
    window.resize(900, 500)
    window.show()
    qtbot.waitExposed(window)
    before = area.geometry()
    bar.add(Notice("“web1” was deleted.", offers=(Offer("undo", "Undo"),)))
    bar.add(Notice("A long text. " * 40))
    qtbot.waitUntil(lambda: bar.height() > 60)
    assert area.geometry() == before
    assert area.geometry().contains(bar.geometry()) and not bar.geometry().intersects(tabs.geometry())
    window.resize(400, 500)
    qtbot.waitUntil(lambda: area.geometry().contains(bar.geometry()))
    assert all(message.height() >= message.heightForWidth(message.width()) for message in bar.messages)


def test_a_message_stays_while_the_pointer_is_on_it(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show()
    message = bar.add(Notice("Done"))
    timer = message.findChild(QTimer)
    assert timer is not None and timer.isActive()
    QApplication.sendEvent(message, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert not timer.isActive()
    QApplication.sendEvent(message, QEvent(QEvent.Type.Leave))
    assert timer.isActive()


def test_many_messages_do_not_fill_the_window(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    for number in range(20):
        bar.add(Notice(str(number)))
    assert [message.notice.text for message in bar.messages] == ["19", "18", "17", "16"]


def test_a_kind_that_is_turned_off_is_not_shown(qtbot: QtBot, settings: Settings) -> None:
    window, bar = QWidget(), MessageBar()
    qtbot.addWidget(window)
    qtbot.addWidget(bar)
    notifier = Notifier(settings, window, bar, None)
    settings.set(options.NOTIFY_JOB_DONE, False)
    answers: list[str | None] = []
    notifier.show(Notice("Done", NoticeKind.JOB_DONE), answers.append)
    assert bar.messages == [] and answers == [None]
    notifier.show(Notice("Failed", NoticeKind.JOB_FAILED))
    assert len(bar.messages) == 1
