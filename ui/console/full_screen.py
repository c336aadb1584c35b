"""A console on the whole screen, with a bar that hides itself at the top, in the middle."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QMouseEvent, QPalette, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ui.console.console_bar import ConsoleBar

CORNER_PX = 100
"""The guest's own corners stay usable: the bar does not come out there (GNOME Boxes does the same)."""

FIRST_SHOWN_MS = 3000
SHOWN_MS = 1200


class FullScreenWindow(QWidget):
    """Holds the display while it is full screen.  ``left``: the user wants out (closing counts)."""

    left = Signal()

    def __init__(self, display: QWidget, title: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(display)
        self.bar = ConsoleBar(full_screen=True)
        self._frame = QFrame(self)
        self._frame.setAutoFillBackground(True)
        self._frame.setBackgroundRole(QPalette.ColorRole.Window)
        self._frame.setFrameShape(QFrame.Shape.StyledPanel)
        inner = QHBoxLayout(self._frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.bar)
        # While the guest has the keyboard, F11 is the guest's.
        QShortcut(QKeySequence("F11"), self).activated.connect(self.left)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hide_bar)

    def begin(self, screen_of: QWidget) -> None:
        """Covers the screen that ``screen_of`` is on, and shows the bar for a moment."""
        self.setScreen(screen_of.screen())
        self.setGeometry(screen_of.screen().geometry())
        self.showFullScreen()
        self.show_bar(FIRST_SHOWN_MS)

    def watch(self, widget: QWidget) -> None:
        """Looks at where the pointer is over ``widget``, the picture; what it leaves of the screen is black."""
        widget.installEventFilter(self)
        palette = widget.palette()
        palette.setColor(QPalette.ColorRole.Window, Qt.GlobalColor.black)
        widget.setPalette(palette)

    def unwatch(self, widget: QWidget) -> None:
        """Before the widget goes elsewhere."""
        widget.removeEventFilter(self)
        widget.setPalette(QPalette())

    def show_bar(self, for_ms: int = SHOWN_MS) -> None:
        """Brings the bar out."""
        self._place_bar()
        self._frame.show()
        self._frame.raise_()
        self._timer.start(for_ms)

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
        """Stays while the pointer or the focus is in it, or one of its menus is open."""
        inside = self._frame.underMouse() or self._frame.isAncestorOf(self.focusWidget() or self)
        popup = any(menu.isVisible() for menu in self.bar.findChildren(QMenu))
        if inside or popup:
            self._timer.start(SHOWN_MS)
        else:
            self._frame.hide()

    def _place_bar(self) -> None:
        width = min(self.width() - 2 * CORNER_PX, max(self._frame.sizeHint().width(), 960))
        self._frame.setGeometry(QRect((self.width() - width) // 2, 0, max(width, 1), self._frame.sizeHint().height()))
