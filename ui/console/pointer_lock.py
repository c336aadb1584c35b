"""A pointer that stays in its place while its motion is told: Wayland's way; on X11 the pointer is put back instead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.errors import Unsupported
from ui.console import wayland
from ui.console.system_keys import native_wayland

LOOK_MS = 8
"""How often motion is asked for while the pointer is locked: Qt reads it, and tells nobody."""


class PointerLock:
    """Lasts until ``end``."""

    def __init__(self, connection: wayland.Connection, *made: int) -> None:
        self._connection, self._made = connection, made
        self._timer = QTimer()
        self._timer.timeout.connect(connection.dispatch)
        self._timer.start(LOOK_MS)

    def end(self) -> None:
        """The pointer is free."""
        self._timer.stop()
        for each in self._made:
            self._connection.destroy(each)


def lock_pointer(widget: QWidget, moved: Callable[[float, float], None]) -> PointerLock | None:
    """Calls ``moved`` with motion in Qt pixels.  None where there is no Wayland, or its compositor cannot."""
    native = native_wayland()
    if native is None or not native.pointer():
        return None
    try:
        connection = wayland.connection(native.display())
    except Unsupported:
        return None
    motion = connection.watch_motion(native.pointer(), moved)
    lock = connection.lock_pointer(int(widget.window().winId()), native.pointer())
    if motion and lock:
        return PointerLock(connection, motion, lock)
    for made in filter(None, (motion, lock)):
        connection.destroy(made)
    return None
