"""The desktop's own keys (Alt+Tab, Super ...) for the guest: while the console has the keyboard and the pointer is there.

The pointer's window decides because of screen lockers: one that comes up takes the pointer, gets the keyboard with it, and locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.console import x11_keys

AGAIN_MS = 150
"""After the host's own shortcut was passed on, before the keys are wanted again: it may have taken the focus."""

SETTLE_MS = 30
"""For the X server to hear that they are not wanted, which is said over another connection."""


class Grab(Protocol):
    """One window system's way."""

    def take(self, widget: QWidget) -> None:
        """All keys come to this widget's window."""

    def give(self, widget: QWidget) -> None:
        """The desktop has its own again."""

    def press(self, keycodes: Sequence[int]) -> None:
        """Presses keys for the desktop (X11 keycodes), while they are not taken."""


class X11Grab:
    """X11 gives the whole keyboard to one client."""

    def take(self, widget: QWidget) -> None:
        """Refused by the server while another client has it; it is asked again at the next focus or pointer event."""
        widget.grabKeyboard()

    def give(self, widget: QWidget) -> None:
        """Does nothing if another widget of ours has it."""
        if QWidget.keyboardGrabber() is widget:
            widget.releaseKeyboard()

    def press(self, keycodes: Sequence[int]) -> None:
        """The server takes them for the user's own."""
        x11_keys.press(keycodes)


class SystemKeys(QObject):
    """Of one display.  ``want`` says whether they should go to the guest; whether they can is its business."""

    def __init__(self, widget: QWidget, grab: Grab | None) -> None:
        super().__init__()
        self._widget, self._grab = widget, grab
        self._window: QWidget | None = None
        self._wanted = self._inside = self._passing = False
        self.taken = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._passed)

    def want(self, wanted: bool) -> None:
        """True while the guest has the keyboard and the user wants these keys there."""
        if wanted and self._window is not self._widget.window():
            self._watch(self._widget.window())
        elif not wanted:
            self._watch(None)
        self._wanted = wanted
        self._apply()

    def pass_on(self, keycodes: Sequence[int]) -> None:
        """A shortcut that is the host's: the desktop gets it as if it had never been taken.  Call it when its key is let go."""
        if self._grab is None or not self.taken or not keycodes:
            return  # the desktop has had it
        self._passing = True
        self._apply()
        grab, keys = self._grab, tuple(keycodes)
        QTimer.singleShot(SETTLE_MS, self, lambda: grab.press(keys))
        self._again.start(SETTLE_MS + AGAIN_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's, as the pointer comes and goes."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._inside = event.type() == QEvent.Type.Enter
            self._apply()
        return super().eventFilter(watched, event)

    def _watch(self, window: QWidget | None) -> None:
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)
            self._inside = QGuiApplication.topLevelAt(QCursor.pos()) is window.windowHandle()

    def _passed(self) -> None:
        self._passing = False
        self._apply()

    def _apply(self) -> None:
        taken = self._wanted and self._inside and not self._passing
        if self._grab is None or taken == self.taken:
            return
        self.taken = taken
        (self._grab.take if taken else self._grab.give)(self._widget)


def make_grab() -> Grab | None:
    """Of the window system that this program runs on; None where programs cannot have the desktop's keys."""
    return X11Grab() if QGuiApplication.platformName() == "xcb" else None
