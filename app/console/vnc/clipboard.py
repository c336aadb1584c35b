"""Text on the clipboard: the plain message, in Latin-1, and the extended one (rfbproto.rst, "Extended Clipboard").

The side that copies says so (notify), and the other asks for it when somebody pastes (request, provide).
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable
from enum import IntFlag
from typing import NamedTuple

from app.console.vnc import messages, problems
from app.console.vnc.inflate import Inflater
from app.console.vnc.protocol import MAX_CUT_TEXT, MAX_SKIPPED_TEXT, ClientMessage
from app.console.vnc.wire import Wire

MAX_TEXT = 4 * 1024 * 1024
"""Bytes of UTF-8, either way; longer texts are left where they are."""



class Flag(IntFlag):
    """The first word of an extended message."""

    TEXT = 1
    CAPS = 1 << 24
    REQUEST = 1 << 25
    PEEK = 1 << 26
    NOTIFY = 1 << 27
    PROVIDE = 1 << 28


OURS = Flag.TEXT | Flag.CAPS | Flag.REQUEST | Flag.PEEK | Flag.NOTIFY | Flag.PROVIDE


class Extended(NamedTuple):
    """A message: its flags and what follows them."""

    flags: int
    data: bytes


def read(wire: Wire) -> str | Extended | None:
    """After the type's byte: plain text, an extended message, or None for what is too long.  Raises Invalid."""
    wire.exactly(3)
    size = int.from_bytes(wire.exactly(4), "big", signed=True)
    if abs(size) > MAX_CUT_TEXT:
        wire.skip(abs(size), MAX_SKIPPED_TEXT)
        return None
    if size >= 0:
        return wire.exactly(size, MAX_CUT_TEXT).decode("latin-1")
    if -size < 4:
        raise problems.garbage(f"an extended clipboard message of {-size} bytes")
    return Extended(wire.u32(), bytes(wire.exactly(-size - 4, MAX_CUT_TEXT)))


def extended(flags: int, data: bytes = b"") -> bytes:
    """What the client sends; a length below zero marks it."""
    return struct.pack(">B3xiI", ClientMessage.CUT_TEXT, -(len(data) + 4), flags) + data


def packed(text: str, *, raw: bool = False) -> bytes:
    """The text as ``PROVIDE`` carries it: CRLF, a zero at its end (neither if ``raw``), compressed.

    The stream is not ended, as no other viewer ends it: libvncserver takes the end of one for an error and hangs up.
    """
    text = text.replace("\r\n", "\n")
    data = (text if raw else text.replace("\n", "\r\n") + "\0").encode("utf-8", "replace")
    stream = zlib.compressobj()
    return stream.compress(struct.pack(">I", len(data)) + data) + stream.flush(zlib.Z_SYNC_FLUSH)


def unpacked(data: bytes) -> str:
    """Raises Invalid; what is longer than allowed is cut."""
    out = Inflater().take(data, MAX_TEXT + 4, exact=False)
    size = int.from_bytes(out[:4], "big")
    if len(out) < 4 or size > len(out) - 4:
        raise problems.garbage(f"clipboard: {len(out)} bytes for {size}")
    return out[4 : 4 + size].split(b"\0", 1)[0].decode("utf-8", "replace").replace("\r\n", "\n")


def _is_qemu(caps: int) -> bool:
    """It is the one server that can notify and not peek (ui/vnc-clipboard.c)."""
    return bool(caps & Flag.NOTIFY) and not caps & Flag.PEEK


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


class Clipboard:
    """One connection's.  ``hear`` on the console's thread, ``offer`` on the event loop.

    send: any thread.  told: what the guest copied.
    """

    def __init__(self, send: Callable[[bytes], None], told: Callable[[str], None]) -> None:
        self._send, self._told = send, told
        self._lock = threading.Lock()
        self._caps = 0
        self._text: str | None = None

    def offer(self, text: str) -> None:
        """This desktop has something new to paste; sent now or when the guest asks."""
        if len(text) > MAX_TEXT:
            return
        with self._lock:
            self._text = text
            caps = self._caps
        if caps & Flag.NOTIFY:
            self._send(extended(Flag.NOTIFY | Flag.TEXT))
            return
        if not caps & Flag.PROVIDE or _is_latin(text):
            # Also to libvncserver, which takes the extended message even for programs that only listen to this one (x11vnc).
            self._send(messages.cut_text(text))
        if caps & Flag.PROVIDE:
            self._send(extended(Flag.PROVIDE | Flag.TEXT, packed(text)))

    def hear(self, message: str | Extended | None) -> None:
        """A message of the server.  Raises Invalid."""
        if isinstance(message, str):
            self._told(message.replace("\r\n", "\n"))
        elif message is not None:
            self._hear_extended(message)

    def _hear_extended(self, message: Extended) -> None:
        flags = message.flags
        if flags & Flag.CAPS:
            self._learn(flags)
        elif flags & Flag.REQUEST and flags & Flag.TEXT:
            self._provide()
        elif flags & Flag.PEEK:
            self._send(extended(Flag.NOTIFY | (Flag.TEXT if self._text is not None else 0)))
        elif flags & Flag.NOTIFY and flags & Flag.TEXT:
            self._send(extended(Flag.REQUEST | Flag.TEXT))
        elif flags & Flag.PROVIDE and flags & Flag.TEXT:
            self._told(unpacked(message.data))

    def _learn(self, flags: int) -> None:
        """The server's abilities, answered by ours; a text that was offered before is offered in the better way."""
        with self._lock:
            first, self._caps = not self._caps, flags
            waiting = self._text if first else None
        self._send(extended(OURS, struct.pack(">I", MAX_TEXT)))
        if waiting is not None:
            self.offer(waiting)

    def _provide(self) -> None:
        with self._lock:
            text = self._text
        if text is not None:
            # QEMU hands the bytes to the guest as they are: the zero would be pasted.
            self._send(extended(Flag.PROVIDE | Flag.TEXT, packed(text, raw=_is_qemu(self._caps))))
