"""Several consoles of one machine: beside its screen, each with a title, or in windows of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.i18n import _
from ui.icons import icon
from ui.widgets.elided import ElidedLabel

NARROWEST_PX = 160


class Pane(QWidget):
    """A console with its title, the way to a window of its own, and the way out."""

    detach_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, content: QWidget, title: str) -> None:
        super().__init__()
        self.content, self.title = content, title
        self.setMinimumWidth(NARROWEST_PX)
        content.installEventFilter(self)
        label = ElidedLabel()
        label.setText(title)
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 4, 2)
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(_button("window-new", _("Give it a window of its own"), self.detach_wanted))
        row.addWidget(_button("window-close", _("Close this console"), self.close_wanted))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(row)
        self._column.addWidget(content, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A content that closes itself takes its place with it."""
        if watched is self.content and event.type() == QEvent.Type.Close:
            QTimer.singleShot(0, self, self.close_wanted.emit)
        return super().eventFilter(watched, event)

    def take(self) -> QWidget:
        """The content goes elsewhere."""
        self.content.removeEventFilter(self)
        self._column.removeWidget(self.content)
        self.content.setParent(None)
        return self.content


class PaneWindow(QMainWindow):
    """The same in a window.  attach: back beside the screen.  closing: the user closed it."""

    attach = Signal()
    closing = Signal()

    def __init__(self, content: QWidget, title: str, machine: str) -> None:
        super().__init__()
        self.content, self.title = content, title
        self.setWindowTitle(_("{machine} – {console}").format(machine=machine, console=title))
        self.setCentralWidget(content)
        content.show()
        self.resize(800, 560)
        self._given_back = False
        for keys, signal in (("Ctrl+Shift+W", self.attach), ("Ctrl+W", None)):
            QShortcut(QKeySequence(keys), self).activated.connect(signal or self.close)

    def take(self) -> QWidget:
        """Gives the content back and closes."""
        self._given_back = True
        self.takeCentralWidget()
        self.close()
        self.deleteLater()
        return self.content

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._given_back:
            self.closing.emit()
        super().closeEvent(event)


class Panes(QObject):
    """The further consoles of one page, in its splitter or in windows.  A content with ``end()`` is ended when it is closed."""

    changed = Signal()

    def __init__(self, splitter: QSplitter, machine: str) -> None:
        super().__init__(splitter)
        self._splitter, self._machine = splitter, machine
        self.beside: list[Pane] = []
        self.windows: list[PaneWindow] = []

    def add(self, content: QWidget, title: str) -> None:
        """Beside the screen, with as much room as the others."""
        pane = Pane(content, title)
        pane.detach_wanted.connect(lambda: self.detach(pane))
        pane.close_wanted.connect(lambda: self.close(pane))
        self.beside.append(pane)
        self._splitter.addWidget(pane)
        pane.show()
        self._splitter.setSizes([1000] * self._splitter.count())
        content.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def find(self, title: str) -> Pane | PaneWindow | None:
        """The one of this title, so that none is opened twice."""
        everywhere: list[Pane | PaneWindow] = [*self.beside, *self.windows]
        return next((each for each in everywhere if each.title == title), None)

    def detach(self, pane: Pane) -> None:
        """Into a window; its connection stays."""
        self.beside.remove(pane)
        window = PaneWindow(pane.take(), pane.title, self._machine)
        _drop(pane)
        window.attach.connect(lambda: self.attach(window))
        window.closing.connect(lambda: self._window_closed(window))
        self.windows.append(window)
        window.show()
        self.changed.emit()

    def attach(self, window: PaneWindow) -> None:
        """Beside the screen again."""
        self.windows.remove(window)
        self.add(window.take(), window.title)

    def close(self, pane: Pane) -> None:
        """Ends it."""
        if pane not in self.beside:
            return
        self.beside.remove(pane)
        _end(pane.content)
        _drop(pane)
        self.changed.emit()

    def _window_closed(self, window: PaneWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            _end(window.content)
            window.deleteLater()
            self.changed.emit()

    def end(self) -> None:
        """The page is closed, and all of its consoles."""
        for pane in list(self.beside):
            self.close(pane)
        for window in list(self.windows):
            window.close()


def _drop(pane: Pane) -> None:
    pane.hide()
    pane.setParent(None)
    pane.deleteLater()


def _end(content: QWidget) -> None:
    end = getattr(content, "end", None)
    if callable(end) and isValid(content):
        end()


def _button(icon_name: str, tip: str, signal: object) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(icon(icon_name))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked=False: signal.emit())  # type: ignore[attr-defined]
    return button
