"""Dialogs by keyboard and mouse: nothing destructive happens by a careless Return, and closing means no."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCommandLinkButton, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.actions.interface import Offer, Question
from app.errors import NoSpace
from app.jobs.job import Job, JobRow, JobState
from app.jobs.runner import JobRunner
from app.virt.credentials import Credential, CredentialKind, CredentialRequest
from ui.dialogs.credentials_dialog import CredentialsDialog
from ui.dialogs.dialog_parts import breakable
from ui.dialogs.error_dialog import ErrorDialog
from ui.dialogs.job_dialog import JobDialog
from ui.dialogs.question_dialog import ChoiceDialog, QuestionDialog, TextDialog

ACCEPTED, REJECTED = QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected


def shown(qtbot: QtBot, dialog: QDialog) -> list[int]:
    """Opens it and gives the list into which its result comes."""
    results: list[int] = []
    qtbot.addWidget(dialog)
    dialog.finished.connect(results.append)
    dialog.open()
    qtbot.waitExposed(dialog)
    return results


def button(dialog: QDialog, text: str) -> QPushButton:
    """The visible button with this text."""
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def test_return_does_not_destroy(qtbot: QtBot) -> None:
    dialog = QuestionDialog(Question("Force off", "Force off “web1”?", "Force off", danger=True))
    results = shown(qtbot, dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert results == [REJECTED]


def test_return_does_what_is_harmless(qtbot: QtBot) -> None:
    dialog = QuestionDialog(Question("Shut down", "Shut down 2 machines?", "Shut down", items=("a", "b")))
    results = shown(qtbot, dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert results == [ACCEPTED]


def test_the_verb_is_clicked_and_escape_means_no(qtbot: QtBot) -> None:
    question = Question("Reset", "Reset “web1”?", "Reset", danger=True)
    dialog = QuestionDialog(question)
    results = shown(qtbot, dialog)
    QTest.mouseClick(button(dialog, "Reset"), Qt.MouseButton.LeftButton)
    assert results == [ACCEPTED]
    again = QuestionDialog(question)
    results = shown(qtbot, again)
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert results == [REJECTED]


def test_do_not_ask_again_is_offered_only_where_it_is_kept(qtbot: QtBot) -> None:
    plain, kept = QuestionDialog(Question("t", "t", "Go")), QuestionDialog(Question("t", "t", "Go", remember="confirm-force-off"))
    for dialog in (plain, kept):
        shown(qtbot, dialog)
    assert not plain.remember.isVisible() and kept.remember.isVisible()


def test_choices_are_told_apart(qtbot: QtBot) -> None:
    dialog = ChoiceDialog(Question("t", "How?", ""), [Offer("a", "Wait"), Offer("b", "Force off", danger=True)])
    results = shown(qtbot, dialog)
    links = dialog.findChildren(QCommandLinkButton)
    QTest.mouseClick(next(link for link in links if link.text() == "Force off"), Qt.MouseButton.LeftButton)
    assert (results, dialog.chosen) == ([ACCEPTED], "b")


def test_text_is_checked_as_it_is_typed(qtbot: QtBot) -> None:
    dialog = TextDialog("Rename", "Name:", "Rename", value="a", check=lambda text: "Taken." if text == "b" else "")
    results = shown(qtbot, dialog)
    QTest.keyClicks(dialog.field, "b")
    assert dialog.problem.text() == "Taken." and not dialog.yes.isEnabled()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert results == []
    QTest.keyClicks(dialog.field, "c")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (results, dialog.value) == ([ACCEPTED], "bc")


def test_a_password_is_not_shown(qtbot: QtBot) -> None:
    dialog = TextDialog("Password", "Password:", "Go on", secret=True)
    shown(qtbot, dialog)
    QTest.keyClicks(dialog.field, "hunter2")
    assert dialog.field.displayText() != "hunter2" and dialog.value == "hunter2"


def test_an_error_says_all_three_and_copies_everything(qtbot: QtBot) -> None:
    error = NoSpace("Cannot start “web1”.", why="The disk is full.", next_step="Make room.", raw="ENOSPC")
    dialog = ErrorDialog(error, [Offer("emulate", "Start with emulation")])
    results = shown(qtbot, dialog)
    assert not dialog.fold.text.isVisible()
    dialog.fold.set_open(True)
    assert dialog.fold.text.isVisible() and "ENOSPC" in dialog.fold.text.toPlainText()
    QTest.mouseClick(dialog.fold.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "Cannot start “web1”.\nThe disk is full.\nMake room.\nENOSPC"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert (results, dialog.chosen) == ([REJECTED], None)


def test_a_way_out_of_an_error(qtbot: QtBot) -> None:
    dialog = ErrorDialog(NoSpace("It failed."), [Offer("emulate", "Start with emulation")])
    shown(qtbot, dialog)
    QTest.mouseClick(button(dialog, "Start with emulation"), Qt.MouseButton.LeftButton)
    assert dialog.chosen == "emulate"


def test_credentials(qtbot: QtBot) -> None:
    questions = (Credential(CredentialKind.USER_NAME, "User", default="root"), Credential(CredentialKind.PASSWORD, "Password"))
    dialog = CredentialsDialog(CredentialRequest("qemu+tcp://h/system", questions))
    results = shown(qtbot, dialog)
    QTest.keyClicks(dialog.fields[1], "hunter2")
    QTest.keyClick(dialog.fields[1], Qt.Key.Key_Return)
    assert (results, dialog.answers()) == ([ACCEPTED], ("root", "hunter2"))
    assert dialog.fields[1].displayText() != "hunter2"


def test_a_job_is_followed(qtbot: QtBot) -> None:
    job = Job("Start 2 machines")
    job.rows = [JobRow("a"), JobRow("b")]
    dialog = JobDialog(job, JobRunner())
    shown(qtbot, dialog)
    assert dialog.progress.isVisible() and dialog.stop.isEnabled()
    job.why_not_cancellable = "The host is busy with it."
    job.rows[0].state, job.rows[0].text = JobState.FAILED, "No memory is left"
    job.report(0.5, "1 of 2")
    item = dialog.rows.item(0, 2)
    assert item is not None and item.text() == "No memory is left"
    assert not dialog.stop.isEnabled() and dialog.stop.toolTip() == "The host is busy with it."
    job.end(JobState.FAILED, error=NoSpace("1 of 2 failed.", raw="ENOMEM"))
    assert not dialog.progress.isVisible() and not dialog.stop.isVisible()
    assert dialog.fold.isVisible() and dialog.fold.text.toPlainText() == "ENOMEM"


@pytest.mark.parametrize("text", ["/var/lib/" + "x" * 300, "short", "", "a b  c", "/" * 90])
def test_long_words_break_and_stay_the_same(text: str) -> None:
    assert breakable(text).replace("\u200b", "") == text
    assert max(map(len, breakable(text).replace("\u200b", " ").split(" "))) <= 41
