"""What the computer's session says on the system bus: it goes to sleep, it is being locked (logind)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection

LOGIND = "org.freedesktop.login1"
MANAGER = "org.freedesktop.login1.Manager"
SESSION = "org.freedesktop.login1.Session"


def _slot(signature: str) -> bytes:
    """What the macro gives; its stub says text, and that of ``connect`` wants bytes."""
    return SLOT(signature)  # type: ignore[return-value]


class SessionNews(QObject):
    """Calls ``leaving`` before the computer sleeps and when a session of it is locked.  Without a bus it is silent."""

    def __init__(self, leaving: Callable[[], None], bus: QDBusConnection | None = None) -> None:
        super().__init__()
        self._leaving = leaving
        self._bus = bus or QDBusConnection.systemBus()
        self._bus.connect(LOGIND, "/org/freedesktop/login1", MANAGER, "PrepareForSleep", self, _slot("sleeps(bool)"))
        self._bus.connect(LOGIND, "", SESSION, "Lock", self, _slot("locked()"))

    @Slot(bool)
    def sleeps(self, begins: bool) -> None:
        """logind's PrepareForSleep: True before, False after."""
        if begins:
            self._leaving()

    @Slot()
    def locked(self) -> None:
        """logind's Lock: the desktop is asked to lock its screen."""
        self._leaving()
