"""The user interface that actions talk to, with its real dialogs on the real loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions.interface import Notice, NoticeKind, Offer, Question
from app.errors import Failed, Invalid
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.settings import options
from app.settings.store import Settings
from ui import aio
from ui.dialogs.error_dialog import ErrorDialog
from ui.dialogs.interface import QtInterface
from ui.dialogs.question_dialog import QuestionDialog, TextDialog
from ui.notify import Notifier
from ui.widgets.message_bar import MessageBar


class Desk:
    """The interface over a window with a message bar."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.window, self.bar = QWidget(), MessageBar()
        for widget in (self.window, self.bar):
            qtbot.addWidget(widget)
        self.window.show()
        self.settings = Settings(folder / "config", folder / "state")
        self.opened: list[DomainRef] = []
        notifier = Notifier(self.settings, self.window, self.bar, None)
        self.ui = QtInterface(self.window, self.settings, JobRunner(), notifier, self.opened.append)

    def run(self, test: Callable[[Desk], Awaitable[None]]) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        loop = aio.make_loop(app)
        with loop:
            loop.run_until_complete(asyncio.wait_for(test(self), 20))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


async def dialog_of(desk: Desk, kind: type[QDialog]) -> QDialog:
    """The open dialog of this kind, which the coroutine under test has opened meanwhile."""
    for _turn in range(100):
        found = [one for one in desk.window.findChildren(kind) if one.isVisible()]
        if found:
            return found[0]
        await asyncio.sleep(0)
    raise AssertionError(f"no {kind.__name__} was opened")


def test_confirm_and_do_not_ask_again(desk: Desk) -> None:
    async def test(desk: Desk) -> None:
        question = Question("t", "Force off “web1”?", "Force off", danger=True, remember=options.CONFIRM_FORCE_OFF.key)
        for accept, asked_again in ((False, True), (True, False)):
            answer = asyncio.ensure_future(desk.ui.confirm(question))
            dialog = await dialog_of(desk, QuestionDialog)
            assert isinstance(dialog, QuestionDialog)
            dialog.remember.setChecked(True)
            (dialog.yes if accept else dialog.no).click()
            assert await answer is accept
            assert desk.settings.get(options.CONFIRM_FORCE_OFF) is asked_again

    desk.run(test)


def test_text_and_password(desk: Desk) -> None:
    async def test(desk: Desk) -> None:
        for ask in (desk.ui.ask_text("t", "Name:", verb="Rename"), desk.ui.ask_password("t", "Password:")):
            answer = asyncio.ensure_future(ask)
            dialog = await dialog_of(desk, TextDialog)
            assert isinstance(dialog, TextDialog)
            dialog.field.setText("typed")
            dialog.accept()
            assert await answer == "typed"
        cancelled = asyncio.ensure_future(desk.ui.ask_text("t", "Name:", verb="Rename", value="old"))
        (await dialog_of(desk, TextDialog)).reject()
        assert await cancelled is None

    desk.run(test)


def test_an_error_with_a_way_out(desk: Desk) -> None:
    async def test(desk: Desk) -> None:
        answer = asyncio.ensure_future(desk.ui.show_error(Failed("It failed."), [Offer("again", "Try again")]))
        dialog = await dialog_of(desk, ErrorDialog)
        next(button for button in dialog.findChildren(QPushButton) if button.text() == "Try again").click()
        assert await answer == "again"

    desk.run(test)


def test_a_cancelled_coroutine_closes_its_dialog(desk: Desk) -> None:
    async def test(desk: Desk) -> None:
        answer = asyncio.ensure_future(desk.ui.confirm(Question("t", "t?", "Go")))
        await dialog_of(desk, QuestionDialog)
        answer.cancel()
        await asyncio.wait({answer})
        assert not [one for one in desk.window.findChildren(QuestionDialog) if one.isVisible()]

    desk.run(test)


def test_an_offer_is_answered_or_withdrawn(desk: Desk) -> None:
    async def test(desk: Desk) -> None:
        notice = Notice("“web1” was deleted.", NoticeKind.HINT, offers=(Offer("undo", "Undo"),))
        answer = asyncio.ensure_future(desk.ui.offer(notice))
        await asyncio.sleep(0)
        desk.bar.messages[0].answer("undo")
        assert await answer == "undo"
        gone = asyncio.ensure_future(desk.ui.offer(notice))
        await asyncio.sleep(0)
        assert len(desk.bar.messages) == 1
        gone.cancel()
        await asyncio.wait({gone})
        assert desk.bar.messages == []

    desk.run(test)


def test_files(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.iso").write_bytes(b"x")

    async def test(desk: Desk) -> None:
        answer = asyncio.ensure_future(desk.ui.pick_file("Medium", filters=("Discs (*.iso)",), folder=tmp_path))
        dialog = await dialog_of(desk, QFileDialog)
        assert isinstance(dialog, QFileDialog)
        dialog.selectFile(str(tmp_path / "a.iso"))
        dialog.done(QDialog.DialogCode.Accepted)
        assert await answer == tmp_path / "a.iso"
        none = asyncio.ensure_future(desk.ui.save_file("Picture", name="x.png"))
        (await dialog_of(desk, QFileDialog)).reject()
        assert await none is None

    desk.run(test)


def test_a_folder_that_is_not_there_is_replaced_by_the_nearest(desk: Desk, tmp_path: Path) -> None:
    async def test(desk: Desk) -> None:
        answer = asyncio.ensure_future(desk.ui.save_file("Picture", name=str(tmp_path / "none" / "deep" / "x.png")))
        dialog = await dialog_of(desk, QFileDialog)
        assert isinstance(dialog, QFileDialog)
        assert dialog.directory().absolutePath() == str(tmp_path)
        dialog.done(QDialog.DialogCode.Accepted)
        assert await answer == tmp_path / "x.png"

    desk.run(test)


def test_pictures_and_consoles(desk: Desk) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PPM")  # type: ignore[call-overload]
    desk.ui.copy_image(bytes(buffer.data().data()))
    assert QGuiApplication.clipboard().image().size() == image.size()
    with pytest.raises(Invalid):
        desk.ui.copy_image(b"no picture")
    desk.ui.open_console(DomainRef("h", "u"))
    assert desk.opened == [DomainRef("h", "u")]
