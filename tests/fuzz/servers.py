"""VNC servers for tests: scripts of bytes, honest or evil, over a socket pair or straight from memory."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable

from app.console.vnc.handshake import ServerInit
from app.console.vnc.messages import PIXEL_FORMAT
from app.console.vnc.protocol import Encoding
from app.console.vnc.requests import UpdateRequests
from app.console.vnc.session import Session
from app.console.vnc.wire import Wire
from tests.fuzz.listener import Notes

VERSION = b"RFB 003.008\n"
NO_SECURITY = b"\x01\x01" + bytes(4)
"""One type, none; and the result "accepted"."""


def server_init(width: int = 64, height: int = 48, name: bytes = b"test") -> bytes:
    """The last message of the handshake."""
    return struct.pack(">HH", width, height) + PIXEL_FORMAT + struct.pack(">I", len(name)) + name


def update(*rectangles: bytes) -> bytes:
    """A FramebufferUpdate of rectangles made by ``rectangle``."""
    return struct.pack(">BxH", 0, len(rectangles)) + b"".join(rectangles)


def rectangle(x: int, y: int, w: int, h: int, encoding: int, data: bytes = b"") -> bytes:
    """One rectangle with its header."""
    return struct.pack(">HHHHi", x, y, w, h, encoding) + data


def raw(x: int, y: int, w: int, h: int, pixel: bytes) -> bytes:
    """A rectangle of one colour, raw."""
    return rectangle(x, y, w, h, Encoding.RAW, pixel * (w * h))


class Memory:
    """Bytes as a source for ``Wire``; ``step`` limits how many come at once (a slow link)."""

    def __init__(self, data: bytes, step: int = 1 << 30) -> None:
        self._data = memoryview(data)
        self._step = step

    def __call__(self, target: memoryview) -> int:
        count = min(len(target), len(self._data), self._step)
        target[:count] = self._data[:count]
        self._data = self._data[count:]
        return count


def play(data: bytes, width: int = 64, height: int = 48, step: int = 1 << 30, name: str = "") -> Notes:
    """Feeds what follows the handshake to a session until it ends; ``Notes.error`` says how."""
    notes = Notes()
    notes.play(lambda: _session(Memory(data, step), notes, ServerInit(width, height, name)))
    return notes


def _session(source: Callable[[memoryview], int], notes: Notes, init: ServerInit) -> Session:
    send = notes.sent.extend
    return Session(Wire(source), send, notes, init, UpdateRequests(send))


class ScriptedServer:
    """The other end of a socket pair, on a thread: sends each part and hangs up.

    Where a part is None it waits until ``go`` is set, anew each time, or for 20 s.
    """

    def __init__(self, parts: Iterable[bytes | None], *, hang_up: bool = True) -> None:
        self.client_socket, self._socket = socket.socketpair()
        self.go = threading.Event()
        self.received = bytearray()
        self._parts = tuple(parts)
        self._hang_up = hang_up
        self._threads = [threading.Thread(target=self._send, daemon=True), threading.Thread(target=self._receive, daemon=True)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends the server."""
        self.go.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._socket.close()

    def _send(self) -> None:
        try:
            for part in self._parts:
                if part is None:
                    self.go.wait(20)
                    self.go.clear()
                else:
                    self._socket.sendall(part)
            if self._hang_up:
                self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _receive(self) -> None:
        try:
            while data := self._socket.recv(65536):
                self.received += data
        except OSError:
            return
