"""One D-Bus connection without a bus: its log-in, what is sent and what comes."""

from __future__ import annotations

import array
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from app.console.dbus import message
from app.console.dbus.codec import Malformed
from app.console.dbus.message import Head

LOG_IN_S = 20.0
MOST_WAITING = 4 << 20
"""Bytes that QEMU has not read yet, before it is held to be hung."""

LONGEST_LINE = 512
"""Of the log-in's text."""


class Gone(ConnectionError):
    """The other side closed the connection."""


class Peer:
    """Reading is for one thread; anybody may send, and never waits.

    waiting: told when something could not be sent at once, so that the reading thread calls ``flush`` when the socket takes more.
    """

    def __init__(self, sock: socket.socket, waiting: Callable[[], None] = lambda: None) -> None:
        self.socket = sock
        self._waiting = waiting
        self._lock = threading.Lock()
        self._queue: deque[tuple[memoryview, list[int]]] = deque()
        self._queued = 0
        self._serial = 0
        self.stuck = False

    # Log-in (the reading thread; blocks).

    def log_in(self) -> None:
        """As whoever made the socket, whom QEMU sees at its other end too (EXTERNAL); raises ``OSError`` or ``Malformed``.

        libvirt makes the pair of sockets, so that both ends carry its own user: seen with GLib 2.74, which takes SO_PEERCRED.
        """
        self.socket.settimeout(LOG_IN_S)
        peer = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII"))
        _process, user, _group = struct.unpack("iII", peer)
        self.socket.sendall(b"\0")
        self._say(f"AUTH EXTERNAL {str(user).encode().hex()}", "OK")
        self._say("NEGOTIATE_UNIX_FD", "AGREE_UNIX_FD")
        self.socket.sendall(b"BEGIN\r\n")
        self.socket.settimeout(None)

    def _say(self, text: str, wanted: str) -> None:
        self.socket.sendall(f"{text}\r\n".encode())
        line = bytearray()
        while not line.endswith(b"\r\n"):  # byte by byte: messages may follow at once
            line += self._some(1)
            if len(line) > LONGEST_LINE:
                raise Malformed("a log-in without an end")
        if not line.startswith(wanted.encode()):
            raise Malformed(f"{text.split(maxsplit=1)[0]} was answered by {bytes(line[:80])!r}")

    def _some(self, count: int) -> bytes:
        data = self.socket.recv(count)
        if not data:
            raise Gone("closed while logging in")
        return data

    # Reading (the reading thread; blocks).

    def head(self) -> Head:
        """The next message's header."""
        fixed = self.exactly(message.FIXED_HEADER)
        rest = self.exactly(message.fields_length(fixed))
        return message.parse_head(fixed + rest)

    def exactly(self, count: int) -> bytearray:
        """So many bytes; the caller has bounded the number."""
        data = bytearray(count)
        self.into(memoryview(data))
        return data

    def into(self, place: memoryview) -> None:
        """Fills the place: pixels come to where they are shown without a copy between."""
        at = 0
        while at < len(place):
            count = self.socket.recv_into(place[at:], 0, socket.MSG_WAITALL)
            if count <= 0:
                raise Gone("closed")
            at += count

    def skip(self, count: int) -> None:
        """Reads what is of no use, without keeping it."""
        scrap = memoryview(bytearray(min(count, 1 << 16)))
        while count > 0:
            part = scrap[: min(count, len(scrap))]
            self.into(part)
            count -= len(part)

    # Sending (any thread; never waits).

    def call(self, path: str, interface: str, member: str, signature: str = "", *values: Any, reply: bool = False) -> int:
        """Calls a method; gives the serial that its answer names."""
        return self._send(lambda serial: message.call(serial, path, interface, member, signature, *values, reply=reply))

    def call_with_fd(self, path: str, interface: str, member: str, fd: int) -> int:
        """The same with one file descriptor (a duplicate is kept until it is sent); the answer is wanted."""
        return self._send(lambda serial: message.call(serial, path, interface, member, "h", 0, reply=True, fds=1), [os.dup(fd)])

    def reply(self, head: Head, signature: str = "", *values: Any) -> None:
        """Answers a call, if its caller waits."""
        if head.wants_reply:
            self._send(lambda serial: message.reply(serial, head.serial, signature, *values))

    def refuse(self, head: Head, text: str) -> None:
        """Answers that there is no such thing."""
        if head.wants_reply:
            name = "org.freedesktop.DBus.Error.UnknownMethod"
            self._send(lambda serial: message.refusal(serial, head.serial, name, text))

    def flush(self) -> None:
        """Sends what waits, as far as the socket takes it."""
        with self._lock:
            self._flush()

    @property
    def congested(self) -> bool:
        """Whether anything waits."""
        return bool(self._queue)

    def close(self) -> None:
        """With what was not sent."""
        with self._lock:
            for _data, fds in self._queue:
                for fd in fds:
                    os.close(fd)
            self._queue.clear()
        self.socket.close()

    def _send(self, make: Callable[[int], bytes], fds: list[int] | None = None) -> int:
        with self._lock:
            self._serial += 1
            data = make(self._serial)
            self._queued += len(data)
            self._queue.append((memoryview(data), fds or []))
            self._flush()
            left, serial = bool(self._queue), self._serial
            if self._queued > MOST_WAITING:
                self.stuck = True
        if left:
            self._waiting()
        return serial

    def _flush(self) -> None:
        while self._queue:
            data, fds = self._queue[0]
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
            try:
                count = self.socket.sendmsg([data], rights, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except BlockingIOError:
                return
            except OSError:
                count = len(data)  # the reader finds out that it is gone
            for fd in fds:
                os.close(fd)
            self._queued -= count
            if count == len(data):
                self._queue.popleft()
            else:
                self._queue[0] = (data[count:], [])
