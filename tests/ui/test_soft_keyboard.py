"""The keyboard on the screen: what it sends, what holds, what is printed on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.console.keys.layout import load
from ui.console.soft_keyboard import SoftKeyboard

LEFT = Qt.MouseButton.LeftButton


def board(qtbot: QtBot) -> tuple[SoftKeyboard, list[tuple[int, bool]]]:
    sent: list[tuple[int, bool]] = []
    made = SoftKeyboard(lambda code, _sym, pressed: sent.append((code, pressed)))
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    return made, sent


def test_a_key_goes_down_and_up_with_the_mouse(qtbot: QtBot) -> None:
    made, sent = board(qtbot)
    QTest.mousePress(made.keys["Q"], LEFT)
    assert sent == [(0x10, True)]
    QTest.mouseRelease(made.keys["Q"], LEFT)
    assert sent == [(0x10, True), (0x10, False)]


def test_a_modifier_holds_until_the_next_key(qtbot: QtBot) -> None:
    made, sent = board(qtbot)
    for name in ("LeftCtrl", "LeftAlt", "Delete"):
        QTest.mouseClick(made.keys[name], LEFT)
    assert sent[:4] == [(0x1D, True), (0x38, True), (0xE053, True), (0xE053, False)]
    assert sorted(sent[4:]) == [(0x1D, False), (0x38, False)] and not made.held


def test_a_modifier_that_is_pressed_twice_is_let_go(qtbot: QtBot) -> None:
    made, sent = board(qtbot)
    QTest.mouseClick(made.keys["LeftSuper"], LEFT)
    QTest.mouseClick(made.keys["LeftSuper"], LEFT)
    assert sent == [(0xE05B, True), (0xE05B, False)]


def test_a_key_that_is_held_repeats_and_keeps_its_modifier(qtbot: QtBot) -> None:
    made, sent = board(qtbot)
    QTest.mouseClick(made.keys["LeftShift"], LEFT)
    QTest.mousePress(made.keys["A"], LEFT)
    qtbot.waitUntil(lambda: sent.count((0x1E, True)) >= 3)
    assert (0x2A, False) not in sent
    QTest.mouseRelease(made.keys["A"], LEFT)
    assert sent[-1] == (0x2A, False) and sent.count((0x1E, True)) == sent.count((0x1E, False))


def test_it_shows_the_guests_layout_as_it_would_write_now(qtbot: QtBot) -> None:
    made, _sent = board(qtbot)
    made.use_layout(load("de"))
    assert (made.keys["Y"].text(), made.keys["Semicolon"].text(), made.keys["Q"].text()) == ("z", "ö", "q")
    QTest.mouseClick(made.keys["LeftShift"], LEFT)
    assert (made.keys["Y"].text(), made.keys["Q"].text(), made.keys["7"].text()) == ("Z", "Q", "/")
    QTest.mouseClick(made.keys["LeftShift"], LEFT)
    QTest.mouseClick(made.keys["RightAlt"], LEFT)
    assert (made.keys["Q"].text(), made.keys["E"].text()) == ("@", "€")
    made.let_go()
    assert made.keys["Q"].accessibleName() == "q"


def test_it_takes_no_focus_and_every_key_has_a_name(qtbot: QtBot) -> None:
    made, _sent = board(qtbot)
    assert all(key.focusPolicy() == Qt.FocusPolicy.NoFocus and key.accessibleName() for key in made.keys.values())
    assert len(made.keys) == 88
