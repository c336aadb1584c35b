"""Finds out that a host is silent before libvirt does, so that the line is cut under calls that wait, not closed beside them.

libvirt before 10.3 leaves pointers into the stacks of waiting calls in its client's loop when its keepalive gives a
connection up (CVE-2024-4418): the process may die. A socket that is shut down ends the same calls in good order.
"""

from __future__ import annotations

import threading
import time

from app.virt.binding import libvirt

ROUNDS = 2
"""Keepalive intervals that an answer may take; libvirt itself waits for three and then gives up."""


class Pulse:
    """Asks for the library's version again and again; libvirtd answers that by workers that hung guests do not hold."""

    def __init__(self, conn: libvirt.virConnect, interval_s: int) -> None:
        self._conn, self._interval_s = conn, interval_s
        self._asked_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="libvirt pulse", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """No more questions; waits until none is under way, which hangs with the host unless its line is cut."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def silent(self) -> bool:
        """Whether an answer is overdue.  Any thread."""
        asked_s = self._asked_s
        return bool(asked_s) and time.monotonic() - asked_s > ROUNDS * self._interval_s

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            self._asked_s = time.monotonic()
            try:
                self._conn.getLibVersion()
            except libvirt.libvirtError:
                return  # the connection is down, and others are told why
            self._asked_s = 0.0
