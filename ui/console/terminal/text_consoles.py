"""A machine's consoles: the screen and each serial port, console and channel; one in front, chosen at the left of the bar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from app.console.graphics import NoGraphics
from app.console.text.devices import TextDevice, parse_devices
from app.errors import HostelryError
from app.hosts.host import Host
from app.i18n import _
from app.model.changes import Change
from app.model.records import DomainState, ObjectKind
from app.settings import options
from app.virt import domains
from app.virt.first_moment import listen
from app.virt.session import SessionState
from ui.aio import spawn
from ui.console.feature import ConsoleFeature
from ui.console.situation import Button, Facts, Situation, situation
from ui.console.terminal.text_view import TextView
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.hover import leave_with_menu

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView

SCREEN = "screen"
SHORTCUT = "Ctrl+Shift+T"
REMEMBERED = 500
"""Machines."""


class TextConsoles(ConsoleFeature):
    """devices: what the machine's definition has.  front: the key of the one that is shown, or SCREEN."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.devices: list[TextDevice] = []
        self.views: dict[str, TextView] = {}
        self.front = SCREEN
        self._chosen = str(console.ctx.settings.get(options.TEXT_CONSOLE_FRONT).get(console.ref.uuid, ""))
        self._windows: dict[str, TextWindow] = {}
        self._buttons: dict[QToolButton, str] = {}
        """Each chooser and the console on whose bar it is."""
        self._read_for: tuple[int, bool] | None = None
        self._known_for: tuple[int, bool] | None = None
        self._links = [
            console.host.inventory.changed.connect(self._on_inventory),
            console.host.changed.connect(self._on_host),
        ]
        console.connector.changed.connect(self._on_connector)
        console.cover.pressed.connect(self._on_cover)
        self._shortcut = QShortcut(QKeySequence(SHORTCUT), console, context=Qt.ShortcutContext.WindowShortcut)
        self._shortcut.activated.connect(self.show_next)
        self._refresh()

    # The seams.

    def dress(self, bar: ConsoleBar) -> None:
        """The chooser, first of all."""
        bar.insert_first(self._make_chooser())
        self._show_choosers()

    def live_changed(self, live: bool) -> None:
        """The machine may have begun or ended."""
        self._refresh()

    def end(self) -> None:
        """The page is closed for good."""
        for link in self._links:
            link.disconnect()
        for window in self._windows.values():
            window.give_back()
        for view in self.views.values():
            view.end()
        listen(self.console.host.session, self.console.ref.uuid, None)

    async def _ready(self) -> None:
        """The consoles that somebody looks at are connected, or cannot be."""
        await asyncio.sleep(0.02)  # the news that it was started comes first
        while any(view.waits for view in self.views.values()):  # noqa: ASYNC110 - each has its own signal, and it is short
            await asyncio.sleep(0.02)

    # Choosing.

    def show_device(self, key: str, *, remember: bool = True) -> None:
        """The console of that key to the front; the others stay connected."""
        if key in self._windows:
            self._windows[key].raise_()
            self._windows[key].activateWindow()
            return
        device = self._device(key)
        if device is not None and device.opens:
            self.console.set_full_screen(False)
            self._bring(self._view(device), key)
        elif key == SCREEN:
            self._bring(None, SCREEN)
        if remember:
            self._remember(self.front)

    def show_next(self) -> None:
        """The one after that in front."""
        keys = [SCREEN, *(device.key for device in self.devices if device.opens and device.key not in self._windows)]
        at = keys.index(self.front) + 1 if self.front in keys else 0
        self.show_device(keys[at % len(keys)])

    def open_window(self, key: str) -> None:
        """Moves a text console to a window of its own, or back."""
        if key in self._windows:
            self._windows[key].close()
            return
        device = self._device(key)
        if device is None or not device.opens:
            return
        window = self._take_out(device)
        window.setWindowIcon(self.console.window().windowIcon())
        window.show()

    def open_beside(self, key: str) -> None:
        """Moves a text console beside the screen, where its page gives it a title and a way back."""
        if key in self._windows:
            self._windows[key].close()
        device = self._device(key)
        if device is not None and device.opens:
            self.console.beside_wanted.emit(self._take_out(device), device.title)

    def _take_out(self, device: TextDevice) -> TextWindow:
        key, record, view = device.key, self.console.record, self._view(device)
        if self.front == key:
            self._bring(None, SCREEN)
        window = self._windows[key] = TextWindow(view, f"{record.name if record else ''} – {device.title}")
        self._show_choosers()
        window.closing.append(lambda: self._back(key))
        view.begin()
        return window

    def _back(self, key: str) -> None:
        window = self._windows.pop(key, None)
        if window is not None:
            view = window.give_back()
            self._layout().addWidget(view, 1)
            view.hide()
            self.show_device(key)

    def _bring(self, view: TextView | None, key: str) -> None:
        chosen, self.front = self.front != key, key
        for other in self.views.values():
            if other is not view and other.device.key not in self._windows:
                other.hide()
        self.console.bar.setVisible(view is None)
        self.console.place.setVisible(view is None)
        self.console.setFocusProxy(view if view is not None else self.console.display)
        if view is not None:
            view.show()
            view.begin()
        elif self.console.isVisible():
            if chosen:
                self.console.display.welcome()
            self.console.display.setFocus()
        self._show_choosers()

    def _remember(self, key: str) -> None:
        self._chosen = key
        front = self.console.ctx.settings.get(options.TEXT_CONSOLE_FRONT).copy()
        front.pop(self.console.ref.uuid, None)
        front[self.console.ref.uuid] = key
        self.console.ctx.settings.set(options.TEXT_CONSOLE_FRONT, dict(list(front.items())[-REMEMBERED:]))

    def _view(self, device: TextDevice) -> TextView:
        view = self.views.get(device.key)
        if view is None:
            view = self.views[device.key] = TextView(self.console.host, self.console.ref, self.console.ctx, device)
            listen(self.console.host.session, self.console.ref.uuid, self._ready)
            view.pressed.connect(self.console.cover.pressed)
            view.bar.window_wanted.connect(partial(self.open_window, device.key))
            view.bar.add_chooser(self._make_chooser(device.key))
            self._layout().addWidget(view, 1)
            self._tell(view)
        return view

    def _layout(self) -> QVBoxLayout:
        layout = self.console.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - the page has made it
        return layout

    def _device(self, key: str) -> TextDevice | None:
        return next((device for device in self.devices if device.key == key), None)

    # The chooser.

    def _make_chooser(self, key: str = SCREEN) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(_("Consoles of this machine"), button)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._fill(menu, self._shown_by(key)))
        button.setMenu(menu)
        leave_with_menu(button)
        self._buttons[button] = key
        button.destroyed.connect(lambda: self._buttons.pop(button, None))
        self._show_choosers()
        return button

    def _shown_by(self, key: str) -> str:
        """What is seen where the chooser of ``key`` is: that one itself in a pane or window of its own."""
        return key if key in self._windows else self.front

    def _show_choosers(self) -> None:
        for button, key in self._buttons.items():
            device = self._device(self._shown_by(key))
            button.setText(device.title if device is not None else _("Screen"))
            button.setIcon(icon("utilities-terminal" if device is not None else "video-display"))
            button.setToolTip(_("Choose the screen or a serial console ({keys})").format(keys=SHORTCUT))
            button.setAccessibleName(_("Consoles: {shown}").format(shown=button.text()))
            button.setVisible(bool(self.devices))

    def _fill(self, menu: QMenu, shown: str = SCREEN) -> None:
        menu.clear()
        screen = menu.addAction(icon("video-display"), _("Screen"))
        screen.setCheckable(True)
        screen.setChecked(shown == SCREEN)
        screen.triggered.connect(lambda _checked=False: self.show_device(SCREEN))
        for device in self.devices:
            entry = menu.addAction(icon("utilities-terminal"), device.title)
            entry.setEnabled(device.opens)
            entry.setCheckable(True)
            entry.setChecked(shown == device.key)
            entry.setToolTip(plain_tip(device.why_not or _("libvirt's name: {alias}").format(alias=device.alias)))
            if not device.opens:
                entry.setText(_("{device}: {why}").format(device=device.title, why=device.why_not))
            entry.triggered.connect(partial(self._on_chosen, device.key))
        for icon_name, text, do in (
            ("view-split-left-right", _("Beside the screen"), self.open_beside),
            ("window-new", _("In a window of its own"), self.open_window),
        ):
            places = menu.addMenu(icon(icon_name), text)
            for device in self.devices:
                if device.opens:
                    places.addAction(device.title).triggered.connect(partial(self._on_place, do, device.key))
            places.menuAction().setVisible(not places.isEmpty())

    def _on_chosen(self, key: str, _checked: bool = False) -> None:
        self.show_device(key)

    @staticmethod
    def _on_place(do: Callable[[str], None], key: str, _checked: bool = False) -> None:
        do(key)

    # News.

    def _on_inventory(self, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN and self.console.ref.uuid in change.added | change.removed | change.updated:
            self._refresh()

    def _on_host(self, _host: Host) -> None:
        self._refresh()

    def _on_connector(self) -> None:
        """A machine without a screen shows its serial console by itself, the first time."""
        problem = self.console.connector.problem
        if isinstance(problem, NoGraphics) and not self._chosen and self.front == SCREEN:
            self._show_first()

    def _on_cover(self, button: Button) -> None:
        if button is Button.TEXT_CONSOLE:
            self._show_first()

    def _show_first(self) -> None:
        first = next((device for device in self.devices if device.opens), None)
        if first is not None:
            self.show_device(first.key, remember=False)

    def _refresh(self) -> None:
        for view in self.views.values():
            self._tell(view)
        up = self.console.host.state is SessionState.CONNECTED
        record = self.console.record
        now = (record.id if record is not None else -1, up)
        if up and record is not None and now != self._read_for:
            self._read_for = now
            spawn(self._read(now), self, name="console: read the machine's devices")

    async def _read(self, now: tuple[int, bool]) -> None:
        try:
            self.devices = parse_devices(await domains.xml(self.console.host.session, self.console.ref.uuid))
        except HostelryError:
            self._read_for = None  # the page says what is wrong with the host or the machine; the next news of it tries again
            return
        self._known_for = now
        self._devices_known()

    def _devices_known(self) -> None:
        for device in self.devices:
            if device.key in self.views:
                self.views[device.key].use_device(device)
                self._tell(self.views[device.key])
        self._show_choosers()
        if self._chosen not in ("", SCREEN, self.front) and self.front == SCREEN:
            self.show_device(self._chosen, remember=False)
        self._on_connector()

    def _tell(self, view: TextView) -> None:
        host, record = self.console.host, self.console.record
        up = host.state is SessionState.CONNECTED
        # libvirt names devices anew at each start.
        alive = up and record is not None and record.active and self._known_for == (record.id, up)
        view.machine(self._standing(), alive=alive, run_id=record.id if record is not None else -1)

    def _standing(self) -> Situation:
        """What stands in the machine's way; a paused one still shows its text."""
        host, record = self.console.host, self.console.record
        trying = host.state in (SessionState.CONNECTING, SessionState.WAITING)
        up = host.state is SessionState.CONNECTED
        if up and record is not None and record.state is DomainState.PAUSED:
            said = situation(Facts(record=record, connected=True))
            return Situation(icon=said.icon, text=said.text, button=said.button)
        return situation(Facts(host_up=up, host_trying=trying, host_error=host.error, record=record, connected=True))


class TextWindow(QWidget):
    """A text console in a window of its own, or beside the screen.  closing: called when it is closed; it stays connected."""

    def __init__(self, view: TextView, title: str) -> None:
        super().__init__()
        self.closing: list[Callable[[], None]] = []
        self._view: TextView | None = view
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        view.show()
        self.resize(view.sizeHint())

    def give_back(self) -> TextView:
        """Takes the console out."""
        view, self._view = self._view, None
        assert view is not None  # noqa: S101 - once
        view.setParent(None)
        self.hide()
        self.deleteLater()
        return view

    def end(self) -> None:
        """Back into the tab; from beside the screen, or with the page."""
        if self._view is not None:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Back into the tab."""
        super().closeEvent(event)
        if self._view is not None:
            for call in self.closing:
                call()
