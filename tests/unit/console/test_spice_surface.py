"""SPICE's surfaces as pictures in shared memory: depths, monitors on one surface, damage, and what a guest says of its heads."""

from __future__ import annotations

import ctypes
import fcntl
import itertools
import mmap
import os
import random
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from app.console.framebuffer import Framebuffer, Rect
from app.console.spice.cursor import cursor_of, premultiplied
from app.console.spice.wire import Nonsense
from app.console.spice.worker import displays, glib
from app.console.spice.worker import strips as collectors
from app.console.spice.worker import surface as surfaces
from app.console.spice.worker.strips import MOST, Strips
from app.console.spice.worker.surface import RGB32, RGB555, RGB565, Copy, Monitor, Surface, View, Window, monitors_of, share

Look = Callable[[Surface, Rect], View]


def surface(format_: int, width: int, height: int, pixels: bytes) -> tuple[Surface, ctypes.Array[ctypes.c_char]]:
    """A surface, and the memory that it lies in."""
    memory = ctypes.create_string_buffer(pixels, len(pixels))
    return Surface(format_, width, height, len(pixels) // height, ctypes.addressof(memory)), memory


@pytest.fixture
def look() -> Iterator[Look]:
    """Views, which end with the test."""
    made: list[View] = []

    def view(seen: Surface, area: Rect) -> View:
        made.append(Copy(seen, area))
        return made[-1]

    yield view
    for one in made:
        one.end()


def test_what_was_painted_is_copied_once_it_is_asked_for(look: Look) -> None:
    made, memory = surface(RGB32, 2, 2, struct.pack("<4I", 0x112233, 0x445566, 0x778899, 0xAABBCC))
    view = look(made, Rect(0, 0, 2, 2))
    assert not any(view.framebuffer.pixels)
    assert view.damage(Rect(0, 1, 2, 1)) and not view.damage(Rect(1, 1, 1, 1))
    assert view.copy() == [Rect(0, 1, 2, 1)] and view.copy() == []
    assert struct.unpack("<4I", bytes(view.framebuffer.pixels)) == (0, 0, 0x778899, 0xAABBCC)
    memory[8] = b"\xff"
    assert struct.unpack("<4I", bytes(view.framebuffer.pixels))[2] == 0x778899


def test_the_memory_is_shared_and_cannot_become_smaller(look: Look) -> None:
    made, _memory = surface(RGB32, 2, 1, struct.pack("<2I", 1, 2))
    view = look(made, Rect(0, 0, 2, 1))
    view.damage(Rect(0, 0, 2, 1))
    view.copy()
    with mmap.mmap(view.fd, 8, mmap.MAP_SHARED, mmap.PROT_READ) as seen:
        assert struct.unpack("<2I", seen[:8]) == (1, 2)
    assert fcntl.fcntl(view.fd, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK
    with pytest.raises(PermissionError):
        os.ftruncate(view.fd, 4)


def test_a_monitor_beside_the_first_has_its_own_picture(look: Look) -> None:
    made, memory = surface(RGB32, 4, 2, bytes(32))
    view = look(made, Rect(2, 0, 2, 2))
    ctypes.memmove(ctypes.addressof(memory) + 8, b"\x01\x02\x03\x04\x05\x06\x07\x08", 8)
    assert view.damage(Rect(0, 0, 4, 1))
    assert view.copy() == [Rect(0, 0, 2, 1)]
    first, second = struct.unpack("<2I", bytes(view.framebuffer.pixels[:8]))
    assert (first & 0xFFFFFF, second & 0xFFFFFF) == (0x030201, 0x070605) and not any(view.framebuffer.pixels[8:])
    assert not view.damage(Rect(0, 0, 2, 2))


@pytest.mark.parametrize(("format_", "value", "wanted"), [
    (RGB555, 0x7FFF, 0xFFFFFF), (RGB555, 0x7C00, 0xFF0000), (RGB555, 0x03E0, 0x00FF00), (RGB555, 0x001F, 0x0000FF),
    (RGB565, 0xFFFF, 0xFFFFFF), (RGB565, 0xF800, 0xFF0000), (RGB565, 0x07E0, 0x00FF00), (RGB565, 0x001F, 0x0000FF),
    (RGB555, 0x4210, 0x848484), (RGB565, 0, 0),
])  # fmt: skip
def test_few_bits_become_many(look: Look, format_: int, value: int, wanted: int) -> None:
    made, _memory = surface(format_, 2, 1, struct.pack("<2H", value, 0))
    view = look(made, Rect(0, 0, 2, 1))
    view.damage(Rect(0, 0, 2, 1))
    view.copy()
    assert [pixel & 0xFFFFFF for pixel in struct.unpack("<2I", bytes(view.framebuffer.pixels))] == [wanted, 0]


def test_strips_side_by_side_are_one_damage() -> None:
    screen = Framebuffer(640, 400)
    assert screen.add_damage([Rect(0, 0, 32, 400)])
    assert not screen.add_damage([Rect(x, 0, 32, 400) for x in range(32, 320, 32)])
    screen.add_damage([Rect(400, 10, 32, 5), Rect(400, 15, 32, 5)])
    assert screen.take_damage() == [Rect(0, 0, 320, 400), Rect(400, 10, 32, 10)]


@pytest.mark.parametrize("offset", [0, 16, 4080, 4092])
def test_a_surface_s_own_memory_is_shared(offset: int) -> None:
    """To the byte, wherever it begins and ends within a page; nothing beside it is touched or shared."""
    width, height = 131, 160
    size = width * height * 4
    memory = mmap.mmap(-1, size + 3 * mmap.PAGESIZE)
    memory[:] = b"\x55" * len(memory)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + offset
    ctypes.memmove(start, bytes(range(256)) * (size // 256) + bytes(size % 256), size)
    shared = share(made := Surface(RGB32, width, height, width * 4, start))
    assert shared is not None
    whole, part = Window(made, shared, Rect(0, 0, width, height)), Window(made, shared, Rect(100, 3, 31, 157))
    for view, (left, top) in ((whole, (0, 0)), (part, (100, 3))):
        ctypes.memset(start, 0x11, size)
        ctypes.memset(start + size - 4, 0x22, 4)
        assert view.damage(Rect(0, 0, width, height)) and view.copy() == [Rect(0, 0, view.area.w, view.area.h)]
        with mmap.mmap(view.fd, 0, mmap.MAP_SHARED, mmap.PROT_READ) as seen:
            stride = view.framebuffer.stride
            rows = [seen[view.offset + y * stride :][: view.area.w * 4] for y in range(view.area.h)]
        assert b"".join(rows) == b"".join(
            ctypes.string_at(start + ((top + y) * width + left) * 4, view.area.w * 4) for y in range(view.area.h)
        )
        assert rows[-1].endswith(b"\x11" * 4 + b"\x22" * 4)
    last = bytes(whole.framebuffer.pixels)
    shared.end()
    ctypes.memset(start, 0x77, size)
    assert bytes(whole.framebuffer.pixels) == last, "the last picture stays when the library's memory is used for other things"
    assert set(memory[:offset]) <= {0x55} and set(memory[offset + size :]) == {0x55}
    for view in (whole, part):
        view.end()


@pytest.mark.parametrize("surface", [
    Surface(RGB565, 640, 480, 1280, 4096), Surface(RGB32, 64, 64, 256, 4096), Surface(RGB32, 640, 480, 2560, 4098),
])  # fmt: skip
def test_what_cannot_be_shared_is_copied(surface: Surface) -> None:
    assert share(surface) is None


def collectors_of_strips() -> list[object]:
    """In Python, and in C where set-up could compile it."""
    return ["python", pytest.param("native", marks=pytest.mark.skipif(collectors.collector() is None, reason="not compiled"))]


@pytest.mark.parametrize("way", collectors_of_strips())
def test_strips_are_collected_until_they_are_taken(way: str) -> None:
    """Both ways alike: joined where they lie together, never lost, however many there are and whatever a server says."""
    called: list[int] = []
    strips = Strips(lambda: called.append(1))

    def add(*strip: int) -> None:
        if way == "native":
            collectors.collector()(None, *strip, ctypes.byref(strips._table))
        else:
            strips.add(*strip)

    for x in range(0, 320, 32):
        add(x, 0, 32, 400)
    add(400, 10, 32, 5)
    add(400, 15, 32, 5)
    for nonsense in ((-1, 0, 5, 5), (0, -1, 5, 5), (0, 0, 0, 5), (0, 0, 5, -5), (1 << 30, 0, 1, 1), (0, 0, 1 << 30, 1)):
        add(*nonsense)
    assert called == [1]
    assert strips.take() == (12, [Rect(0, 0, 320, 400), Rect(400, 10, 32, 10)])
    assert strips.take() == (0, [])
    source = random.Random(5)
    boxes = [(source.randrange(2000), source.randrange(2000), source.randrange(1, 9), source.randrange(1, 9)) for _ in range(10 * MOST)]
    for box in boxes:
        add(*box)
    updates, rects = strips.take()
    assert (updates, len(called)) == (len(boxes), 2) and len(rects) <= MOST
    for x, y, width, height in boxes:
        assert any(r.x <= x and r.y <= y and x + width <= r.x + r.w and y + height <= r.y + r.h for r in rects)


def test_changes_are_told_as_often_as_a_screen_shows_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gi")
    context = glib.glib().MainContext.default()
    ticks: list[float] = []
    monkeypatch.setattr(displays, "FRAME_S", 0.05)
    clock = displays.Clock(lambda: ticks.append(time.monotonic()))
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        clock.wanted()
        context.iteration(False)
    assert 3 <= len(ticks) <= 7
    assert min(after - before for before, after in itertools.pairwise(ticks)) > 0.04


def test_a_pointer_s_colours_are_multiplied() -> None:
    assert premultiplied(b"\x01\x02\x03\x40") == bytes((3 * 64 // 255, 2 * 64 // 255, 1 * 64 // 255, 64))
    assert premultiplied(b"\x10\x20\x30\xff" b"\xff\x80\x00\x80" b"\x01\x02\x03\x00") == b"\x30\x20\x10\xff" b"\x00\x40\x80\x80" + bytes(4)


@pytest.mark.parametrize("shape", [(1, 1, 0, 0, b""), (1, 2, 0, 0, bytes(4)), (0, 1, 0, 0, b""), (513, 1, 0, 0, bytes(513 * 4))])
def test_a_pointer_that_cannot_be_is_none(shape: tuple[int, int, int, int, bytes]) -> None:
    with pytest.raises(Nonsense):
        cursor_of(*shape)
    assert cursor_of(0, 0, 0, 0, b"").argb == b""
    inside = cursor_of(2, 1, 99, -5, bytes(8))
    assert (inside.hot_x, inside.hot_y) == (1, 0)


class Heads:
    """Stands for libgobject: gives out one array of what a guest says of its heads."""

    def __init__(self, *numbers: int) -> None:
        configs = (surfaces._MonitorConfig * len(numbers))(*(surfaces._MonitorConfig(number, 0, 0, 0, 8, 8) for number in numbers))
        self._configs = configs
        self.array = surfaces._Array(ctypes.addressof(configs), len(numbers))
        self.freed = 0

    def g_object_get(self, _channel: object, _name: bytes, place: object, _end: None) -> None:
        place._obj.contents = self.array  # type: ignore[attr-defined]

    def g_array_unref(self, _array: object) -> None:
        self.freed += 1


def test_a_guest_that_numbers_its_heads_wildly_gets_no_screen_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = Heads(1, 4_000_000_000, 16, 15)
    monkeypatch.setattr(surfaces, "_gobject", lambda: heads)
    monkeypatch.setattr(glib, "pointer_to", lambda _channel: 0)
    assert monitors_of(None) == [Monitor(1, Rect(0, 0, 8, 8)), Monitor(15, Rect(0, 0, 8, 8))]
    assert heads.freed == 1
