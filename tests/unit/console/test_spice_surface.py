"""SPICE's surfaces as framebuffers: depths, monitors on one surface, damage, and memory that goes."""

from __future__ import annotations

import ctypes
import struct
import threading

import pytest

from app.console.framebuffer import Framebuffer, Rect
from app.console.spice import glib
from app.console.spice import surface as surfaces
from app.console.spice.cursor import premultiplied
from app.console.spice.surface import RGB32, RGB555, RGB565, Monitor, Surface, View, monitors_of


def surface(format_: int, width: int, height: int, pixels: bytes) -> tuple[Surface, ctypes.Array[ctypes.c_char]]:
    """A surface, and the memory that it lies in."""
    memory = ctypes.create_string_buffer(pixels, len(pixels))
    return Surface(format_, width, height, len(pixels) // height, ctypes.addressof(memory)), memory


def test_the_pixels_are_the_library_s_own_until_they_go() -> None:
    made, memory = surface(RGB32, 2, 1, struct.pack("<2I", 0x112233, 0x445566))
    view = View(made, Rect(0, 0, 2, 1))
    memory[0] = b"\xff"
    assert bytes(view.framebuffer.pixels[:4]) == b"\xff\x22\x11\0"
    before, after = view.framebuffer, view.let_go()
    memory[0] = b"\x01"
    assert before is not after
    assert bytes(before.pixels[:4]) == bytes(after.pixels[:4]) == b"\xff\x22\x11\0"


def test_memory_does_not_go_while_another_thread_reads() -> None:
    made, _memory = surface(RGB32, 1, 1, bytes(4))
    view, order = View(made, Rect(0, 0, 1, 1)), []

    def let_go() -> None:
        view.let_go()
        order.append("gone")

    with view.framebuffer.held():
        thread = threading.Thread(target=let_go)
        thread.start()
        thread.join(0.1)
        order.append("read")
    thread.join()
    assert order == ["read", "gone"]


def test_a_monitor_beside_the_first_is_copied_as_it_changes() -> None:
    made, memory = surface(RGB32, 4, 2, bytes(32))
    view = View(made, Rect(2, 0, 2, 2))
    ctypes.memmove(ctypes.addressof(memory) + 8, b"\x01\x02\x03\x04\x05\x06\x07\x08", 8)
    assert view.damage(Rect(0, 0, 4, 1))
    assert view.framebuffer.take_damage() == [Rect(0, 0, 2, 1)]
    assert bytes(view.framebuffer.pixels) == b"\x01\x02\x03\x04\x05\x06\x07\x08" + bytes(8)
    assert not view.damage(Rect(0, 0, 2, 2))


@pytest.mark.parametrize(("format_", "value", "wanted"), [
    (RGB555, 0x7FFF, 0xFFFFFF), (RGB555, 0x7C00, 0xFF0000), (RGB555, 0x03E0, 0x00FF00), (RGB555, 0x001F, 0x0000FF),
    (RGB565, 0xFFFF, 0xFFFFFF), (RGB565, 0xF800, 0xFF0000), (RGB565, 0x07E0, 0x00FF00), (RGB565, 0x001F, 0x0000FF),
    (RGB555, 0x4210, 0x848484), (RGB565, 0, 0),
])  # fmt: skip
def test_few_bits_become_many(format_: int, value: int, wanted: int) -> None:
    made, _memory = surface(format_, 2, 1, struct.pack("<2H", value, 0))
    view = View(made, Rect(0, 0, 2, 1))
    view.damage(Rect(0, 0, 2, 1))
    assert struct.unpack("<2I", bytes(view.framebuffer.pixels)) == (wanted, 0)


def test_strips_side_by_side_are_one_damage() -> None:
    screen = Framebuffer(640, 400)
    assert screen.add_damage([Rect(0, 0, 32, 400)])
    assert not screen.add_damage([Rect(x, 0, 32, 400) for x in range(32, 320, 32)])
    screen.add_damage([Rect(400, 10, 32, 5), Rect(400, 15, 32, 5)])
    assert screen.take_damage() == [Rect(0, 0, 320, 400), Rect(400, 10, 32, 10)]


def test_a_pointer_s_colours_are_multiplied() -> None:
    assert premultiplied(b"\x01\x02\x03\x40") == bytes((3 * 64 // 255, 2 * 64 // 255, 1 * 64 // 255, 64))
    assert premultiplied(b"\x10\x20\x30\xff" b"\xff\x80\x00\x80" b"\x01\x02\x03\x00") == b"\x30\x20\x10\xff" b"\x00\x40\x80\x80" + bytes(4)


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
