"""Orders on their way to the library's process: sent at once where the system takes them, else by a thread that waits for it."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections import deque
from dataclasses import dataclass

from app.console.spice import wire

MOST = 3 * wire.MAX_BYTES
"""So many bytes wait for a process that does not read; it has hung, and what is said further is lost with it."""


@dataclass
class _Waiting:
    data: memoryview
    carried: socket.socket | None = None
    size: int = 0


class Outbox:
    """``put`` never waits.  The socket belongs to whoever made this, who calls ``close`` before it goes."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, data: bytes, carried: socket.socket | None = None) -> None:
        """Any thread.  carried: a socket for the other side, closed here when it has gone there."""
        with self._lock:
            if self._closed or self._bytes > MOST:
                _close(carried)
                return
            part = _Waiting(memoryview(data), carried)
            if not self._waiting and self._send(part):
                return
            part.size = len(part.data)
            self._waiting.append(part)
            self._bytes += part.size
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="spice orders", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Any thread.  What waits is dropped."""
        with self._lock:
            self._closed = True
            for part in self._waiting:
                _close(part.carried)
            self._waiting.clear()

    def _send(self, part: _Waiting) -> bool:
        """Sends what is taken now; True if that was all, or if nobody reads any more."""
        fd = part.carried.fileno() if part.carried is not None else -1
        try:
            while part.data:
                sent = self._sock.sendmsg([part.data], wire.ancillary(fd), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
                part.data = part.data[sent:]
                _close(part.carried)
                part.carried, fd = None, -1
        except BlockingIOError:
            return False
        except OSError:  # it has ended, which its reader tells
            _close(part.carried)
        return True

    def _run(self) -> None:
        """On a thread of its own, for as long as something waits."""
        poll = select.poll()
        with contextlib.suppress(OSError, ValueError):
            poll.register(self._sock, select.POLLOUT)
        while True:
            poll.poll(200)
            with self._lock:
                while self._waiting and self._send(self._waiting[0]):
                    self._bytes -= self._waiting.popleft().size
                if self._closed or not self._waiting:
                    self._thread, self._bytes = None, 0
                    return


def _close(sock: socket.socket | None) -> None:
    if sock is not None:
        sock.close()
