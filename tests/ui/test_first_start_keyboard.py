"""The keyboard's way through the first settings of a cloud image."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.wizard.first_start.cloud import CloudSection


def test_tab_leaves_the_password_where_this_computer_has_no_key(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.wizard.first_start.cloud.spawn", lambda work, _owner: work.close())
    section = CloudSection()
    section.begin("web")
    section.user.setText("ann")
    with qtbot.waitActive(section):
        section.show()
        section.activateWindow()
    section.password.setFocus()
    QTest.keyClicks(section.password, "a good one")
    QTest.keyClick(section.password, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is section.keys.line
    assert section.password.hashed.startswith("$6$")
    assert section.password.text() == ""
    assert section.blocking() == []
    section.hide()
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in section.findChildren(QTimer)))
    section.deleteLater()
