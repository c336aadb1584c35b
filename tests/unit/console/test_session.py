"""The talk after the handshake, from bytes: pixels, news, and every lie that a server can tell."""

from __future__ import annotations

import struct
import zlib

import pytest

from app.console.framebuffer import Rect
from app.console.vnc.protocol import Encoding
from app.errors import Disconnected, Invalid
from tests.fuzz.servers import play, raw, rectangle, update

pytestmark = pytest.mark.usefixtures("decoders")

RED, GREEN, BLUE = b"\0\0\xff\0", b"\0\xff\0\0", b"\xff\0\0\0"


def test_raw_rectangles_land_where_they_belong() -> None:
    notes = play(update(raw(0, 0, 64, 48, RED), raw(10, 20, 5, 4, BLUE)))
    assert (notes.pixel(9, 20), notes.pixel(10, 20), notes.pixel(14, 23), notes.pixel(15, 23)) == (
        (255, 0, 0), (0, 0, 255), (0, 0, 255), (255, 0, 0))  # fmt: skip
    assert notes.damage == [[Rect(0, 0, 64, 48), Rect(10, 20, 5, 4)]]


def test_a_byte_at_a_time_gives_the_same_picture() -> None:
    data = update(raw(0, 0, 64, 48, RED), raw(3, 3, 7, 9, GREEN))
    assert play(data, step=1).picture() == play(data).picture()


def test_the_next_update_is_asked_for_before_this_one_is_decoded() -> None:
    whole = update(raw(0, 0, 64, 48, RED))
    asked = play(whole[:4])
    assert bytes(asked.sent) == struct.pack(">BBHHHH", 3, 1, 0, 0, 64, 48)


@pytest.mark.parametrize(("source", "target"), [((0, 0), (8, 4)), ((8, 4), (0, 0)), ((4, 4), (5, 4)), ((5, 4), (4, 4))])
def test_copyrect_moves_pixels_even_over_themselves(source: tuple[int, int], target: tuple[int, int]) -> None:
    paint = [raw(x, y, 1, 1, bytes([x * 3, y * 5, 7, 0])) for x in range(30) for y in range(20)]
    before = play(update(*paint))
    after = play(update(*paint) + update(rectangle(*target, 16, 12, Encoding.COPYRECT, struct.pack(">HH", *source))))
    moved = {(x, y): after.pixel(target[0] + x, target[1] + y) for x in range(16) for y in range(12)}
    assert moved == {(x, y): before.pixel(source[0] + x, source[1] + y) for x in range(16) for y in range(12)}


def test_damage_of_a_screen_that_was_replaced_is_dropped() -> None:
    notes = play(update(raw(0, 0, 64, 48, RED), rectangle(0, 0, 32, 16, Encoding.DESKTOP_SIZE), raw(0, 0, 32, 16, BLUE)))
    assert (notes.screen.width, notes.screen.height) == (32, 16)
    assert notes.damage == [[Rect(0, 0, 32, 16)]]


def test_extended_desktop_size_tells_that_the_guest_can_follow() -> None:
    screens = struct.pack(">BxxxIHHHHI", 1, 77, 0, 0, 80, 60, 5)
    notes = play(update(rectangle(0, 0, 80, 60, Encoding.EXTENDED_DESKTOP_SIZE, screens)))
    assert ("resizable", (77, 5)) in notes.events
    assert (notes.screen.width, notes.screen.height) == (80, 60)


def test_a_refused_resize_changes_nothing() -> None:
    screens = struct.pack(">BxxxIHHHHI", 1, 77, 0, 0, 80, 60, 5)
    notes = play(update(rectangle(1, 3, 80, 60, Encoding.EXTENDED_DESKTOP_SIZE, screens)))
    assert notes.screen.width == 64


def test_last_rect_ends_an_update_of_unknown_length() -> None:
    endless = struct.pack(">BxH", 0, 0xFFFF) + raw(0, 0, 2, 2, RED) + rectangle(0, 0, 0, 0, Encoding.LAST_RECT)
    notes = play(endless + b"\x02")
    assert notes.events == [("bell", None)]


def test_cursor_with_mask_is_premultiplied_argb() -> None:
    pixels = RED + GREEN + BLUE + RED
    notes = play(update(rectangle(1, 0, 2, 2, Encoding.CURSOR, pixels + bytes([0b10000000, 0b01000000]))))
    cursor = notes.cursors[0]
    assert (cursor.width, cursor.height, cursor.hot_x, cursor.hot_y) == (2, 2, 1, 0)
    assert cursor.argb == b"\0\0\xff\xff" + bytes(4) + bytes(4) + b"\0\0\xff\xff"


def test_alpha_cursor_is_rgba_by_the_protocol_and_bgra_from_qemu() -> None:
    data = struct.pack(">i", 0) + bytes([1, 2, 3, 4])
    cursor = rectangle(0, 0, 1, 1, Encoding.ALPHA_CURSOR, data)
    assert play(update(cursor)).cursors[0].argb == bytes([3, 2, 1, 4])
    assert play(update(cursor), name="QEMU (guest)").cursors[0].argb == bytes([1, 2, 3, 4])
    # Xvnc has taken over QEMU's keys, but not its cursors.
    assert play(update(rectangle(0, 0, 0, 0, Encoding.QEMU_EXTENDED_KEY), cursor)).cursors[0].argb == bytes([3, 2, 1, 4])


def test_an_empty_cursor_hides_it() -> None:
    assert play(update(rectangle(0, 0, 0, 0, Encoding.CURSOR))).cursors[0].argb == b""


def test_news_of_qemu() -> None:
    notes = play(update(
        rectangle(1, 0, 64, 48, Encoding.QEMU_POINTER_MOTION), rectangle(0, 0, 0, 0, Encoding.QEMU_LED_STATE, b"\x04"),
        rectangle(0, 0, 0, 0, Encoding.DESKTOP_NAME, struct.pack(">I", 2) + b"vm")))  # fmt: skip
    assert notes.events == [("absolute", True), ("leds", 4), ("name", "vm")]


def test_clipboard_text_is_latin_1_and_a_huge_one_is_skipped() -> None:
    notes = play(
        struct.pack(">B3xI", 3, 4) + "café".encode("latin-1") + struct.pack(">B3xI", 3, 2_000_000) + bytes(2_000_000) + b"\x02"
    )
    assert notes.events == [("cut", "café"), ("bell", None)]


def _packed(encoding: int, data: bytes) -> bytes:
    """A rectangle of 4x4 with zlib data behind its length."""
    packed = zlib.compress(data)
    return update(rectangle(0, 0, 4, 4, encoding, struct.pack(">I", len(packed)) + packed))


LIES = {
    "unknown message": b"\xc8",
    "unknown encoding": update(rectangle(0, 0, 1, 1, 1234)),
    "rectangle outside": update(rectangle(60, 0, 5, 5, Encoding.RAW)),
    "copy from outside": update(rectangle(0, 0, 8, 8, Encoding.COPYRECT, struct.pack(">HH", 60, 0))),
    "screen of no size": update(rectangle(0, 0, 0, 5, Encoding.DESKTOP_SIZE)),
    "screen of 17 GB": update(rectangle(0, 0, 65535, 65535, Encoding.DESKTOP_SIZE)),
    "huge cursor": update(rectangle(0, 0, 60000, 60000, Encoding.CURSOR)),
    "huge name": update(rectangle(0, 0, 0, 0, Encoding.DESKTOP_NAME, b"\xff\xff\xff\xff")),
    "huge clipboard": struct.pack(">B3xI", 3, 0xFFFFFFFF),
    "zlib longer than its pixels": update(rectangle(0, 0, 4, 4, Encoding.ZLIB, b"\x7f\xff\xff\xff")),
    "zlib bomb": _packed(Encoding.ZLIB, bytes(10**6)),
    "zlib too short": _packed(Encoding.ZLIB, b"abc"),
    "zlib of noise": update(rectangle(0, 0, 4, 4, Encoding.ZLIB, struct.pack(">I", 8) + b"nonsense")),
    "zrle too short": _packed(Encoding.ZRLE, b"\x80ab"),
    "zrle endless run": _packed(Encoding.ZRLE, b"\x80abc" + b"\xff" * 60),
    "tight of unknown kind": update(rectangle(0, 0, 4, 4, Encoding.TIGHT, b"\xf0")),
    "tight jpeg of noise": update(rectangle(0, 0, 4, 4, Encoding.TIGHT, b"\x90\x05noise")),
    "png of noise": update(rectangle(0, 0, 4, 4, Encoding.TIGHT_PNG, b"\xa0\x05noise")),
    "tight png of unknown kind": update(rectangle(0, 0, 4, 4, Encoding.TIGHT_PNG, b"\x00")),
    "tight png outside": update(rectangle(60, 0, 5, 5, Encoding.TIGHT_PNG, b"\x80abc")),
    "hextile part outside": update(rectangle(0, 0, 4, 4, Encoding.HEXTILE, b"\x08\x01\x33\x33")),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_ends_in_a_sentence(lie: str) -> None:
    error = play(LIES[lie]).error
    assert isinstance(error, Invalid)
    assert error.next_step


def test_an_end_in_the_middle_of_a_frame_is_a_closed_connection() -> None:
    notes = play(update(raw(0, 0, 64, 48, RED))[:5000])
    assert isinstance(notes.error, Disconnected)
    assert notes.damage == []
