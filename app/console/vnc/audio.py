"""QEMU's sound (rfbproto.rst, "QEMU Audio"; QEMU ui/vnc.c): what the guest plays, as samples."""

from __future__ import annotations

import struct
from typing import Protocol

from app.console.vnc import problems
from app.console.vnc.protocol import ClientMessage
from app.console.vnc.wire import Wire

RATE, CHANNELS = 44100, 2
SIGNED_16 = 3
"""The protocol's number of the format; samples come in the order of bytes of QEMU's host, which for x86 and ARM is ours."""

AUDIO = 1
ENABLE, DISABLE, SET_FORMAT = 0, 1, 2
END, BEGIN, DATA = 0, 1, 2
MAX_SAMPLES = 4 * 1024 * 1024


class Heard(Protocol):
    """On the console's thread."""

    def begin(self) -> None: ...
    def samples(self, data: bytes) -> None: ...
    def end(self) -> None: ...


def switch_on() -> bytes:
    """Says how we want it, and that we do."""
    head = struct.pack(">BBH", ClientMessage.QEMU, AUDIO, SET_FORMAT)
    return head + struct.pack(">BBI", SIGNED_16, CHANNELS, RATE) + struct.pack(">BBH", ClientMessage.QEMU, AUDIO, ENABLE)


def switch_off() -> bytes:
    """No more."""
    return struct.pack(">BBH", ClientMessage.QEMU, AUDIO, DISABLE)


def read(wire: Wire, heard: Heard) -> None:
    """After the type's byte.  Raises Invalid."""
    kind, operation = wire.u8(), wire.u16()
    if kind != AUDIO:
        raise problems.garbage(f"QEMU's message of type {kind}")
    if operation == BEGIN:
        heard.begin()
    elif operation == END:
        heard.end()
    elif operation == DATA:
        size = wire.u32()
        heard.samples(bytes(wire.exactly(size, MAX_SAMPLES)))
    else:
        raise problems.garbage(f"QEMU's sound message {operation}")


