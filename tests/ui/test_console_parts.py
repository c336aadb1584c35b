"""Parts of the console that need no window: geometry, wheel, sentences."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.console.framebuffer import Rect
from app.console.graphics import NoGraphics
from app.console.vnc import problems
from app.errors import Failed
from app.model.records import DomainRecord, DomainState
from ui.console.console_bar import ConsoleBar
from ui.console.cover import Cover
from ui.console.full_screen import FullScreenWindow
from ui.console.geometry import ScaleMode, place
from ui.console.pointer import RelativeMotion, Wheel
from ui.console.screenshot import _write, file_name
from ui.console.situation import BUTTON_TEXTS, Button, Facts, situation

sides = st.integers(1, 4000)


@given(sides, sides, sides, sides)
def test_a_fitted_picture_lies_within_the_window_and_keeps_its_shape(gw: int, gh: int, vw: int, vh: int) -> None:
    spot = place(gw, gh, vw, vh, ScaleMode.FIT)
    assert spot.x >= 0 and spot.x + spot.w <= vw and spot.y >= 0 and spot.y + spot.h <= vh
    assert spot.w == vw or spot.h == vh


@given(sides, sides, sides, sides, st.floats(0, 1), st.floats(0, 1))
def test_the_guest_pixel_under_the_pointer_is_the_one_that_is_painted_there(
    gw: int, gh: int, vw: int, vh: int, fx: float, fy: float
) -> None:
    spot = place(gw, gh, vw, vh, ScaleMode.FIT)
    x, y = spot.x + int(fx * (spot.w - 1)), spot.y + int(fy * (spot.h - 1))
    column, row = spot.to_guest(x + 0.5, y + 0.5)
    assert column * spot.w / gw < x + 1 - spot.x and (column + 1) * spot.w / gw > x - spot.x
    assert row * spot.h / gh < y + 1 - spot.y and (row + 1) * spot.h / gh > y - spot.y
    touched = spot.to_device(Rect(column, row, 1, 1))
    assert touched.x <= x < touched.x + touched.w and touched.y <= y < touched.y + touched.h


@given(sides, sides, sides, sides)
def test_every_corner_can_be_reached(gw: int, gh: int, vw: int, vh: int) -> None:
    spot = place(gw, gh, vw, vh, ScaleMode.ONE_TO_ONE)
    assert spot.exact
    assert spot.to_guest(-10, -10) == (0, 0)
    assert spot.to_guest(spot.x + gw + 10, spot.y + gh + 10) == (gw - 1, gh - 1)


def test_a_following_guest_is_never_blown_up_but_fitted_while_it_is_too_big() -> None:
    assert place(640, 480, 1000, 900, ScaleMode.FOLLOW).exact
    assert place(2000, 480, 1000, 900, ScaleMode.FOLLOW).w == 1000


# Pointer


def test_fine_wheels_add_up_and_turning_back_starts_afresh() -> None:
    wheel = Wheel()
    assert [wheel.steps(QPoint(0, 40)) for _ in range(3)] == [(0, 0), (0, 0), (0, 1)]
    wheel.steps(QPoint(0, 100))
    assert wheel.steps(QPoint(0, -120)) == (0, -1)
    assert wheel.steps(QPoint(-240, 0)) == (2, 0)


def test_relative_motion_keeps_fractions() -> None:
    motion = RelativeMotion()
    moves = [motion.moved(QPointF(1, -1), 2.0) for _ in range(6)]
    assert (sum(x for x, _ in moves), sum(y for _, y in moves)) == (3, -3)


# Sentences


def record(state: DomainState, **more: object) -> DomainRecord:
    number = -1 if state is DomainState.SHUTOFF else 3
    return DomainRecord("u", "web", id=number, state=state, **more)  # type: ignore[arg-type]


RUNNING = record(DomainState.RUNNING)
STATES: list[tuple[str, Facts, Button]] = [
    ("host away", Facts(host_up=False, record=RUNNING), Button.CONNECT_HOST),
    ("host coming", Facts(host_up=False, host_trying=True, record=RUNNING), Button.NONE),
    ("deleted", Facts(), Button.NONE),
    ("off", Facts(record=record(DomainState.SHUTOFF)), Button.START),
    ("saved", Facts(record=record(DomainState.SHUTOFF, managed_save=True)), Button.START),
    ("failed under KVM", Facts(record=record(DomainState.SHUTOFF), kvm_failure="No."), Button.START_EMULATED),
    ("frozen under KVM", Facts(record=record(DomainState.PAUSED), kvm_failure="No.", connected=True), Button.START_EMULATED),
    ("paused", Facts(record=record(DomainState.PAUSED), connected=True), Button.RESUME),
    ("asleep", Facts(record=record(DomainState.PMSUSPENDED), connected=True), Button.WAKE_UP),
    ("crashed", Facts(record=record(DomainState.CRASHED)), Button.FORCE_OFF),
    ("waiting", Facts(record=RUNNING), Button.NONE),
    ("asks", Facts(record=RUNNING, asks=True), Button.PASSWORD),
    ("wrong password", Facts(record=RUNNING, problem=problems.wrong_password("")), Button.PASSWORD),
    ("no graphics", Facts(record=RUNNING, problem=NoGraphics("No screen.", next_step="Add one.")), Button.TEXT_CONSOLE),
    ("closed", Facts(record=RUNNING, problem=Failed("Gone.")), Button.RECONNECT),
]


@pytest.mark.parametrize(("facts", "button"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_every_state_has_a_sentence_and_its_button(facts: Facts, button: Button) -> None:
    now = situation(facts)
    assert not now.live and now.text and now.icon
    assert now.button is button
    assert button is Button.NONE or BUTTON_TEXTS[button][1]


def test_a_connected_running_machine_needs_no_words() -> None:
    assert situation(Facts(record=RUNNING, connected=True)).live


def test_a_failure_of_long_ago_does_not_cover_a_running_machine() -> None:
    assert situation(Facts(record=RUNNING, connected=True, kvm_failure="No.")).live


@pytest.mark.parametrize(("raw", "offered"), [("error: no", True), ("", False)])
def test_what_a_problem_calls_the_details_can_be_read(qtbot: QtBot, raw: str, offered: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    cover, problem, asked = Cover(parent), Failed("Broken.", why="It broke.", raw=raw), list[object]()
    cover.details_wanted.connect(asked.append)
    cover.say(situation(Facts(record=RUNNING, problem=problem)))
    assert cover.details.isHidden() is not offered
    cover.details.click()
    assert asked == [problem]
    cover.say(situation(Facts(record=RUNNING)))
    assert cover.details.isHidden()


# Screenshot


def test_a_screenshot_is_written_whole_or_the_reason_is_told(tmp_path: Path) -> None:
    image = QImage(8, 4, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.red)
    assert _write(image, tmp_path / "shot.png") == ""
    assert QImage(str(tmp_path / "shot.png")).size() == image.size()
    assert _write(image, tmp_path / "missing" / "shot.png")


def test_a_screenshots_name_suits_every_file_system() -> None:
    assert file_name("a/b:c d", datetime(2026, 1, 2, 3, 4, 5)) == "a-b-c-d-2026-01-02-030405.png"
    assert file_name("../..", datetime(2026, 1, 2)).startswith("machine-")


def test_the_bar_shows_words_where_they_fit_and_signs_where_not(qtbot: QtBot) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    media = QToolButton()
    media.setText("Media")
    bar.set_media_button(media)
    words, signs = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
    bar.resize(1600, bar.sizeHint().height())
    bar.show()
    buttons = [bar.keys_button, media, bar.scale_button, bar.shot_button, bar.full_button]
    assert {button.toolButtonStyle() for button in buttons} == {words}
    bar.show_capture(True, False, "Ctrl+Alt")
    bar.resize(bar.minimumSizeHint())
    assert {button.toolButtonStyle() for button in buttons} == {signs}
    assert "Ctrl+Alt" in bar.release_button.text() and bar.release_button.isVisible()
    assert all(button.toolTip() and button.accessibleName() for button in buttons if button is not media)


def worded_bar(*, full_screen: bool = False) -> ConsoleBar:
    """With what features add, some of it with words that are kept as long as possible."""
    bar = ConsoleBar(full_screen=full_screen)
    for name, text in (("security-low", "Not encrypted"), ("media-record", "0:12 · 3 MB")):
        bar.keep_words(bar.add_button(name, text, text, lambda: None))
    bar.show_capture(True, True, "Ctrl+Alt")
    return bar


@pytest.mark.parametrize("full_screen", [False, True])
def test_no_word_on_the_bar_is_cut_and_the_release_key_is_always_there(qtbot: QtBot, full_screen: bool) -> None:
    bar = worded_bar(full_screen=full_screen)
    qtbot.addWidget(bar)
    bar.show()
    texts = set()
    for width in range(bar.minimumSizeHint().width(), 1400, 40):
        bar.resize(width, bar.sizeHint().height())
        QApplication.processEvents()
        buttons = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
        assert {bar.delete_button, bar.release_button} <= set(buttons)
        assert all(button.width() >= button.sizeHint().width() for button in buttons), width
        texts.add(bar.release_button.text())
    assert texts == {"Ctrl+Alt", "Release (Ctrl+Alt)"}


def test_the_bar_of_the_full_screen_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    window = FullScreenWindow()
    qtbot.addWidget(window)
    window.resize(1900, 400)
    display = QWidget()
    bar = worded_bar(full_screen=True)
    window.hold(display, display, bar, "fedora")
    window.show()
    window.show_bar()
    bar.keep_words(bar.add_button("computer", "A machine with quite a long name of several words", "Other", lambda: None))
    needed = bar.hint.fontMetrics().horizontalAdvance(bar.hint.text())
    qtbot.waitUntil(lambda: bar.hint.width() >= needed)
    assert bar.release_button.text() == "Release (Ctrl+Alt)" and bar.full_button.width() >= bar.full_button.sizeHint().width()
    window._timer.stop()
    window.hide()  # closing it only ends the full screen


def test_media_stands_before_keys_whenever_it_comes(qtbot: QtBot) -> None:
    """The page makes its bar first and the media later; full screen does it the other way round."""
    orders = []
    for chooser_first in (True, False):
        bar, chooser, media = ConsoleBar(), QToolButton(), QToolButton()
        qtbot.addWidget(bar)
        steps = [(bar.insert_first, chooser), (bar.set_media_button, media)]
        for add, button in steps if chooser_first else reversed(steps):
            add(button)
        named = {chooser: "chooser", bar.delete_button: "delete", media: "media", bar.keys_button: "keys"}
        items = [bar._row.itemAt(index) for index in range(4)]
        orders.append([named[item.widget()] for item in items if item is not None])  # type: ignore[index]
    assert orders == [["chooser", "delete", "media", "keys"]] * 2


def test_a_button_forgets_the_pointer_with_its_menu(qtbot: QtBot) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    bar.show()
    QCursor.setPos(bar.mapToGlobal(QPoint(5, bar.height() + 200)))
    button = bar.keys_button
    QApplication.sendEvent(button, QEnterEvent(QPointF(2, 2), QPointF(2, 2), QPointF(2, 2)))
    assert button.underMouse()
    button.menu().popup(bar.mapToGlobal(QPoint(0, bar.height())))
    button.menu().hide()
    qtbot.waitUntil(lambda: not button.underMouse())
