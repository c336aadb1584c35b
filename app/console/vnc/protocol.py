"""Numbers of the RFB protocol (RFC 6143; rfbproto.rst for the extensions; QEMU's ui/vnc.h)."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Encoding(IntEnum):
    """What a rectangle of an update holds; negative ones are news about the session, not pixels."""

    RAW = 0
    COPYRECT = 1
    HEXTILE = 5
    ZLIB = 6
    TIGHT = 7
    TRLE = 15
    ZRLE = 16
    TIGHT_PNG = -260
    CURSOR = -239
    DESKTOP_SIZE = -223
    LAST_RECT = -224
    DESKTOP_NAME = -307
    EXTENDED_DESKTOP_SIZE = -308
    ALPHA_CURSOR = -314
    QEMU_POINTER_MOTION = -257
    QEMU_EXTENDED_KEY = -258
    QEMU_AUDIO = -259
    QEMU_LED_STATE = -261
    FENCE = -312
    CONTINUOUS_UPDATES = -313
    EXTENDED_CLIPBOARD = -1063131698


def name_of(encoding: int) -> str:
    """What people call it; empty for what is no picture."""
    return _NAMES.get(encoding, "")


_NAMES = {0: "Raw", 1: "CopyRect", 5: "Hextile", 6: "Zlib", 7: "Tight", 15: "TRLE", 16: "ZRLE", 17: "ZYWRLE", -260: "TightPNG"}

def is_qemu(name: str) -> bool:
    """By the desktop's name: "QEMU" or "QEMU (guest)" (ui/vnc.c, vnc_client_init); others took over its extensions."""
    return name.startswith("QEMU")


JPEG_QUALITY_0 = -32
COMPRESS_LEVEL_0 = -256


class Security(IntEnum):
    """Security types."""

    NONE = 1
    VNC = 2
    RA2 = 5
    TIGHT = 16
    ULTRA = 17
    TLS = 18
    VENCRYPT = 19
    SASL = 20
    APPLE = 30
    PLAIN = 256
    """VeNCrypt's: a name and a password as they are, inside of TLS."""


class ServerMessage(IntEnum):
    """First byte of what a server sends."""

    UPDATE = 0
    COLOUR_MAP = 1
    BELL = 2
    CUT_TEXT = 3
    QEMU = 255
    END_OF_CONTINUOUS_UPDATES = 150
    FENCE = 248


class ClientMessage(IntEnum):
    """First byte of what a client sends."""

    SET_PIXEL_FORMAT = 0
    SET_ENCODINGS = 2
    UPDATE_REQUEST = 3
    KEY = 4
    POINTER = 5
    CUT_TEXT = 6
    CONTINUOUS_UPDATES = 150
    FENCE = 248
    SET_DESKTOP_SIZE = 251
    QEMU = 255


class PointerMask(IntFlag):
    """Buttons of a pointer event; the wheel is four buttons pressed and released (rfbproto.rst)."""

    LEFT = 1
    MIDDLE = 2
    RIGHT = 4
    WHEEL_UP = 8
    WHEEL_DOWN = 16
    WHEEL_LEFT = 32
    WHEEL_RIGHT = 64
    SIDE = 128


MAX_NAME = 64 * 1024
MAX_REASON = 64 * 1024
MAX_CUT_TEXT = 1024 * 1024
MAX_SKIPPED_TEXT = 64 * 1024 * 1024
MAX_CURSOR_SIDE = 1024
