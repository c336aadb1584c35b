"""What the client sends, as bytes; no state."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from app.console.vnc.protocol import ClientMessage

SCROLL_LOCK = 0xFF14
"""Its X11 keysym."""

PIXEL_FORMAT = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
"""32 bits, little-endian, red 16, green 8, blue 0: the framebuffer's own layout, so that raw needs no conversion."""


def set_pixel_format() -> bytes:
    """Asks for our pixel format."""
    return struct.pack(">B3x", ClientMessage.SET_PIXEL_FORMAT) + PIXEL_FORMAT


def set_encodings(encodings: Sequence[int]) -> bytes:
    """What we can decode, best first."""
    return struct.pack(f">BxH{len(encodings)}i", ClientMessage.SET_ENCODINGS, len(encodings), *encodings)


def update_request(width: int, height: int, *, incremental: bool) -> bytes:
    """Asks for the next update of the whole screen."""
    return struct.pack(">BBHHHH", ClientMessage.UPDATE_REQUEST, incremental, 0, 0, width, height)


def continuous_updates(width: int, height: int, *, enable: bool) -> bytes:
    """From now on the server sends what changes on the whole screen without being asked, or no longer."""
    return struct.pack(">BBHHHH", ClientMessage.CONTINUOUS_UPDATES, enable, 0, 0, width, height)


def fence(flags: int, payload: bytes) -> bytes:
    """Answers a server's fence (rfbproto.rst, ClientFence); at most 64 bytes."""
    return struct.pack(">B3xIB", ClientMessage.FENCE, flags, len(payload)) + payload


def key(keysym: int, *, pressed: bool) -> bytes:
    """A key by X11 keysym."""
    return struct.pack(">BBxxI", ClientMessage.KEY, pressed, keysym & 0xFFFFFFFF)


def qemu_key(scancode: int, keysym: int, *, pressed: bool) -> bytes:
    """A key by XT scancode; 0xE0xx becomes 0x80|xx, as rfbproto.rst says ("QEMU Extended Key Event Message")."""
    code = (scancode & 0x7F) | (0x80 if scancode & 0xE000 else 0)
    return struct.pack(">BBHII", ClientMessage.QEMU, 0, pressed, keysym & 0xFFFFFFFF, code)


def no_key() -> bytes:
    """Input that no guest notices: the release of a key that is not held, which QEMU leaves out (ui/kbd-state.c).

    With a symbol that all of QEMU's keyboard layouts have: it writes a warning into the guest's log for one that they have not.
    """
    return qemu_key(0, SCROLL_LOCK, pressed=False)


def pointer(x: int, y: int, mask: int) -> bytes:
    """A position and the buttons held."""
    return struct.pack(">BBHH", ClientMessage.POINTER, mask & 0xFF, _u16(x), _u16(y))


def pointer_relative(dx: int, dy: int, mask: int) -> bytes:
    """QEMU's relative motion: the middle of the range is no motion (QEMU ui/vnc.c, since 0.10)."""
    return pointer(_u16(0x7FFF + dx), _u16(0x7FFF + dy), mask)


def cut_text(text: str) -> bytes:
    """Clipboard text; the old message carries Latin-1 only, what does not fit becomes "?"."""
    data = text.replace("\r\n", "\n").encode("latin-1", "replace")
    return struct.pack(">B3xI", ClientMessage.CUT_TEXT, len(data)) + data


def set_desktop_size(width: int, height: int, screen_id: int = 0, flags: int = 0) -> bytes:
    """Asks the guest for one screen of this size (rfbproto.rst, SetDesktopSize)."""
    head = struct.pack(">BxHHBx", ClientMessage.SET_DESKTOP_SIZE, width, height, 1)
    return head + struct.pack(">IHHHHI", screen_id, 0, 0, width, height, flags)


def _u16(value: int) -> int:
    return min(0xFFFF, max(0, value))
