"""Sends without ever blocking the caller: what the socket does not take at once is sent by a helper thread."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

from app.console.vnc import problems
from app.errors import HostelryError

Seal = Callable[[bytes], bytes]

MAX_WAITING = 4 * 1024 * 1024


class Outbox:
    """Any thread may send; order is kept.  A server that does not read ends the console, not the program."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._in_flight = 0
        self._busy = False
        self.problem: HostelryError | None = None
        self.seal: Seal = bytes
        """Encrypts; called in the order of sending, with nobody else sending meanwhile."""

    @property
    def congested(self) -> bool:
        """True while earlier messages wait: pointer positions may be left out then."""
        return self._busy

    def send(self, data: bytes) -> None:
        """Never blocks, never raises; a broken link is noticed by the reader."""
        with self._lock:
            if self.problem is not None:
                return
            data = self.seal(data)
            if not self._busy:
                data = self._send_now(data)
            if data:
                self._queue(data)

    def _send_now(self, data: bytes) -> bytes:
        try:
            return data[self._socket.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]
        except BlockingIOError:
            return data
        except OSError:
            return b""

    def _queue(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) + self._in_flight > MAX_WAITING:
            self.problem = problems.stuck()
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        elif not self._busy:
            self._busy = True
            threading.Thread(target=self._drain, name="vnc-outbox", daemon=True).start()

    def _drain(self) -> None:
        """On the helper thread; ends when nothing waits."""
        while True:
            with self._lock:
                data, self._waiting = bytes(self._waiting), bytearray()
                self._in_flight = len(data)
                if not data or self.problem is not None:
                    self._busy = False
                    return
            try:
                self._socket.sendall(data)
            except OSError:
                with self._lock:
                    self._waiting.clear()
