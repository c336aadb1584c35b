"""The desktop's own keys (Alt+Tab, Super ...) for the guest: while the console has the keyboard.

On X11 the pointer must be in the window, too, because of screen lockers: one that comes up takes the pointer, gets the keyboard
with it, and locks.  A Wayland compositor keeps its own way out and locks whenever it wants.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QNativeInterface
from PySide6.QtWidgets import QWidget

from app.errors import Unsupported
from ui.console import wayland, x11_keys

AGAIN_MS = 150
"""After the host's own shortcut was passed on, before the keys are wanted again: it may have taken the focus."""

SETTLE_MS = 30
"""For the X server to hear that they are not wanted, which is said over another connection."""


class Grab(Protocol):
    """One window system's way.  ``by_pointer``: only while the pointer is in the window."""

    by_pointer: bool

    def take(self, widget: QWidget) -> None:
        """All keys come to this widget's window."""

    def give(self, widget: QWidget) -> None:
        """The desktop has its own again."""

    def press(self, keycodes: Sequence[int]) -> None:
        """Presses keys for the desktop (X11 keycodes), while they are not taken."""


class X11Grab:
    """X11 gives the whole keyboard to one client."""

    by_pointer = True

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


class WaylandGrab:
    """The compositor gives its own keys to a window that asks, while it has the keyboard; where it speaks that protocol."""

    by_pointer = False

    def __init__(self, native: QNativeInterface.QWaylandApplication) -> None:
        self._native = native
        self._connection = wayland.connection(native.display())
        self._inhibitor = 0

    def take(self, widget: QWidget) -> None:
        """Does nothing where the compositor cannot."""
        self.give(widget)
        self._inhibitor = self._connection.inhibit_shortcuts(int(widget.window().winId()), self._native.seat())

    def give(self, _widget: QWidget) -> None:
        """Before the window goes, at the latest."""
        if self._inhibitor:
            self._connection.destroy(self._inhibitor)
            self._inhibitor = 0

    def press(self, _keycodes: Sequence[int]) -> None:
        """A Wayland client cannot."""


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
        if self._grab is None:
            return
        taken = self._wanted and (self._inside or not self._grab.by_pointer) and not self._passing
        if taken == self.taken:
            return
        self.taken = taken
        (self._grab.take if taken else self._grab.give)(self._widget)


def make_grab() -> Grab | None:
    """Of the window system that this program runs on; None where programs cannot have the desktop's keys."""
    platform = QGuiApplication.platformName()
    if platform == "xcb":
        return X11Grab()
    native = native_wayland()
    with contextlib.suppress(Unsupported):
        return WaylandGrab(native) if native is not None else None
    return None


def native_wayland() -> QNativeInterface.QWaylandApplication | None:
    """What Qt tells of its connection; None elsewhere."""
    app = QGuiApplication.instance()
    if not isinstance(app, QGuiApplication) or not QGuiApplication.platformName().startswith("wayland"):
        return None
    native = app.nativeInterface()
    return native if isinstance(native, QNativeInterface.QWaylandApplication) else None
