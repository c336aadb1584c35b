"""The connection to QEMU itself, which all screens of a machine share: calls, their answers, and what QEMU tells."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from typing import Any, Protocol

from app.console.dbus import problems
from app.console.dbus.codec import Malformed, Reader, split
from app.console.dbus.message import CALL, ERROR, RETURN, SIGNAL, Head, read_body
from app.console.dbus.peer import Peer
from app.errors import HostelryError

ROOT = "/org/qemu/Display1"
DISPLAY = "org.qemu.Display1"
PROPERTIES = "org.freedesktop.DBus.Properties"
LARGEST = 16 << 20
"""Bytes of one message: a text of the clipboard."""

Answer = Callable[[Head, bytearray], None]
"""Gets the answer to a call, on the station's thread: ``head.kind`` is RETURN or ERROR."""


class Listening(Protocol):
    """What is told, on the station's thread."""

    def on_ready(self) -> None:
        """Logged in."""

    def on_properties(self, path: str, interface: str, values: dict[str, Any]) -> None:
        """Properties have these values now."""

    def on_call(self, head: Head, body: bytearray) -> None:
        """QEMU calls one of ours; answer it by ``peer``."""

    def on_end(self, error: HostelryError | None) -> None:
        """Nothing comes any more; None: it was closed from here."""


class Station:
    """Owns the socket and the thread that reads it."""

    def __init__(self, sock: socket.socket, listening: Listening) -> None:
        self._listening = listening
        self._lock = threading.Lock()
        self._answers: dict[int, Answer] = {}
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_write.setblocking(False)
        self.peer = Peer(sock, self._poke)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="dbus-display", daemon=True)

    def start(self) -> None:
        """Starts the thread, which logs in first."""
        self._thread.start()

    def close(self) -> None:
        """``on_end`` follows, if it was started."""
        self._closing = True
        if self._thread.ident is None:
            self._end_sockets()
            return
        with contextlib.suppress(OSError):
            self.peer.socket.shutdown(socket.SHUT_RDWR)
        self._poke()

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the thread after ``close``; True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def call(self, path: str, interface: str, member: str, signature: str = "", *values: Any) -> None:
        """Any thread; without an answer, as input is sent."""
        self.peer.call(path, interface, member, signature, *values)

    def ask(self, answer: Answer, path: str, interface: str, member: str, signature: str = "", *values: Any) -> None:
        """Any thread; ``answer`` is called on the station's thread."""
        with self._lock:
            serial = self.peer.call(path, interface, member, signature, *values, reply=True)
            self._answers[serial] = answer

    def ask_properties(self, path: str, interface: str) -> None:
        """All of them now; they come to ``on_properties``."""
        self.ask(lambda head, body: self._told(path, interface, head, body), path, PROPERTIES, "GetAll", "s", interface)

    def register(self, path: str, interface: str, member: str, fd: int, failed: Callable[[str], None]) -> None:
        """Gives QEMU the other end of a socket to call us on; the caller closes its own ``fd``."""
        with self._lock:
            serial = self.peer.call_with_fd(path, interface, member, fd)
            self._answers[serial] = lambda head, body: _if_refused(head, body, failed)

    # The station's thread.

    def _run(self) -> None:
        error: Exception | None = None
        try:
            self.peer.log_in()
            self._listening.on_ready()
            while not self._closing:
                self._wait()
        except (OSError, Malformed, HostelryError) as problem:
            error = problem
        finally:
            self._end_sockets()
            self._listening.on_end(None if self._closing or error is None else problems.of(error))

    def _wait(self) -> None:
        """For a message, room to send, or ``_poke``."""
        writing = [self.peer.socket] if self.peer.congested else []
        ready, room, _errors = select.select([self.peer.socket, self._wake_read], writing, [])
        if self._wake_read in ready:
            self._wake_read.recv(4096)
        if self.peer.stuck:
            raise problems.silent()
        if room:
            self.peer.flush()
        if self.peer.socket in ready:
            self._take()

    def _take(self) -> None:
        head = self.peer.head()
        if head.length > LARGEST:
            raise Malformed(f"a message of {head.length} bytes")
        body = self.peer.exactly(head.length)
        if head.kind in (RETURN, ERROR):
            with self._lock:
                answer = self._answers.pop(head.reply_to, None)
            if answer is not None:
                answer(head, body)
        elif head.kind == SIGNAL and head.member == "PropertiesChanged":
            interface, values, _gone = read_body(head.signature, body, "sa{sv}as")
            self._listening.on_properties(head.path, interface, values)
        elif head.kind == CALL:
            self._listening.on_call(head, body)

    def _told(self, path: str, interface: str, head: Head, body: bytearray) -> None:
        if head.kind == RETURN:
            self._listening.on_properties(path, interface, read_body(head.signature, body, "a{sv}")[0])

    def _poke(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_write.send(b"\0")

    def _end_sockets(self) -> None:
        self.peer.close()
        self._wake_read.close()
        self._wake_write.close()


def _if_refused(head: Head, body: bytearray, failed: Callable[[str], None]) -> None:
    if head.kind == ERROR:
        failed(f"{head.error}: {error_text(head, body)}")


def error_text(head: Head, body: bytearray) -> str:
    """QEMU's words in an answer that is an error."""
    if split(head.signature)[:1] != ["s"]:
        return ""
    return str(Reader(body).value("s"))[:1000]
