"""Layouts and typing: what is planned for a layout, read back with that layout, is the text."""

from __future__ import annotations

import asyncio
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.keys import layout_names, xkb
from app.console.keys.layout import DEAD, SPACING, Stroke, load
from app.console.keys.scancodes import EVDEV_TO_XT
from app.console.keys.typing import described, plan, type_text
from app.errors import Unsupported

EVDEV = {xt: evdev for evdev, xt in EVDEV_TO_XT.items()}
LAYOUTS = ["us", "de", "fr", "ru", "cz", "jp", "br", "ch(fr)", "us(intl)", "de(neo)", "gr", "latam", "tr", "pl", "es", "dk", "ara", "il"]
ASCII = "".join(map(chr, range(32, 127)))


def read_back(name: str, strokes: tuple[tuple[Stroke, ...], ...]) -> str:
    """What a guest with this layout makes of the keys: libxkbcommon's own state, and Unicode for the dead keys."""
    keys = []
    for character in strokes:
        for stroke in character:
            keys += [(EVDEV[code] + 8, True) for code, _sym in stroke]
            keys += [(EVDEV[code] + 8, False) for code, _sym in reversed(stroke)]
    layout, _open, variant = name.rstrip(")").partition("(")
    with xkb.Keymap(layout, variant) as keymap:
        symbols = keymap.read(keys)
    text, dead = "", ""
    for symbol in symbols:
        if (name := xkb.name(symbol)).startswith("dead_"):
            dead = name.removeprefix("dead_")
        elif char := {0xFF0D: "\n", 0xFF09: "\t"}.get(symbol) or xkb.character(symbol):
            text += (SPACING[dead] if char == " " else unicodedata.normalize("NFC", char + DEAD[dead])) if dead else char
            dead = ""
    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_character_that_a_layout_types_is_read_back(name: str) -> None:
    layout = load(name)
    for char in layout.typed:
        assert read_back(name, plan(char, layout).strokes) == char


@given(st.sampled_from(LAYOUTS), st.text(st.characters(max_codepoint=0x17F, exclude_categories=["Cs"]), max_size=60))
def test_a_text_is_read_back_without_what_was_refused(name: str, text: str) -> None:
    made = plan(text, load(name))
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert read_back(name, made.strokes) == "".join(char for char in normal if char not in made.refused)
    assert made.skipped == sum(char in made.refused for char in normal)


@pytest.mark.parametrize("name", ["us", "de", "fr", "cz", "br", "ch(fr)", "us(intl)", "latam", "pl", "es"])
def test_latin_layouts_type_all_of_ascii(name: str) -> None:
    assert plan(ASCII, load(name)).refused == ()


def test_common_characters_are_typed_as_on_every_system() -> None:
    assert load("us").typed["<"] == (((0x2A, 0xFFE1), (0x33, ord("<"))),)  # not by the key that American keyboards lack
    assert load("us").typed["("] == (((0x2A, 0xFFE1), (0x0A, ord("("))),)  # not by the "(" of a number pad
    assert load("fr").typed["<"] == (((0x56, ord("<")),),)
    assert [[code for code, _sym in stroke] for stroke in load("de").typed["@"]] == [[0xE038, 0x10]]
    assert [[code for code, _sym in stroke] for stroke in load("de").typed["é"]] == [[0x0D], [0x12]]


def test_what_a_layout_lacks_is_named_once_in_order() -> None:
    made = plan("ж€ж\x07a", load("us"))
    assert made.refused == ("ж", "€", "\x07") and made.skipped == 4 and len(made.strokes) == 1
    assert [described(char) for char in made.refused] == ["ж (cyrillic small letter zhe)", "€ (euro sign)", "U+0007"]


def test_by_number_where_the_guest_takes_that() -> None:
    made = plan("€", load("us"), by_number=True)
    assert [[code for code, _sym in stroke] for stroke in made.strokes[0]] == [[0x1D, 0x2A, 0x16], [3], [0xB], [0x1E], [0x2E], [0x39]]
    assert plan("\x07", load("us"), by_number=True).strokes == ()


@pytest.mark.parametrize("name", ["nowhere", "de(nothing)", "../../etc/passwd", "", "de(" + "x" * 100 + ")", "a\0b"])
def test_an_unknown_layout_is_an_error_with_a_next_step(name: str) -> None:
    with pytest.raises(Unsupported) as error:
        load(name)
    assert error.value.next_step


def test_layouts_have_names_for_people() -> None:
    names = dict(layout_names.layout_names())
    assert names["de"] == "German" and names["de(nodeadkeys)"] == "German (no dead keys)"
    assert len(names) > 100


def test_the_keys_say_what_is_printed_on_them() -> None:
    labels = load("de").labels
    assert labels[0x15][:2] == ("z", "Z") and labels[0x29][:2] == ("^", "°")


def test_typing_waits_for_the_guest_and_leaves_nothing_down_when_it_is_cancelled() -> None:
    sent: list[tuple[int, bool]] = []
    open_ = asyncio.Event()

    async def ready() -> None:
        await open_.wait()

    async def story() -> None:
        strokes = plan("Ab" * 50, load("us")).strokes
        task = asyncio.create_task(type_text(
            strokes, lambda code, _sym, down: sent.append((code, down)), per_second=1000, ready=ready, report=lambda _done: None))
        await asyncio.sleep(0.01)
        assert not sent
        open_.set()
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
    assert sent[:6] == [(0x2A, True), (0x1E, True), (0x1E, False), (0x2A, False), (0x30, True), (0x30, False)]
    assert len(sent) < 400 and not any(dict(sent).values())
