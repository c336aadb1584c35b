"""The keyboard of a console without a window: positions, repeats, the way out, what stays with the host, nothing stuck."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.console.keys.chords import chord, parse
from app.console.keys.scancodes import EVDEV_TO_XT
from ui.console import keyboard as module
from ui.console.keyboard import Keyboard, ReleaseKey
from ui.console.keymap import CHARACTER_TO_XT, keysym, scancode


@pytest.mark.parametrize(
    ("evdev", "xt"), [(1, 0x01), (30, 0x1E), (88, 0x58), (97, 0xE01D), (100, 0xE038), (103, 0xE048), (119, 0xE046), (125, 0xE05B)]
)
def test_keys_by_position(evdev: int, xt: int) -> None:
    assert scancode(evdev + 8, Qt.Key.Key_unknown) == xt


def test_every_evdev_key_has_its_own_scancode() -> None:
    assert len(set(EVDEV_TO_XT.values())) == len(EVDEV_TO_XT)


def test_keys_without_a_position_come_from_a_us_layout() -> None:
    assert scancode(0, Qt.Key.Key_A) == 0x1E
    assert scancode(0, Qt.Key.Key_Exclam) == scancode(0, Qt.Key.Key_1) == 0x02
    assert scancode(0, Qt.Key.Key_F12) == 0x58
    assert len([char for char in CHARACTER_TO_XT if char.isprintable()]) == 95


def test_symbols_for_servers_without_scancodes() -> None:
    assert keysym(0xFF0D, Qt.Key.Key_Return, "\r") == 0xFF0D
    assert keysym(0, Qt.Key.Key_Return, "\r") == 0xFF0D
    assert keysym(0, Qt.Key.Key_unknown, "я") == 0x0100044F
    assert keysym(0, Qt.Key.Key_A, "") == ord("a")


BITS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Meta: Qt.KeyboardModifier.MetaModifier,
}  # fmt: skip


class Typed:
    """A keyboard whose keys are written down."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, bool]] = []
        self.released = 0
        self.modifiers = Qt.KeyboardModifier.NoModifier
        self.keyboard = Keyboard(lambda code, _sym, pressed: self.sent.append((code, pressed)), self._release)

    def _release(self) -> None:
        self.released += 1

    def key(self, key: Qt.Key, pressed: bool, *, native: int = 0, repeat: bool = False) -> None:
        kind = QEvent.Type.KeyPress if pressed else QEvent.Type.KeyRelease
        event = QKeyEvent(kind, key, self.modifiers, native, 0, 0, "", repeat)
        bit = BITS.get(key, Qt.KeyboardModifier.NoModifier)
        self.modifiers = self.modifiers | bit if pressed else self.modifiers & ~bit
        (self.keyboard.press if pressed else self.keyboard.release)(event)


def test_repeats_are_presses_without_releases() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_A, True)
    typed.key(Qt.Key.Key_A, False, repeat=True)
    typed.key(Qt.Key.Key_A, True, repeat=True)
    typed.key(Qt.Key.Key_A, False)
    assert typed.sent == [(0x1E, True), (0x1E, True), (0x1E, False)]


def test_what_went_down_goes_up_though_shift_was_let_go_first() -> None:
    typed = Typed()
    for key, pressed in ((Qt.Key.Key_Shift, True), (Qt.Key.Key_Exclam, True), (Qt.Key.Key_Shift, False), (Qt.Key.Key_1, False)):
        typed.key(key, pressed)
    assert typed.sent == [(0x2A, True), (0x02, True), (0x2A, False), (0x02, False)]


def test_all_keys_go_up_when_the_focus_goes() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_Control, True)
    typed.key(Qt.Key.Key_C, True)
    typed.keyboard.release_all()
    assert sorted(typed.sent[2:]) == [(0x1D, False), (0x2E, False)]
    typed.key(Qt.Key.Key_C, False)
    assert len(typed.sent) == 4


def test_tapping_the_release_keys_releases_and_a_combination_with_them_does_not() -> None:
    typed = Typed()
    for key, pressed in ((Qt.Key.Key_Control, True), (Qt.Key.Key_Alt, True), (Qt.Key.Key_T, True), (Qt.Key.Key_T, False)):
        typed.key(key, pressed)
    typed.key(Qt.Key.Key_Alt, False)
    typed.key(Qt.Key.Key_Control, False)
    assert typed.released == 0
    for key, pressed in ((Qt.Key.Key_Control, True), (Qt.Key.Key_Alt, True), (Qt.Key.Key_Alt, False)):
        typed.key(key, pressed)
    assert typed.released == 1


@pytest.mark.parametrize(
    "name", ["Ctrl+Alt", "Ctrl+Shift", "Ctrl+Alt+Shift", "RightCtrl", "RightAlt", "ScrollLock", "Pause", "F12", "Ctrl+Alt+G", "Super+Escape"]
)
def test_every_choice_of_release_key_works(name: str) -> None:
    release, one = ReleaseKey(name), parse(name)
    assert one is not None
    codes = [key.codes[0] for key in one.keys]
    fired = [release.press(code) for code in codes]
    assert not any(fired[:-1])
    assert fired[-1] or release.release(codes[-1])


def test_a_release_key_that_makes_no_sense_is_the_usual_one() -> None:
    assert ReleaseKey("Ctrl+Nonsense").text == ReleaseKey("Ctrl+Alt").text


def test_a_release_key_that_is_no_modifier_is_not_given_to_the_guest_and_nothing_stays_down() -> None:
    typed = Typed()
    typed.keyboard.use_release_key("Ctrl+F12")
    typed.key(Qt.Key.Key_Control, True)
    typed.key(Qt.Key.Key_F12, True)
    assert typed.released == 1
    assert typed.sent == [(0x1D, True), (0x1D, False)]
    typed.key(Qt.Key.Key_F12, False)
    typed.key(Qt.Key.Key_Control, False)
    assert len(typed.sent) == 2


def test_a_repeat_of_a_key_that_went_down_elsewhere_is_not_the_guests() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_Return, True, repeat=True)
    typed.key(Qt.Key.Key_Return, False)
    assert typed.sent == []


# What stays with the host


def test_a_host_shortcut_is_known_with_exactly_its_keys() -> None:
    typed = Typed()
    typed.keyboard.host_shortcuts = (chord("Super", "L"), chord("VolumeUp"))
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_L, Qt.KeyboardModifier.MetaModifier)
    assert not typed.keyboard.for_host(press)
    typed.key(Qt.Key.Key_Meta, True)
    assert typed.keyboard.for_host(press)
    typed.key(Qt.Key.Key_Control, True)
    assert not typed.keyboard.for_host(press)
    volume = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_VolumeUp, Qt.KeyboardModifier.NoModifier, 115 + 8, 0, 0)
    assert not typed.keyboard.for_host(volume)
    typed.keyboard.release_all()
    assert typed.keyboard.for_host(volume)


# Nothing stuck


def test_a_lone_super_that_is_taken_back_opens_no_menu_in_the_guest() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_Meta, True)
    typed.keyboard.release_all()
    assert typed.sent == [(0xE05B, True), (0x1D, True), (0x1D, False), (0xE05B, False)]


def test_a_modifier_whose_release_was_lost_is_let_go_by_the_next_event() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_Control, True)
    typed.keyboard.check(Qt.KeyboardModifier.ControlModifier)
    assert typed.sent == [(0x1D, True)]
    typed.keyboard.check(Qt.KeyboardModifier.NoModifier)
    assert typed.sent == [(0x1D, True), (0x1D, False)]


def test_shift_with_alt_which_x11_calls_meta_is_not_taken_for_lost() -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_Shift, True)
    typed.key(Qt.Key.Key_Meta, True, native=56 + 8)
    typed.keyboard.check(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
    assert typed.sent == [(0x2A, True), (0x38, True)]


def test_all_keys_go_up_after_a_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = Typed()
    typed.key(Qt.Key.Key_A, True)
    monkeypatch.setattr(module, "_slept", lambda: 1e9)
    typed.keyboard.check(Qt.KeyboardModifier.NoModifier)
    assert typed.sent == [(0x1E, True), (0x1E, False)]


def test_a_modifier_that_is_held_for_the_user_outlives_the_hand_and_the_focus() -> None:
    typed = Typed()
    typed.keyboard.hold("Ctrl", True)
    typed.key(Qt.Key.Key_Control, True)
    typed.key(Qt.Key.Key_Control, False)
    typed.key(Qt.Key.Key_C, True)
    typed.keyboard.release_all()
    assert typed.sent == [(0x1D, True), (0x1D, True), (0x2E, True), (0x2E, False)]
    assert typed.keyboard.kept == {"Ctrl"}
    typed.keyboard.let_go()
    assert typed.sent[-1] == (0x1D, False) and not typed.keyboard.kept


keys = st.sampled_from([Qt.Key.Key_A, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_F12])


@given(st.lists(st.one_of(
    st.tuples(st.just("key"), keys, st.booleans(), st.booleans()), st.tuples(st.just("focus")),
    st.tuples(st.just("hold"), st.sampled_from(["Ctrl", "Alt", "Shift", "Super", "RightAlt"]), st.booleans()),
    st.tuples(st.just("check")),
), max_size=40), st.sampled_from(["Ctrl+Alt", "RightCtrl", "Ctrl+F12"]))  # fmt: skip
def test_whatever_happens_nothing_stays_down_in_the_guest(steps: list[tuple[object, ...]], release_key: str) -> None:
    typed = Typed()
    typed.keyboard.use_release_key(release_key)
    for step in steps:
        match step:
            case ("key", Qt.Key() as key, bool() as pressed, bool() as repeat):
                typed.key(key, pressed, repeat=repeat)
            case ("focus",):
                typed.keyboard.release_all()
            case ("hold", str() as name, bool() as down):
                typed.keyboard.hold(name, down)
            case ("check",):
                typed.keyboard.check(typed.modifiers)
    typed.keyboard.let_go()
    last = dict(typed.sent)
    assert not any(last.values())
