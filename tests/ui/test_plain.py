"""Names that look like HTML are shown letter by letter, wherever they come from."""

from __future__ import annotations

import pytest
from PySide6.QtGui import Qt as TextQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.virt.credentials import Credential, CredentialKind, CredentialRequest
from ui.dialogs.credentials_dialog import CredentialsDialog
from ui.dialogs.question_dialog import TextDialog
from ui.plain import tip
from ui.widgets.elided import ElidedLabel
from ui.widgets.facts import Facts

EVIL = "<img src='file:///etc/passwd'><b>web</b> & co"


def drawn(text: str) -> str:
    """What a tooltip with this text shows."""
    if not TextQt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def check(widget: QWidget) -> None:
    """Every label and tooltip in the widget shows what was given."""
    for part in (widget, *widget.findChildren(QWidget)):
        assert "web" not in drawn(part.toolTip()) or EVIL in drawn(part.toolTip())
        if isinstance(part, QLabel) and "web" in part.text():
            assert part.textFormat() is TextQt.TextFormat.PlainText, part.text()


@pytest.mark.parametrize("text", [EVIL, "a\n<b>web</b>", "plain", "", "1 < 2", "two\nlines", "  <i>x</i>"])
def test_a_tooltip_shows_its_text(qapp: object, text: str) -> None:
    assert drawn(tip(text)).replace("\xa0", " ") == text


def test_questions_of_servers_and_names_of_machines(qtbot: QtBot) -> None:
    question = Credential(CredentialKind.PASSWORD, EVIL, EVIL)
    facts, elided = Facts(), ElidedLabel()
    facts.put("name", "Name", EVIL, tip=EVIL)
    elided.setText(EVIL)
    dialogs = (
        CredentialsDialog(CredentialRequest("test:///default", (question,))),
        TextDialog("Rename", f"New name of “{EVIL}”:", "Rename"),
        facts,
        elided,
    )
    for widget in dialogs:
        qtbot.addWidget(widget)
        check(widget)
