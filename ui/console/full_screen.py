"""A window over a whole screen, for one console after the other, with a bar that hides itself at the top, in the middle."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QMouseEvent, QPalette, QResizeEvent, QScreen, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ui.console.console_bar import ConsoleBar

CORNER_PX = 100
"""The guest's own corners stay usable: the bar does not come out there (GNOME Boxes does the same)."""

FIRST_SHOWN_MS = 3000
SHOWN_MS = 1200


class FullScreenWindow(QWidget):
    """Holds a console's picture and its bar.

    left: the user wants out (closing counts).  step_wanted: to the next (1) or the previous (-1) machine.
    """

    left = Signal()
    step_wanted = Signal(int)

    def __init__(self, *, pinned: bool = False) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.bar: ConsoleBar | None = None
        self._display: QWidget | None = None
        self._pinned = pinned
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._frame = QFrame(self)
        self._frame.setAutoFillBackground(True)
        self._frame.setBackgroundRole(QPalette.ColorRole.Window)
        self._frame.setFrameShape(QFrame.Shape.StyledPanel)
        self._inner = QHBoxLayout(self._frame)
        self._inner.setContentsMargins(0, 0, 0, 0)
        # While the guest has the keyboard, these are the guest's.
        QShortcut(QKeySequence("F11"), self).activated.connect(self.left)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda step=step: self.step_wanted.emit(step))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hide_bar)

    # what it holds

    def hold(self, place: QWidget, display: QWidget, bar: ConsoleBar, title: str) -> None:
        """Shows this console; ``place`` has the ``display``, over which the pointer is looked at; the bar is ours from now on."""
        self.setWindowTitle(title)
        self._column.addWidget(place)
        self.bar, self._display = bar, display
        self._inner.addWidget(bar)
        bar.room_wanted.connect(self._place_bar)
        bar.show()  # at once: until then the frame is as high as if it were empty
        display.installEventFilter(self)
        palette = display.palette()
        palette.setColor(QPalette.ColorRole.Window, Qt.GlobalColor.black)  # what the picture leaves of the screen
        display.setPalette(palette)

    def let_go(self) -> None:
        """Forgets the console, whose ``place`` goes elsewhere; the bar is deleted."""
        if self._display is not None:
            self._display.removeEventFilter(self)
            self._display.setPalette(QPalette())
        if self.bar is not None:
            self.bar.room_wanted.disconnect(self._place_bar)
            self._inner.removeWidget(self.bar)
            self.bar.hide()
            self.bar.deleteLater()
        self.bar = self._display = None

    @property
    def empty(self) -> bool:
        """True while it holds no console."""
        return self.bar is None

    def cover(self, screen: QScreen) -> None:
        """Covers this screen, and shows the bar for a moment."""
        if self.isVisible() and self.screen() is not screen:
            self.hide()  # a window that covers a screen is moved by few desktops
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.show_bar(FIRST_SHOWN_MS)

    # the bar

    def set_pinned(self, pinned: bool) -> None:
        """True: the bar stays."""
        self._pinned = pinned
        self.show_bar()

    def show_bar(self, for_ms: int = SHOWN_MS) -> None:
        """Brings the bar out."""
        self._place_bar()
        self._frame.show()
        self._frame.raise_()
        self._timer.start(for_ms)

    @property
    def bar_shown(self) -> bool:
        """True while the bar is out."""
        return self._frame.isVisible()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks; the display gets every event."""
        if (
            event.type() == QEvent.Type.MouseMove
            and isinstance(event, QMouseEvent)
            and self._at_edge(event.globalPosition().toPoint())
        ):
            self.show_bar()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Alt+F4 leaves full screen; the machine runs on."""
        event.ignore()
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the bar in the middle."""
        super().resizeEvent(event)
        self._place_bar()

    def _at_edge(self, place: QPoint) -> bool:
        here = self.mapFromGlobal(place)
        return here.y() <= 1 and CORNER_PX <= here.x() < self.width() - CORNER_PX

    def _hide_bar(self) -> None:
        """Stays while it is pinned, the pointer or the focus is in it, or one of its menus is open."""
        inside = self._frame.underMouse() or self._frame.isAncestorOf(self.focusWidget() or self)
        popup = self.bar is not None and any(menu.isVisible() for menu in self.bar.findChildren(QMenu))
        if self._pinned:
            return
        if inside or popup:
            self._timer.start(SHOWN_MS)
        else:
            self._frame.hide()

    def _place_bar(self) -> None:
        """As wide as its words want it, over the guest's corners only if it must."""
        words = self.bar.words_width + 2 * self._frame.frameWidth() if self.bar is not None else 0
        width = min(self.width(), max(words, min(self.width() - 2 * CORNER_PX, 960)))
        self._frame.setGeometry(QRect((self.width() - width) // 2, 0, max(width, 1), self._frame.sizeHint().height()))
