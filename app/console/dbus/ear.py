"""A socket of our own that QEMU calls us on: for a screen's pictures, for sound.  Each has a thread."""

from __future__ import annotations

import contextlib
import socket
import threading

from app.console.dbus import problems
from app.console.dbus.codec import Malformed
from app.console.dbus.message import CALL, Head
from app.console.dbus.peer import Peer
from app.console.dbus.station import PROPERTIES, Station
from app.errors import HostelryError

LARGEST = 64 << 10
"""Bytes of a message that no other bound is for."""


class Ear:
    """From ``start`` until ``close``.  QEMU keeps all that is not read in its memory: who does not listen closes it."""

    def __init__(self, station: Station, path: str, interface: str, member: str) -> None:
        self._station, self._where = station, (path, interface, member)
        self._closing = False
        self._refused = ""
        ours, self._theirs = socket.socketpair()
        self.peer = Peer(ours)
        self._thread = threading.Thread(target=self._run, name=f"dbus-{member}", daemon=True)

    def start(self) -> None:
        """Asks QEMU to call, and reads."""
        self._station.register(*self._where, self._theirs.fileno(), self._on_refused)
        self._theirs.close()
        self._thread.start()

    def close(self) -> None:
        """Any thread; ``_ended(None)`` follows."""
        self._closing = True
        with contextlib.suppress(OSError):
            self.peer.socket.shutdown(socket.SHUT_RDWR)

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the thread after ``close``; True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _on_refused(self, detail: str) -> None:
        """On the station's thread."""
        self._refused = detail
        with contextlib.suppress(OSError):
            self.peer.socket.shutdown(socket.SHUT_RDWR)

    # The ear's thread.

    def _run(self) -> None:
        error: Exception | None = None
        try:
            self.peer.log_in()
            while not self._closing:
                self._take(self.peer.head())
        except (OSError, Malformed, HostelryError) as problem:
            error = problems.refused(self._where[2], self._refused) if self._refused else problem
        finally:
            self.peer.close()
            self._ended(None if self._closing or error is None else problems.of(error))

    def _take(self, head: Head) -> None:
        """Reads the rest of a message, and answers it if that is wanted."""
        raise NotImplementedError

    def _ended(self, error: HostelryError | None) -> None:
        """Nothing comes any more; None: it was closed from here."""

    def body(self, head: Head, most: int = LARGEST) -> bytearray:
        """All of it at once; raises ``Malformed`` if it is too large."""
        if head.length > most:
            raise Malformed(f"{head.member} of {head.length} bytes")
        return self.peer.exactly(head.length)

    def answer(self, head: Head) -> None:
        """That it was heard; what QEMU asks of any object is answered with nothing."""
        if head.kind != CALL:
            return
        if head.interface != PROPERTIES:
            self.peer.reply(head)
        elif head.member == "GetAll":
            self.peer.reply(head, "a{sv}", {})  # later QEMUs ask which further interfaces there are
        else:
            self.peer.refuse(head, "no such property")
