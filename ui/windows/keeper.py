"""Writes settings soon after a change, in a thread, and says when the disk does not take them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer

from app.settings.store import Settings

AFTER_MS = 700


class SettingsKeeper(QObject):
    """Changes within a moment are written together; ``end`` writes what is left."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._writer = ThreadPoolExecutor(1, "settings")
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(self._write)
        settings.later = self._later

    def _later(self, _flush: Callable[[], None]) -> None:
        self._soon.start()

    def _write(self) -> None:
        self._writer.submit(self._settings.write, self._settings.snapshot())

    def end(self) -> None:
        """Writes now and stops the thread."""
        self._soon.stop()
        self._settings.later = None
        self._writer.shutdown(wait=True)
        self._settings.flush()
