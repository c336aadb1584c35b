"""SPICE's numbers that both processes name: channels, and what these tell of themselves."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """Types of channel (spice/enums.h)."""

    MAIN = 1
    DISPLAY = 2
    INPUTS = 3
    CURSOR = 4
    PLAYBACK = 5
    RECORD = 6
    SMARTCARD = 8
    USBREDIR = 9
    PORT = 10
    WEBDAV = 11


class Event(IntEnum):
    """What a channel tells of itself (SpiceChannelEvent)."""

    NONE = 0
    OPENED = 10
    SWITCHING = 11
    CLOSED = 12
    ERROR_CONNECT = 20
    ERROR_TLS = 21
    ERROR_LINK = 22
    ERROR_AUTH = 23
    ERROR_IO = 24


class Capability(IntEnum):
    """VD_AGENT_CAP (spice-protocol 0.14, spice/vd_agent.h): those that make a difference here."""

    CLIPBOARD_BY_DEMAND = 5
    CLIPBOARD_SELECTION = 6
    GUEST_LINEEND_CRLF = 9
    FILE_XFER_DISABLED = 13


class Clip(IntEnum):
    """VD_AGENT_CLIPBOARD: what can be copied."""

    NONE = 0
    TEXT = 1
    PNG = 2
    BMP = 3
    TIFF = 4
    JPEG = 5


class Mouse(IntEnum):
    """SPICE_MOUSE_MODE."""

    SERVER = 1
    CLIENT = 2
    """Absolute positions."""
