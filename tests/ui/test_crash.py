"""An unexpected error is shown with what a report needs, and the program goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import Run
from tests.ui.program_world import until
from ui import aio, crash
from ui.dialogs.crash import CrashDialog


def shown() -> list[CrashDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog) and widget.isVisible()]


@pytest.mark.expects_errors
def test_errors_of_slots_and_coroutines_come_into_one_dialog(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", crash._uncaught)
    crash.watch_tasks()

    async def fail() -> None:
        raise ValueError("odd coroutine")

    async def story() -> None:
        owner = QWidget()
        aio.spawn(fail(), owner)
        await until(shown)
        QTimer.singleShot(0, owner, lambda: sys.excepthook(KeyError, KeyError("odd slot"), None))
        (dialog,) = shown()
        await until(lambda: "odd slot" in dialog._text.toPlainText())
        assert "odd coroutine" in dialog._text.toPlainText()
        assert "Hostelry " in dialog._text.toPlainText()
        dialog.close()
        dialog.deleteLater()
        await asyncio.sleep(0)

    run(story())


def test_the_log_is_for_its_owner_alone_also_after_it_was_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(crash, "LOG_BYTES", 100)
    try:
        crash.start_log(tmp_path)
        for _ in range(10):
            logging.getLogger("x").warning("something \udce9 is wrong")
        modes = [file.stat().st_mode & 0o777 for file in tmp_path.iterdir()]
        assert modes == [0o600, 0o600]
    finally:
        os.umask(before)
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
