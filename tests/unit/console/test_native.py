"""The decoders in C: the same pictures as the ones in Python, however the bytes come."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.framebuffer import Rect
from app.console.vnc import drawing
from app.console.vnc.decoders.registry import offered
from app.console.vnc.native.library import library
from app.console.vnc.protocol import Encoding
from app.errors import Disconnected
from tests.fuzz import encoders, native, vnc
from tests.fuzz.listener import Notes
from tests.fuzz.servers import play, raw, rectangle, update
from tests.unit.console.test_decoders import pictures, shown

pytestmark = pytest.mark.skipif(library() is None, reason="the decoders in C are not compiled: packaging/run --only-prepare")

CORPUS = vnc.honest()


def by_python(data: bytes) -> Notes:
    """What the decoders in Python make of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "library", lambda: None)
        return play(data, vnc.WIDTH, vnc.HEIGHT)


@settings(max_examples=60, deadline=None)
@given(picture=pictures(), kind=st.sampled_from(["best", "raw", "packed", "runs", "palette runs"]))
def test_trle_is_shown(picture: encoders.Picture, kind: str) -> None:
    assert np.array_equal(shown(Encoding.TRLE, picture, encoders.trle(picture, kind)), picture)


def test_trle_can_use_a_palette_again() -> None:
    """Two tiles side by side; the second (kind 127: packed, kind 129: runs) has the colours of the first."""
    white, black = b"\xff\xff\xff", b"\0\0\0"
    first = b"\x02" + white + black + b"\x00\xff" * 16
    again, runs = b"\x7f" + b"\xff\x00" * 16, b"\x81\x80\xff\x00"
    notes = play(update(rectangle(0, 0, 32, 16, Encoding.TRLE, first + again)))
    assert [notes.pixel(x, 3)[0] for x in (0, 8, 16, 24)] == [255, 0, 0, 255]
    notes = play(update(rectangle(0, 0, 32, 16, Encoding.TRLE, first + runs)))
    assert [notes.pixel(x, 3)[0] for x in (0, 8, 16, 31)] == [255, 0, 255, 255]


def test_without_the_library_trle_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Encoding.TRLE in offered(local=False)
    monkeypatch.setattr("app.console.vnc.decoders.registry.library", lambda: None)
    assert Encoding.TRLE not in offered(local=False)


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize("place", range(len(CORPUS)))
def test_the_size_of_pieces_makes_no_difference(place: int, step: int) -> None:
    whole = play(CORPUS[place], vnc.WIDTH, vnc.HEIGHT)
    assert play(CORPUS[place], vnc.WIDTH, vnc.HEIGHT, step).picture() == whole.picture() == by_python(CORPUS[place]).picture()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_both_draw_the_same_of_a_mutated_session(seed: int) -> None:
    source = random.Random(seed)
    data = vnc.mutated(source.choice(CORPUS), source)
    fast, plain = play(data, vnc.WIDTH, vnc.HEIGHT), by_python(data)
    if isinstance(fast.error, Disconnected) and isinstance(plain.error, Disconnected) and fast.damage and plain.damage:
        assert fast.events == plain.events
    whole = [notes for notes in (fast, plain) if notes.error is not None and not notes.error.raw]
    if len(whole) == 2 and not unfinished(data):
        assert fast.picture() == plain.picture()


def unfinished(data: bytes) -> bool:
    """Whether the session ends within an update, of which the two have then drawn different parts."""
    return len(play(data + b"\x02", vnc.WIDTH, vnc.HEIGHT).events) == len(play(data, vnc.WIDTH, vnc.HEIGHT).events)


def test_damage_of_neighbours_is_joined() -> None:
    grid = [raw(x, y, 16, 12, b"abcd") for y in range(0, 48, 12) for x in range(0, 64, 16)]
    assert play(update(*grid)).damage == [[Rect(0, 0, 64, 48)]]


def test_much_scattered_damage_stays_a_short_list() -> None:
    dots = [raw(x, y, 1, 1, b"abcd") for y in range(0, 48, 4) for x in range(0, 64, 4)]
    (damage,) = play(update(*dots)).damage
    assert len(damage) <= 32
    covered = {(x, y) for rect in damage for x in range(rect.x, rect.x + rect.w) for y in range(rect.y, rect.y + rect.h)}
    assert {(x, y) for y in range(0, 48, 4) for x in range(0, 64, 4)} <= covered


def test_numpy_is_not_loaded() -> None:
    """It would cost every console 100 ms and 30 MB."""
    code = (
        "import sys; from tests.fuzz.servers import play, rectangle, update;"
        "play(update(rectangle(0, 0, 8, 8, 7, b'\\x80abc'))); assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_sanitizers_find_nothing_in_the_corpus(tmp_path: Path) -> None:
    """The long run, guided by coverage: ``python -m tests.fuzz.native --minutes 10``."""
    try:
        native.build(tmp_path / "fuzz", guided=False)
    except subprocess.CalledProcessError:
        pytest.skip("the compiler has no address sanitizer here")
    done = subprocess.run([str(tmp_path / "fuzz"), *map(str, native.corpus())], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 50
