"""What the program and the process of SPICE's library say to each other, over a socket between the two.

A message is a header in JSON (its name, then numbers, truths and short texts), bytes after it (a text that was copied, a piece of
sound), and descriptors.  Each side believes nothing of the other: every message is one of a table, with its number and kinds of
values, and within bounds.  No Qt, no library, no texts for people: both processes import this.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

MAX_BYTES = 32 << 20
"""The most that is copied at once: a picture of a large screen as BMP."""

MAX_PATH = 16 << 10
MAX_SECRET = 4 << 10
MAX_CURSOR_SIDE = 512
"""A larger pointer is nonsense; the server's own bound is smaller."""

MAX_SOUND = 1 << 20
MAX_HEADER = 64 << 10
MAX_TEXT = 4 << 10
MAX_NUMBERS = 256
MAX_ROWS = 256
MAX_WAITING_FDS = 8

_HEAD = struct.Struct("<II")
"""Bytes of the header, and of what follows it."""

CHUNK = 256 << 10


class Nonsense(ValueError):
    """The other side said something that it never would."""


class Message(NamedTuple):
    """fd: a descriptor that now belongs to whoever has the message; -1: none."""

    name: str
    args: tuple[Any, ...] = ()
    payload: bytes = b""
    fd: int = -1


class Form(NamedTuple):
    """values: one letter each (see ``_FITS``); most: bytes that may follow; fd: whether a descriptor comes with it."""

    values: str = ""
    most: int = 0
    fd: bool = False


Table = Mapping[str, Form]

ORDERS: Table = {
    "ping": Form(),
    "begin": Form("b"),  # without compression
    "log_in": Form("b", MAX_SECRET),  # whether there is a password
    "socket": Form("i", fd=True),  # of the channel that asked by this number
    "channel": Form("ib"),  # kind, connected or not
    "key": Form("ib"),
    "position": Form("iiii"),
    "motion": Form("iii"),
    "button": Form("ibi"),
    "locks": Form("i"),
    "rest": Form("ib"),  # display channel
    "monitor_off": Form("i"),
    "monitor_size": Form("iii"),
    "clipboard_grab": Form("I"),
    "clipboard_release": Form(),
    "clipboard_ask": Form("i"),
    "clipboard_give": Form("i", MAX_BYTES),
    "file": Form("i", MAX_PATH),
    "file_stop": Form("i"),
    "folder": Form("b", MAX_PATH),
    "sound_delay": Form("i"),
    "recorded": Form("", MAX_SOUND),
    "usb": Form("isb"),  # number of the call, device, connected or not
    "usb_cd": Form("i", MAX_PATH),
}
"""From the program."""

NEWS: Table = {
    "pong": Form("ii"),  # bytes received, updates
    "socket": Form("ib"),  # number, encrypted or not
    "channel": Form("i"),  # kind
    "event": Form("iiis"),  # kind, event, bytes received, what the library says
    "mouse": Form("i"),
    "agent": Form("bI"),
    "too_large": Form("ii"),  # a surface that nobody has
    "heads": Form("ii"),  # display channel, its monitors
    "view": Form(
        "iiiiiiii", fd=True
    ),  # display channel, head, x and y on its surface, width, height, where in the memory, stride
    "damage": Form("iiiiI"),  # display channel, head, bytes received, updates, rectangles
    "cursor": Form("iiiii", MAX_CURSOR_SIDE * MAX_CURSOR_SIDE * 4),  # display channel, width, height, hot spot
    "locks": Form("i"),
    "clipboard_offered": Form("I"),
    "clipboard_wanted": Form("i"),
    "clipboard": Form("i", MAX_BYTES),
    "file_progress": Form("iii"),
    "file_ended": Form("ibsis"),  # number, arrived or not, the library's error
    "sound_start": Form("iii"),
    "sound": Form("", MAX_SOUND),
    "sound_stop": Form(),
    "sound_level": Form("ib"),
    "record_start": Form("iii"),
    "record_stop": Form(),
    "usb": Form("iR"),  # free channels, devices
    "usb_unusable": Form("s"),
    "usb_ended": Form("ibssis"),  # number of the call, done or not, device, the library's error
    "usb_failed": Form("ssis"),
}
"""From the process of the library."""

USB_ROW = "sssiibbsis"
"""A device: vendor and product, maker, name, bus, address, connected, emulated, the library's error if it cannot be given."""

BIGGEST = 1 << 62


def _number(value: object) -> bool:
    return type(value) is int and -BIGGEST < value < BIGGEST


def _text(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return False
    return value.isascii() or value == value.encode(errors="replace").decode()  # no halves of characters


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "i": _number,
    "b": lambda value: isinstance(value, bool),
    "s": _text,
    "I": lambda value: isinstance(value, list) and len(value) <= MAX_NUMBERS and all(map(_number, value)),
    "R": lambda value: isinstance(value, list) and len(value) <= MAX_ROWS and all(fits(row, USB_ROW) for row in value),
}


def fits(values: object, form: str) -> bool:
    """Whether a list has these kinds of values."""
    if not isinstance(values, list | tuple) or len(values) != len(form):
        return False
    return all(_FITS[letter](value) for letter, value in zip(form, values, strict=True))


def packed(name: str, *args: Any, payload: bytes = b"") -> list[bytes]:
    """A message as bytes, its head and what follows."""
    header = json.dumps([name, *args], separators=(",", ":")).encode()
    return [_HEAD.pack(len(header), len(payload)) + header, payload] if payload else [_HEAD.pack(len(header), 0) + header]


def short(text: object) -> str:
    """What a library or a server says, no longer than a message may have it and without half characters."""
    return str(text)[:MAX_TEXT].encode(errors="replace").decode()


def ancillary(fd: int) -> list[tuple[int, int, array.array[int]]]:
    """What ``sendmsg`` wants for a descriptor."""
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))] if fd >= 0 else []


class Reader:
    """Makes messages of one table of what was received."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._bytes = bytearray()
        self._room = bytearray(CHUNK)
        """Made once: so much memory is mapped and unmapped each time that it is asked for."""
        self._fds: list[int] = []
        self._awaited: tuple[int, int, Message | None] | None = None

    def receive(self, sock: socket.socket, flags: int = 0) -> list[Message] | None:
        """What one call of the system brings; None at the end.  Raises Nonsense, OSError."""
        room = socket.CMSG_SPACE(MAX_WAITING_FDS * 4)
        size, extra, told, _address = sock.recvmsg_into([self._room], room, flags | socket.MSG_CMSG_CLOEXEC)
        for level, kind, content in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                numbers = array.array("i")
                numbers.frombytes(content[: len(content) // 4 * 4])
                self._fds.extend(numbers)
        if told & socket.MSG_CTRUNC or len(self._fds) > MAX_WAITING_FDS:
            raise Nonsense("too many descriptors")
        if not size:
            return None
        return self.feed(memoryview(self._room)[:size])

    def feed(self, data: bytes | memoryview) -> list[Message]:
        """The messages that are complete now; raises Nonsense."""
        self._bytes += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def close(self) -> None:
        """What nobody took."""
        fds, self._fds = self._fds, []
        for fd in fds:
            with contextlib.suppress(OSError):
                os.close(fd)

    def _next(self) -> Message | None:
        if self._awaited is None:
            if len(self._bytes) < _HEAD.size:
                return None
            head, body = _HEAD.unpack_from(self._bytes)
            if not 0 < head <= MAX_HEADER or body > MAX_BYTES:
                raise Nonsense(f"a message of {head} and {body} bytes")
            self._awaited = (_HEAD.size + head, body, None)
        begin, body, message = self._awaited
        if message is None:
            if len(self._bytes) < begin:
                return None
            message = self._header(bytes(self._bytes[_HEAD.size : begin]), body)
            self._awaited = (begin, body, message)
        if len(self._bytes) < begin + body:
            return None
        payload = bytes(self._bytes[begin : begin + body])
        del self._bytes[: begin + body]
        self._awaited = None
        return message._replace(payload=payload, fd=self._descriptor(message.name))

    def _header(self, text: bytes, body: int) -> Message:
        """Looked at before what follows it is waited for."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Nonsense("no JSON") from error
        name = values[0] if isinstance(values, list) and values else None
        form = self._table.get(name) if isinstance(name, str) else None
        if form is None or body > form.most or not fits(values[1:], form.values):
            raise Nonsense(f"“{short(name)[:40]}” with {body} bytes")
        return Message(str(name), tuple(values[1:]))

    def _descriptor(self, name: str) -> int:
        if not self._table[name].fd:
            return -1
        if not self._fds:
            raise Nonsense(f"“{name}” without a descriptor")
        return self._fds.pop(0)


def rectangles(numbers: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Four numbers each; raises Nonsense."""
    if len(numbers) % 4:
        raise Nonsense("half a rectangle")
    return [(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]) for at in range(0, len(numbers), 4)]
