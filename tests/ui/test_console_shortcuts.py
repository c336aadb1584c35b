"""Recording keys, lists of them, the Keys menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.console.keys.chords import Chord, chord, objection
from app.settings import options
from app.settings.store import Settings
from ui.console.chord_edit import ChordButton, ChordEdit
from ui.console.chord_list import ChordList
from ui.console.key_menu import SYSRQ, KeyMenu
from ui.dialogs.preferences import PreferencesDialog

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def recorded(button: ChordButton) -> list[Chord]:
    got: list[Chord] = []
    button.recorded.connect(got.append)
    return got


def test_modifiers_alone_are_taken_when_they_are_let_go(qtbot: QtBot) -> None:
    button = ChordButton("Ctrl+Alt")
    qtbot.addWidget(button)
    got = recorded(button)
    button.begin()
    QTest.keyPress(button, Qt.Key.Key_Control)
    QTest.keyPress(button, Qt.Key.Key_Shift, CTRL)
    assert button.text() == "Ctrl+Shift" and not got
    QTest.keyRelease(button, Qt.Key.Key_Shift, CTRL)
    QTest.keyRelease(button, Qt.Key.Key_Control)
    assert [one.saved for one in got] == ["Ctrl+Shift"]
    assert not button.recording


def test_another_key_makes_it_whole_and_tab_is_a_key_like_any(qtbot: QtBot) -> None:
    button = ChordButton("")
    qtbot.addWidget(button)
    got = recorded(button)
    button.begin()
    QTest.keyPress(button, Qt.Key.Key_Alt)
    QTest.keyPress(button, Qt.Key.Key_Tab, ALT)
    assert [one.saved for one in got] == ["Alt+Tab"]


def test_a_single_modifier_says_which_side(qtbot: QtBot) -> None:
    button = ChordButton("")
    qtbot.addWidget(button)
    got = recorded(button)
    button.begin()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Control, Qt.KeyboardModifier.NoModifier, 97 + 8, 0, 0)
        QApplication.sendEvent(button, event)
    assert [one.saved for one in got] == ["RightCtrl"]


def test_a_german_z_is_called_z(qtbot: QtBot) -> None:
    button = ChordButton("")
    qtbot.addWidget(button)
    got = recorded(button)
    button.begin()
    for key, code in ((Qt.Key.Key_Control, 29), (Qt.Key.Key_Z, 21)):
        QApplication.sendEvent(button, QKeyEvent(QEvent.Type.KeyPress, key, CTRL, code + 8, 0, 0))
    assert [(one.saved, one.text) for one in got] == [("Ctrl+Y=Z", "Ctrl+Z")]


def test_escape_and_the_focus_elsewhere_leave_it_as_it_is(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button, line = ChordButton("Ctrl+Alt"), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(button)
    layout.addWidget(line)
    window.show()
    window.activateWindow()
    got = recorded(button)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    button.begin()
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert not button.recording and button.text() == "Ctrl+Alt"
    button.begin()
    line.setFocus()
    assert not button.recording and not got and QWidget.keyboardGrabber() is None


def test_a_silly_release_key_is_refused_with_the_reason(qtbot: QtBot) -> None:
    edit = ChordEdit(chord("Ctrl", "Alt"), objection)
    qtbot.addWidget(edit)
    taken: list[Chord] = []
    edit.changed.connect(taken.append)
    edit.take(chord("A"))
    assert not taken and "typing" in edit.reason.text() and edit.button.text() == "Ctrl+Alt"
    edit.take(chord("RightCtrl"))
    assert [one.saved for one in taken] == ["RightCtrl"] and edit.reason.text() == ""


def test_a_list_is_added_to_sorted_and_made_usual_again(qtbot: QtBot) -> None:
    usual = [chord("Print"), chord("Alt", "Tab")]
    listed = ChordList(usual, usual)
    qtbot.addWidget(listed)
    seen: list[list[str]] = []
    listed.changed.connect(lambda chords: seen.append([one.saved for one in chords]))
    listed.add.recorded.emit(chord("Super", "L"))
    listed.add.recorded.emit(chord("Print"))
    assert seen[-1] == ["Print", "Alt+Tab", "Super+L"] and listed.rows.currentRow() == 0
    listed.down.click()
    assert seen[-1] == ["Alt+Tab", "Print", "Super+L"]
    listed.remove.click()
    assert seen[-1] == ["Alt+Tab", "Super+L"]
    listed.reset.click()
    assert seen[-1] == ["Print", "Alt+Tab"]
    assert all(button.accessibleName() for button in (listed.remove, listed.up, listed.down, listed.reset))


def test_the_preferences_record_the_release_key(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "config", tmp_path / "state")
    dialog = PreferencesDialog(settings)
    qtbot.addWidget(dialog)
    edit = dialog.findChild(ChordEdit, options.CONSOLE_RELEASE_KEY.key)
    assert edit is not None
    edit.button.begin()
    QTest.keyPress(edit.button, Qt.Key.Key_F12)
    assert settings.get(options.CONSOLE_RELEASE_KEY) == "F12"
    dialog.search.setText("combinations menu")
    found = {each.objectName(): each.isHidden() for each in dialog.findChildren(ChordList)}
    assert found == {options.CONSOLE_COMBINATIONS.key: False, options.CONSOLE_HOST_SHORTCUTS.key: True}


def test_the_menu_sends_what_the_settings_list(qtbot: QtBot) -> None:
    menu = KeyMenu()
    qtbot.addWidget(menu)
    menu.show_combinations([chord("Print"), chord("Ctrl", "Alt", "F1"), chord("Ctrl", "Alt", "F2"), chord("Ctrl", "Alt", "Delete")])
    menu.show_combinations([chord("Ctrl", "Alt", "F1"), chord("Ctrl", "Alt", "F2"), chord("Super")])
    texts = [action.text() for action in menu.actions()]
    assert texts[:2] == ["Ctrl+Alt+F1 and others", "Super"]
    sent: list[object] = []
    menu.chosen.connect(sent.append)
    inner = menu.actions()[0].menu()
    assert isinstance(inner, QMenu)
    inner.actions()[1].trigger()
    menu.actions()[1].trigger()
    assert sent == [chord("Ctrl", "Alt", "F2").strokes, chord("Super").strokes]


def test_sysrq_holds_alt_and_print(qtbot: QtBot) -> None:
    menu = KeyMenu()
    qtbot.addWidget(menu)
    sent: list[tuple[tuple[int, int], ...]] = []
    menu.chosen.connect(sent.append)
    sysrq = next(action.menu() for action in menu.actions() if "SysRq" in action.text())
    assert isinstance(sysrq, QMenu) and len(sysrq.actions()) == len(SYSRQ)
    sysrq.actions()[2].trigger()
    assert [code for code, _sym in sent[0]] == [0x38, 0xE037, 0x1F]
