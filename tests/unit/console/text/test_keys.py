"""What keys, mouse and pastes send, and what is taken out of the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.text.cells import Line
from app.console.text.extract import Selection, matches, selected_text, url_at, word_at
from app.console.text.keys import ALT, CTRL, SHIFT, named_key, typed
from app.console.text.modes import Modes
from app.console.text.mouse import report
from app.console.text.paste import look_at, pasted

PLAIN = Modes()
APPLICATION = Modes(application_cursor=True, application_keypad=True, newline=True)


@pytest.mark.parametrize(("name", "held", "modes", "sent"), [
    ("up", 0, PLAIN, b"\x1b[A"), ("up", 0, APPLICATION, b"\x1bOA"), ("up", CTRL, APPLICATION, b"\x1b[1;5A"),
    ("home", 0, PLAIN, b"\x1b[H"), ("delete", 0, PLAIN, b"\x1b[3~"), ("delete", SHIFT, PLAIN, b"\x1b[3;2~"),
    ("f1", 0, PLAIN, b"\x1bOP"), ("f1", SHIFT | CTRL, PLAIN, b"\x1b[1;6P"), ("f5", 0, PLAIN, b"\x1b[15~"), ("f12", ALT, PLAIN, b"\x1b[24;3~"),
    ("backspace", 0, PLAIN, b"\x7f"), ("backspace", CTRL, PLAIN, b"\x08"), ("backspace", ALT, PLAIN, b"\x1b\x7f"),
    ("tab", 0, PLAIN, b"\t"), ("tab", SHIFT, PLAIN, b"\x1b[Z"), ("enter", 0, PLAIN, b"\r"), ("enter", 0, APPLICATION, b"\r\n"),
    ("escape", 0, PLAIN, b"\x1b"),
])  # fmt: skip
def test_named_keys(name: str, held: int, modes: Modes, sent: bytes) -> None:
    assert named_key(name, held, modes) == sent


def test_the_number_block_in_application_mode() -> None:
    assert named_key("home", 0, APPLICATION, keypad=True) == b"\x1bOw"
    assert named_key("home", 0, PLAIN, keypad=True) == b"\x1b[H"
    assert named_key("enter", 0, APPLICATION, keypad=True) == b"\x1bOM"


@pytest.mark.parametrize(("text", "held", "sent"), [
    ("a", 0, b"a"), ("é", 0, "é".encode()), ("c", CTRL, b"\x03"), ("C", CTRL, b"\x03"), ("\x03", CTRL, b"\x03"), (" ", CTRL, b"\0"),
    ("[", CTRL, b"\x1b"), ("x", ALT, b"\x1bx"), ("x", ALT | CTRL, b"\x1b\x18"), ("@", 0, b"@"), ("ж", CTRL, b""),
])  # fmt: skip
def test_typed_characters(text: str, held: int, sent: bytes) -> None:
    assert typed(text, held) == sent


def test_mouse_reports_in_the_asked_form() -> None:
    assert report(PLAIN, 1, 2, 1, pressed=True) == b""
    exact = Modes(mouse=1, mouse_form=1006)
    assert report(exact, 1, 2, 3, pressed=True) == b"\x1b[<2;3;2M"
    assert report(exact, 1, 2, 3, pressed=False) == b"\x1b[<2;3;2m"
    assert report(exact, 1, 2, 4, pressed=True, modifiers=4) == b"\x1b[<80;3;2M"
    assert report(exact, 1, 2, 1, pressed=None) == b""
    assert report(Modes(mouse=2, mouse_form=1006), 1, 2, 1, pressed=None) == b"\x1b[<32;3;2M"
    assert report(Modes(mouse=1), 1, 2, 1, pressed=True) == b"\x1b[M #\""
    assert report(Modes(mouse=1), 1, 300, 1, pressed=True) == b""


def test_several_lines_and_controls_are_asked_about() -> None:
    assert not look_at("one line").asks(PLAIN)
    assert look_at("rm a\n").asks(PLAIN)
    assert look_at("a\nb").asks(PLAIN)
    assert not look_at("a\nb").asks(Modes(bracketed_paste=True))
    assert look_at("\x1b[A").asks(Modes(bracketed_paste=True))


def test_a_paste_cannot_leave_its_bracket() -> None:
    data = pasted(look_at("a\x1b[201~\nrm -rf /\n"), Modes(bracketed_paste=True), controls=True)
    assert data == b"\x1b[200~a^[[201~\rrm -rf /\r\x1b[201~"
    for within in ("\x1b[20\x1b[201~1~", "\x1b\x1b[201~[201~", "\x1b[201\x1b[201~~"):
        data = pasted(look_at(f"{within}\nrm -rf /\n"), Modes(bracketed_paste=True), controls=True)
        assert data.index(b"\x1b[201~") == len(data) - 6


@given(st.text(max_size=200))
def test_without_consent_no_control_character_is_pasted(text: str) -> None:
    data = pasted(look_at(text), PLAIN).decode()
    assert all(char in "\t\r" or ord(char) >= 32 for char in data)


LINES = [Line("first line"), Line("wrapped to ", wrapped=True), Line("here"), Line("last one")]


def test_selected_text_joins_what_was_wrapped() -> None:
    assert selected_text(Selection((0, 6), (3, 4)), LINES.__getitem__) == "line\nwrapped to here\nlast"
    assert selected_text(Selection((0, 0), (3, 2), block=True), LINES.__getitem__) == "fi\nwr\nhe\nla"


def test_words_matches_and_addresses_by_column() -> None:
    wide = Line(("中", "", "a", "b", " ", "文", ""))
    assert list(matches(wide, "ab")) == [(2, 4)]
    assert list(matches(wide, "文")) == [(5, 7)]
    assert list(matches(Line("Error error"), "error")) == [(0, 5), (6, 11)]
    assert list(matches(Line("Error error"), "Error")) == [(0, 5)]
    assert word_at(Line("see /etc/fstab, now"), 6) == (4, 14)
    assert url_at(Line("(see https://a.example/x?y=1)."), 10) == ("https://a.example/x?y=1", 5, 28)
    assert url_at(Line("javascript:alert(1) file:///etc"), 3) is None
