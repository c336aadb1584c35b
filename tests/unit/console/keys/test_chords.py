"""Keys pressed together: as they are saved, named, and refused."""

from __future__ import annotations

import pytest

from app.console.keys.chords import KEYS, chord, key_of, objection, parse, parse_all
from app.console.keys.scancodes import EVDEV_TO_XT


@pytest.mark.parametrize("saved", ["Ctrl+Alt", "RightCtrl", "Ctrl+Alt+F12", "Ctrl+Y=Z", "Pause", "Code218"])
def test_what_is_saved_is_read_again(saved: str) -> None:
    one = parse(saved)
    assert one is not None and one.saved == saved


@pytest.mark.parametrize("saved", ["", "Ctrl+", "Nonsense", "Ctrl+Ctrl", "+"])
def test_nonsense_is_none(saved: str) -> None:
    assert parse(saved) is None


def test_only_what_makes_sense_is_taken_of_a_list() -> None:
    assert [one.saved for one in parse_all(["Ctrl+A", 3, "x", None, "F1"])] == ["Ctrl+A", "F1"]


def test_a_key_is_called_as_this_keyboard_labels_it() -> None:
    one = parse("Ctrl+Y=Z")
    assert one is not None and one.text == "Ctrl+Z" and one.strokes == ((0x1D, 0xFFE3), (0x15, ord("y")))


def test_every_key_of_a_keyboard_has_a_name() -> None:
    assert all(key_of(code) is not None for code in EVDEV_TO_XT.values())
    assert len({key.text for key in KEYS.values()}) == len(KEYS)


@pytest.mark.parametrize("saved", ["Ctrl+Alt", "RightCtrl", "RightAlt", "Pause", "F12", "Ctrl+Alt+G", "Super+Escape", "Ctrl+Shift"])
def test_good_release_keys(saved: str) -> None:
    one = parse(saved)
    assert one is not None and objection(one) == ""


@pytest.mark.parametrize(
    "saved", ["A", "Shift+A", "F", "Space", "Return", "Shift", "Ctrl", "CapsLock", "Ctrl+Alt+Delete", "Ctrl+A+B", "Ctrl+Power"]
)
def test_silly_release_keys_are_refused_with_a_sentence(saved: str) -> None:
    one = parse(saved)
    assert one is not None and objection(one).endswith(".")


def test_exactly_the_keys_of_a_chord() -> None:
    one = chord("Ctrl", "Alt")
    assert one.held_by(frozenset({0xE01D, 0x38}))
    assert not one.held_by(frozenset({0x1D})) and not one.held_by(frozenset({0x1D, 0x38, 0x2A}))
