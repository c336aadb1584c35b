"""SIGTERM, SIGINT and the end of the desktop session close the program as the user would, but without questions."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Ending(QObject):
    """Python runs a signal's handler between bytecodes, of which an idle Qt loop runs none: a socket wakes it."""

    def __init__(self, parent: QObject, end: Callable[[], None]) -> None:
        super().__init__(parent)
        self._end = end
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._before = {number: signal.signal(number, lambda _number, _frame: None) for number in SIGNALS}
        self._fd_before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)

    def _woken(self) -> None:
        if any(number in SIGNALS for number in self._here.recv(64)):
            self._end()

    def stop(self) -> None:
        """Gives the signals back."""
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._here.close()
        self._there.close()
