"""The further screens of a machine that has several: beside the first, in windows of their own, or over whole screens here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QScreen, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.console.capabilities import Monitors
from app.console.client import ClientState, ConsoleClient
from app.console.keys.chords import parse_all
from app.i18n import _
from app.settings import options
from app.signal import Connection
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.cover import Cover
from ui.console.display_widget import DisplayWidget
from ui.console.feature import ConsoleFeature
from ui.console.geometry import ScaleMode
from ui.console.situation import Situation
from ui.icons import icon

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

ASK_MS = 300
"""After this long a size is no passing one."""


def title_of(number: int) -> str:
    """For people the first one is 1."""
    return _("Monitor {number}").format(number=number + 1)


class MonitorView(QWidget):
    """One further screen.  It follows the machine's connection; its guest is asked to switch the monitor on when it is shown."""

    ended = Signal(int)

    def __init__(self, console: ConsoleView, number: int) -> None:
        super().__init__()
        self.console, self.number = console, number
        self.display = DisplayWidget()
        self.display.setAccessibleName(title_of(number))
        self._cover = Cover(self)
        self._screen: ConsoleClient | None = None
        self._heard: list[Connection] = []
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.timeout.connect(self._ask)
        self._over: FullScreenMonitor | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.display)
        self.setFocusProxy(self.display)
        self._cover.raise_()
        self.display.installEventFilter(self)
        self._apply()
        self._show_state()

    def use(self, client: ConsoleClient | None) -> None:
        """Another connection of the machine, or none."""
        for connection in self._heard:
            connection.disconnect()
        self._heard = []
        offers = isinstance(client, Monitors) and client.features.monitors > self.number
        self._screen = client.monitor(self.number) if offers and isinstance(client, Monitors) else None
        self.display.set_client(self._screen)
        if self._screen is not None:
            self._heard = [self._screen.state_changed.connect(lambda _state: self._show_state())]
            if self._screen.framebuffer is not None:
                self.display.picture.show(self._screen.framebuffer)
            self._asking.start(ASK_MS)
        self._show_state()

    def cover_screen(self, screen: QScreen) -> None:
        """The picture goes over one of this computer's screens, until F11; then it comes back here."""
        if self._over is None:
            self._over = FullScreenMonitor(title_of(self.number), self.leave_screen)
            self._over.column.addWidget(self.display)
            self._over.cover(screen)

    def leave_screen(self) -> None:
        """Back."""
        over, self._over = self._over, None
        if over is not None:
            self._column.insertWidget(0, self.display)
            self.display.show()
            self._cover.raise_()
            over.hide()
            over.deleteLater()

    def end(self) -> None:
        """Closed: the guest may switch the monitor off."""
        self.leave_screen()
        screen, self._screen = self._screen, None
        self._asking.stop()
        self.display.set_client(None)
        for connection in self._heard:
            connection.disconnect()
        if screen is not None:
            screen.close()
        self.ended.emit(self.number)

    def showEvent(self, event: QShowEvent) -> None:
        """The guest is asked for a monitor of this size."""
        super().showEvent(event)
        self._asking.start(ASK_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The cover lies over the whole picture."""
        if watched is self.display and event.type() == QEvent.Type.Resize:
            self._cover.setGeometry(self.rect())
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        screen = self._screen
        if screen is not None and screen.state is ClientState.CONNECTING and self.isVisible():
            screen.resize_guest(*self.display.picture.device_size())

    def _apply(self) -> None:
        settings, choice = self.console.ctx.settings, self.console.sizing.choice
        self.display.set_smooth(choice.smooth)
        self.display.set_mode(ScaleMode.FOLLOW if choice.mode is ScaleMode.FOLLOW else ScaleMode.FIT)
        self.display.keyboard.use_release_key(settings.get(options.CONSOLE_RELEASE_KEY))
        self.display.keyboard.host_shortcuts = parse_all(settings.get(options.CONSOLE_HOST_SHORTCUTS))
        self.display.set_grab_system_keys(settings.get(options.CONSOLE_SYSTEM_KEYS) == "always")

    def _show_state(self) -> None:
        live = self._screen is not None and self._screen.state is ClientState.CONNECTED
        self._cover.say(Situation(live=True) if live else Situation(
            icon="video-display",
            text=_("The guest does not use this monitor yet."),
            detail=_("Guests with the SPICE agent switch it on by themselves; in others it is done in their display settings."),
        ))  # fmt: skip
        self.display.set_live(live)


class FullScreenMonitor(QWidget):
    """Holds a monitor's picture over a whole screen; left by F11 while the guest has not the keyboard, and by closing it."""

    def __init__(self, title: str, leave: Callable[[], None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._leave = leave
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        QShortcut(QKeySequence("F11"), self).activated.connect(leave)

    def cover(self, screen: QScreen) -> None:
        """Covers it."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Alt+F4 goes back to the window."""
        event.ignore()
        self._leave()


class SeveralMonitors(ConsoleFeature):
    """The menu “Monitors”, which is there for machines that have several."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.views: dict[int, MonitorView] = {}
        console.full_screen_changed.connect(self._on_full_screen)

    def dress(self, bar: ConsoleBar) -> None:
        """A submenu of the sizes."""
        menu = QMenu(_("Monitors"), bar)
        menu.setToolTipsVisible(True)
        menu.setIcon(icon("video-display"))
        bar.menus[BarMenu.SIZE].addMenu(menu)
        bar.menus[BarMenu.SIZE].aboutToShow.connect(lambda: menu.menuAction().setVisible(self.count > 1))
        menu.aboutToShow.connect(lambda: self.fill(menu))
        menu.menuAction().setVisible(self.count > 1)

    def client_changed(self, client: ConsoleClient | None) -> None:
        """All windows follow."""
        for view in self.views.values():
            view.use(client)

    @property
    def count(self) -> int:
        """Screens of the machine."""
        client = self.console.connector.client
        return client.features.monitors if isinstance(client, Monitors) else 1

    def open(self, number: int) -> MonitorView:
        """Beside the first screen; the user may give it a window."""
        if number not in self.views:
            view = self.views[number] = MonitorView(self.console, number)
            view.ended.connect(self._on_ended)
            view.use(self.console.connector.client)
            self.console.beside_wanted.emit(view, title_of(number))
        return self.views[number]

    def cover_all(self) -> None:
        """The first on its screen, the others on those that are left, in their order; they come back together."""
        self.console.set_full_screen(True)
        window = self.console.screens.window
        used = window.screen() if window is not None else self.console.screen()
        left = [screen for screen in QGuiApplication.screens() if screen is not used]
        for number, screen in zip(range(1, self.count), left, strict=False):
            view = self.open(number)
            view.cover_screen(screen)

    def end(self) -> None:
        """The page ends its consoles itself."""
        self.views.clear()

    def _on_full_screen(self, full: bool) -> None:
        if not full:
            for view in self.views.values():
                view.leave_screen()

    def _on_ended(self, number: int) -> None:
        self.views.pop(number, None)

    def fill(self, menu: QMenu) -> None:
        """As it is now."""
        menu.clear()
        first = menu.addAction(title_of(0))
        first.setCheckable(True)
        first.setChecked(True)
        first.setEnabled(False)
        for number in range(1, self.count):
            action = menu.addAction(title_of(number))
            action.setCheckable(True)
            action.setChecked(number in self.views)
            action.setEnabled(number not in self.views)
            action.setToolTip(_("Show this monitor beside the first; it can be given a window of its own"))
            action.triggered.connect(lambda _checked=False, number=number: self.open(number))
        if len(QGuiApplication.screens()) > 1:
            menu.addSeparator()
            menu.addAction(icon("view-fullscreen"), _("Full screen on all screens")).triggered.connect(self.cover_all)
