"""The last device pixels of a display at fractional and double scales, which Qt gives to the window behind it.

Seen in Qt 6.11 on X11: at 2x a widget 300 pixels wide gets nothing at 299.5, its last half; its window does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

_MOUSE = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove})


class Edge(QObject):
    """Looks at the window around ``widget`` and gives ``take`` what belongs to it."""

    def __init__(self, widget: QWidget, take: Callable[[QEvent], bool]) -> None:
        super().__init__()
        self._widget, self._take = widget, take
        self._window: QWidget | None = None

    def follow(self) -> None:
        """The widget may be in another window now."""
        window = self._widget.window()
        if window is self._window or window is self._widget:
            return
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        window.installEventFilter(self)
        window.setMouseTracking(True)
        window.destroyed.connect(self._forget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only what lies in the part of the last pixel that Qt leaves out."""
        if event.type() in _MOUSE and watched is self._window and self._widget.isVisible():
            mouse = cast(QMouseEvent, event)
            at = self._widget.mapFrom(self._window, mouse.position())
            if self._left_out(at):
                return self._take(QMouseEvent(
                    mouse.type(), at, mouse.globalPosition(), mouse.button(), mouse.buttons(), mouse.modifiers()))  # fmt: skip
        return super().eventFilter(watched, event)

    def _left_out(self, at: QPointF) -> bool:
        width, height = self._widget.width(), self._widget.height()
        inside = 0 <= at.x() < width and 0 <= at.y() < height
        return inside and (at.x() > width - 1 or at.y() > height - 1)

    def _forget(self) -> None:
        self._window = None
