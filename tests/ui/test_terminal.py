"""The terminal by keys, mouse and pixels, with a line that keeps what is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console.text.console import ByteConsole
from app.console.text.paste import Paste
from ui.console.terminal.terminal_widget import TerminalWidget
from ui.console.wake import QtWake

CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class Wire:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, data: bytes) -> None:
        self.sent += data

    def hold(self, held: bool) -> None: ...

    def close(self) -> None: ...


class Shown:
    """A terminal in a window, and its line."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._wake = QtWake()
        self.console = ByteConsole(self._wake)
        self.widget = TerminalWidget(self.console)
        self.wire = Wire()
        self.console.attach(self.wire)
        qtbot.addWidget(self.widget)
        self.widget.resize(700, 420)
        self.widget.set_live(True)
        self.widget.show()
        qtbot.waitExposed(self.widget)
        self.widget.setFocus()

    def feed(self, text: str, until: str) -> None:
        self.console.received(text.encode())
        self._qtbot.waitUntil(lambda: any(until in line for line in self.lines), timeout=10_000)

    @property
    def lines(self) -> list[str]:
        return [line.text() for line in self.widget.frame_shown.rows]

    def at(self, row: int, col: int) -> QPoint:
        cells = self.widget.cells
        return QPoint(int((col + 0.5) * cells.width), int((row + 0.5) * cells.height))

    def colour(self, row: int, col: int) -> QColor:
        """The upper left corner of a cell, where no letter is."""
        cells = self.widget.cells
        picture = self.widget.viewport().grab().toImage()
        ratio = picture.devicePixelRatio()
        return picture.pixelColor(int((col * cells.width + 1) * ratio), int((row * cells.height + 1) * ratio))

    def mode(self, sequence: str, check: Callable[[], object]) -> None:
        self.console.received(sequence.encode())
        self._qtbot.waitUntil(lambda: bool(check()), timeout=10_000)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    made = Shown(qtbot)
    yield made
    made.widget.hide()
    made.console.close()
    assert made.console.join(10)


def press(shown: Shown, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bytes:
    shown.wire.sent = b""
    QTest.keyClick(shown.widget, key, modifiers)
    return shown.wire.sent


def test_keys_go_to_the_guest(shown: Shown) -> None:
    QTest.keyClicks(shown.widget, "Ls -l")
    assert shown.wire.sent == b"Ls -l"
    assert press(shown, Qt.Key.Key_Return) == b"\r"
    assert press(shown, Qt.Key.Key_C, CTRL) == b"\x03"
    assert press(shown, Qt.Key.Key_X, ALT) == b"\x1bx"
    assert press(shown, Qt.Key.Key_Up) == b"\x1b[A"
    assert press(shown, Qt.Key.Key_Tab) == b"\t"
    assert press(shown, Qt.Key.Key_Backtab, SHIFT) == b"\x1b[Z"
    assert press(shown, Qt.Key.Key_F5) == b"\x1b[15~"
    shown.mode("\x1b[?1h", lambda: shown.widget.frame_shown.modes.application_cursor)
    assert press(shown, Qt.Key.Key_Up) == b"\x1bOA"


def test_keys_that_are_the_terminals_own_are_not_sent(shown: Shown, qtbot: QtBot) -> None:
    steps: list[int] = []
    shown.widget.zoom_wanted.connect(steps.append)
    with qtbot.waitSignal(shown.widget.find_wanted):
        assert press(shown, Qt.Key.Key_F, CTRL | SHIFT) == b""
    assert press(shown, Qt.Key.Key_Plus, CTRL) == press(shown, Qt.Key.Key_Minus, CTRL) == press(shown, Qt.Key.Key_0, CTRL) == b""
    assert steps == [1, -1, 0]


def test_composed_text_is_shown_and_then_sent(shown: Shown) -> None:
    QApplication.sendEvent(shown.widget, QInputMethodEvent("´", []))
    assert shown.wire.sent == b""
    event = QInputMethodEvent("", [])
    event.setCommitString("é")
    QApplication.sendEvent(shown.widget, event)
    assert shown.wire.sent == "é".encode()


def test_colours_are_seen_where_they_belong(shown: Shown) -> None:
    shown.feed("\x1b[48;2;10;200;30mxx\x1b[0mxx\x1b[7myy\x1b[0m", "xxxxyy")
    assert shown.colour(0, 0) == QColor(10, 200, 30)
    assert shown.colour(0, 2) == shown.widget.palette().base().color()
    assert shown.colour(0, 4) == shown.widget.palette().text().color()


def test_selects_by_drag_word_line_and_rectangle_and_copies(shown: Shown) -> None:
    shown.feed("first line here\r\nsecond /etc/fstab line", "fstab")
    view = shown.widget.viewport()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=shown.at(0, 6) - QPoint(3, 0))
    QTest.mouseMove(view, shown.at(1, 6))
    QTest.mouseRelease(view, left, pos=shown.at(1, 6))
    assert shown.widget.selected_text().splitlines()[0] == "line here"
    assert shown.colour(0, 7) == shown.widget.palette().highlight().color()
    press(shown, Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == shown.widget.selected_text()
    QTest.mouseDClick(view, left, pos=shown.at(1, 10))
    assert shown.widget.selected_text() == "/etc/fstab"
    QTest.mousePress(view, left, pos=shown.at(1, 10))
    QTest.mouseRelease(view, left, pos=shown.at(1, 10))
    assert shown.widget.selected_text() == "second /etc/fstab line\n"
    QTest.mousePress(view, left, ALT, shown.at(0, 0) - QPoint(3, 0))
    QTest.mouseMove(view, shown.at(1, 3))
    QTest.mouseRelease(view, left, ALT, shown.at(1, 3))
    assert shown.widget.selected_text() == "fir\nsec"


def test_a_paste_is_handed_over_to_be_asked_about(shown: Shown) -> None:
    pastes: list[Paste] = []
    shown.widget.paste_wanted.connect(pastes.append)
    QGuiApplication.clipboard().setText("rm -rf x\nls\n")
    assert press(shown, Qt.Key.Key_V, CTRL | SHIFT) == b""
    assert pastes[0].asks(shown.widget.frame_shown.modes)


def test_scrolled_back_it_stays_there_until_a_key_is_typed(shown: Shown) -> None:
    shown.feed("".join(f"line {number}\r\n" for number in range(300)) + "end", "end")
    bar = shown.widget.verticalScrollBar()
    assert bar.value() == bar.maximum()
    press(shown, Qt.Key.Key_PageUp, SHIFT)
    place = bar.value()
    assert place < bar.maximum()
    shown.feed("\r\nmore\r\nand more", "and more")
    assert bar.value() == place
    press(shown, Qt.Key.Key_A)
    assert bar.value() == bar.maximum()


def test_finds_upwards_marks_and_goes_on(shown: Shown) -> None:
    shown.feed("".join(f"line {number}\r\n" for number in range(300)) + "end", "end")
    assert shown.widget.seek("line 1")
    place = shown.widget._found
    assert place is not None and shown.widget.line(place[0]).text() == "line 199"
    assert shown.widget.seek("line 1", again=True)
    assert shown.widget._found is not None and shown.widget._found[0] == 198
    assert shown.widget.seek("line 1", back=False, again=True)
    assert shown.widget._found[0] == 199
    assert not shown.widget.seek("no such text")


def test_the_mouse_is_the_guests_when_it_asks_unless_shift_is_held(shown: Shown) -> None:
    shown.feed("text to select", "select")
    shown.mode("\x1b[?1000h\x1b[?1006h", lambda: shown.widget.frame_shown.modes.mouse_form)
    view = shown.widget.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=shown.at(2, 4))
    assert shown.wire.sent == b"\x1b[<0;5;3M\x1b[<0;5;3m"
    shown.wire.sent = b""
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, SHIFT, shown.at(0, 1))
    assert shown.widget.selected_text() == "text"
    assert shown.wire.sent == b""


def test_the_wheel_scrolls_a_pager_of_the_guest_by_arrow_keys(shown: Shown) -> None:
    shown.mode("\x1b[?1049h", lambda: shown.widget.frame_shown.modes.alternate)
    at = QPointF(shown.at(1, 1))
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    )  # fmt: skip
    QApplication.sendEvent(shown.widget.viewport(), event)
    assert shown.wire.sent == b"\x1b[A" * 3


def test_an_address_is_opened_by_ctrl_click_only(shown: Shown) -> None:
    opened: list[str] = []
    shown.widget.url_opened.connect(opened.append)
    shown.feed("see https://example.org/a now", "now")
    view = shown.widget.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=shown.at(0, 8))
    assert opened == []
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, CTRL, shown.at(0, 8))
    assert opened == ["https://example.org/a"]


def test_a_screen_reader_gets_the_line_with_the_cursor(shown: Shown, qtbot: QtBot) -> None:
    shown.feed("Password please: ", "please")
    qtbot.waitUntil(lambda: "Password please:" in shown.widget.accessibleDescription())


def test_the_window_answers_during_a_flood(shown: Shown, qtbot: QtBot) -> None:
    """Events of the window are handled between frames, and a key goes out at once."""
    flood = b"y\r\n" * 20_000
    for _part in range(20):
        shown.console.received(flood)
    longest = 0.0
    turns = 0
    while shown.console._bytes:
        before = time.monotonic()
        QApplication.processEvents()
        longest = max(longest, time.monotonic() - before)
        turns += 1
    assert press(shown, Qt.Key.Key_C, CTRL) == b"\x03"
    assert turns > 20, longest


def test_another_theme_changes_the_colours(shown: Shown) -> None:
    shown.feed("hello", "hello")
    palette = shown.widget.palette()
    palette.setColor(palette.ColorRole.Base, QColor("#101010"))
    palette.setColor(palette.ColorRole.Text, QColor("#f0f0f0"))
    shown.widget.setPalette(palette)
    QApplication.sendEvent(shown.widget, QEvent(QEvent.Type.PaletteChange))
    assert shown.colour(3, 3) == QColor("#101010")
