"""What the user does before the program is whole is kept, and done when it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, SignalInstance


class Postponed(QObject):
    """Hears the signals of a window whose parts are still being loaded; ``release`` gives them again, in their order."""

    def __init__(self, parent: QObject, *signals: SignalInstance) -> None:
        super().__init__(parent)
        self._kept: list[tuple[SignalInstance, tuple[Any, ...]]] = []
        self._slots = {signal: self._keeper(signal) for signal in signals}
        for signal, slot in self._slots.items():
            signal.connect(slot)

    def _keeper(self, signal: SignalInstance) -> Callable[..., None]:
        return lambda *args: self._kept.append((signal, args))

    def release(self) -> None:
        """Everything is connected now: hears no more, and lets what was kept happen."""
        for signal, slot in self._slots.items():
            signal.disconnect(slot)
        self._slots.clear()
        kept, self._kept = self._kept, []
        for signal, args in kept:
            signal.emit(*args)
