"""Coroutines started by windows end with them, and none fails silently."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from tests.ui.conftest import Run
from tests.ui.program_world import until
from ui import aio


def test_a_deleted_widget_takes_its_coroutines_along(run: Run) -> None:
    async def story() -> None:
        parent = QWidget()
        owner = QWidget(parent)
        task = aio.spawn(asyncio.sleep(100), owner, name="sleep")
        parent.deleteLater()
        await until(task.cancelled)

    run(story())


def test_a_widget_that_python_forgets_takes_its_coroutines_along(run: Run) -> None:
    async def story() -> None:
        parent = QWidget()
        task = aio.spawn(asyncio.sleep(100), QWidget(parent), name="sleep")
        parent.deleteLater()
        del parent
        await until(task.cancelled)

    run(story())


@pytest.mark.expects_errors
def test_a_failure_is_reported_with_the_tasks_name(run: Run) -> None:
    async def fail() -> None:
        raise ValueError("odd")

    async def story() -> None:
        seen: list[tuple[str, str]] = []
        aio.report_to(lambda problem, name: seen.append((str(problem), name)))
        owner = QWidget()
        aio.spawn(fail(), owner, name="a failing thing")
        await until(lambda: seen)
        assert seen == [("odd", "a failing thing")]

    run(story())


def test_ask_gives_the_answer_and_other_coroutines_go_on(run: Run) -> None:
    async def story() -> None:
        dialog = QDialog()
        asking = aio.spawn(aio.ask(dialog), dialog, name="ask")
        await until(dialog.isVisible)
        await asyncio.sleep(0)
        dialog.accept()
        assert await asking == QDialog.DialogCode.Accepted

    run(story())


def test_ask_takes_a_dialog_that_deletes_itself(run: Run) -> None:
    async def story() -> None:
        owner, dialog = QWidget(), QDialog()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking = aio.spawn(aio.ask(dialog), owner, name="ask")
        await until(dialog.isVisible)
        dialog.reject()
        assert await asking == QDialog.DialogCode.Rejected

    run(story())
