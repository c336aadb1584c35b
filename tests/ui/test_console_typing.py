"""The dialog that asks what to type: what it says before, and what it keeps to itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Run
from ui.console.type_dialog import TypeDialog
from ui.console.typing import SECRET_HINT, _secret


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not check():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def test_what_the_layout_lacks_is_named_before_and_can_be_left_out(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        dialog = TypeDialog("web", "5 € ж", "us", 30)
        qtbot.addWidget(dialog)
        dialog.show()
        await until(dialog.type_button.isEnabled)
        assert "€ (euro sign)" in dialog.told.text() and "cyrillic" in dialog.told.text()
        assert dialog.type_button.text() == "Type the rest" and len(dialog.plan.strokes) == 3
        dialog.missing_box.setCurrentIndex(1)
        await until(lambda: dialog.type_button.text() == "Type")
        assert len(dialog.plan.strokes) == 5
        await until(lambda: dialog.layout_box.count() > 100)  # no task is left behind
        dialog.close()

    run(story())


def test_another_layout_is_chosen_by_its_name(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        dialog = TypeDialog("web", "äöü", "us", 30)
        qtbot.addWidget(dialog)
        dialog.show()
        await until(lambda: dialog.plan.refused)
        assert not dialog.type_button.isEnabled()
        await until(lambda: dialog.layout_box.count() > 100)
        assert dialog.layout_box.currentText() == "English (US)"
        dialog.layout_box.setCurrentIndex(dialog.layout_box.findText("German"))
        await until(dialog.type_button.isEnabled)
        assert dialog.layout_name == "de" and not dialog.plan.refused and dialog.missing_box.isHidden()
        await until(lambda: dialog.layout_box.count() > 100)  # no task is left behind
        dialog.close()

    run(story())


def test_a_layout_that_is_gone_says_what_to_do(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        dialog = TypeDialog("web", "a", "nowhere", 30)
        qtbot.addWidget(dialog)
        dialog.show()
        await until(lambda: "nowhere" in dialog.told.text())
        assert "Choose another layout" in dialog.told.text() and not dialog.type_button.isEnabled()
        await until(lambda: dialog.layout_box.count() > 100)  # no task is left behind
        dialog.close()

    run(story())


def test_a_password_managers_text_is_typed_and_not_shown(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        data = QMimeData()
        assert not _secret(data)
        data.setData(SECRET_HINT, b"secret")
        assert _secret(data)
        dialog = TypeDialog("web", "Pa$$", "us", 30, secret=True)
        qtbot.addWidget(dialog)
        dialog.show()
        await until(dialog.type_button.isEnabled)
        assert dialog.text.toPlainText() == "" and len(dialog.plan.strokes) == 4
        assert "Pa$$" not in repr(dialog.plan)
        await until(lambda: dialog.layout_box.count() > 100)  # no task is left behind
        dialog.close()

    run(story())


def test_a_text_that_is_changed_is_looked_at_again(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        dialog = TypeDialog("web", "", "us", 5)
        qtbot.addWidget(dialog)
        dialog.show()
        await until(lambda: "0 characters" in dialog.told.text())
        assert not dialog.type_button.isEnabled()
        dialog.text.setPlainText("x" * 100)
        await until(dialog.type_button.isEnabled)
        assert "100 characters" in dialog.told.text() and "20 seconds" in dialog.told.text()
        await until(lambda: dialog.layout_box.count() > 100)  # no task is left behind
        dialog.close()

    run(story())


def test_the_text_has_the_focus_and_space_belongs_to_it(run: Run, qtbot: QtBot) -> None:
    async def story() -> None:
        for text, secret, after in (("old words", False, " "), ("", False, " "), ("Pa$$", True, "")):
            dialog = TypeDialog("web", text, "us", 30, secret=secret)
            qtbot.addWidget(dialog)
            dialog.show()
            dialog.activateWindow()
            await until(dialog.isActiveWindow)
            assert QApplication.focusWidget() is dialog.text
            QTest.keyClick(dialog.text, Qt.Key.Key_Space)
            assert dialog.isVisible() and dialog.text.toPlainText() == after
            await until(lambda dialog=dialog: dialog.layout_box.count() > 100)  # type: ignore[misc]  # no task is left behind
            await until(lambda dialog=dialog: not dialog._timer.isActive())  # type: ignore[misc]
            dialog.close()

    run(story())
