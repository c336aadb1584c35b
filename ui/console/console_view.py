"""The console page of one machine's tab: its screen, or a sentence and one button."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.actions.catalogue import action
from app.actions.context import Context, Notice, Selection
from app.console.client import ConsoleClient
from app.console.secrets.vault import Screen, user_vault
from app.errors import HostelryError
from app.hosts.host import Host
from app.model.changes import Change
from app.model.records import DomainRecord, DomainRef, DomainState, ObjectKind
from app.settings import options
from app.virt.session import SessionState
from ui.aio import spawn
from ui.console.access import Access
from ui.console.connector import Connector, client_opener
from ui.console.console_bar import ConsoleBar
from ui.console.cover import Cover
from ui.console.display_widget import DisplayWidget
from ui.console.features import FEATURES
from ui.console.full_screen import FullScreenWindow
from ui.console.full_screen_control import FullScreen
from ui.console.geometry import ScaleMode
from ui.console.protocol_choice import ScreenChoice
from ui.console.situation import Button, Facts, Situation, situation
from ui.console.sizing import Sizing


class ConsoleView(QWidget):
    """Connects while it is wanted (from its first show to ``end``); reconnects by itself.

    captured_changed: the guest got or lost the keyboard.  full_screen_changed: entered or left.
    place: what holds the picture and goes to full screen with it.
    """

    captured_changed = Signal(bool)
    full_screen_changed = Signal(bool)
    switch_wanted = Signal(object, object)
    """A DomainRef whose page is to take this FullScreenWindow."""
    beside_wanted = Signal(QWidget, str)
    """A further console of the machine and its title: the page shows it beside this one, or in a window, and ends it."""

    def __init__(self, host: Host, ref: DomainRef, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host, self.ref, self.ctx = host, ref, ctx
        self._make_media: Callable[[], QToolButton] | None = None
        self._shown = self._live = False
        self._run_id = -1
        self.display = DisplayWidget()
        self.bar = ConsoleBar()
        self.bars = [self.bar]
        self._scroll = QScrollArea()
        self._place = self.place = QWidget()
        self.cover = Cover(self._place)  # not in the scroll area: screen readers are told of nothing but the view there
        access = Access(user_vault(), Screen(ref.uuid, host.uri))
        self.choice = ScreenChoice(ctx.settings, ref.uuid)
        self.connector = Connector(client_opener(host, ref.uuid, self.choice.preferred, self.choice.learn), access, self)
        self.sizing = Sizing(self)
        self.screens = FullScreen(self)
        self.features = [self.screens, self.sizing, *(make(self) for make in FEATURES)]
        self._arrange()
        self._connect_parts()
        self._apply_settings()
        self.refresh()

    # For the tab around it.

    def use_media(self, make: Callable[[], QToolButton]) -> None:
        """The media menu is made by the tab, one for each bar."""
        self._make_media = make
        self.bar.set_media_button(make())

    def set_full_screen(self, full: bool, window: FullScreenWindow | None = None) -> None:
        """Moves the picture to the whole screen or back; the connection goes on.  window: given away by another machine."""
        self.screens.enter(window) if full else self.screens.leave()

    @property
    def full_screen(self) -> bool:
        """True while the picture covers the screen."""
        return self.screens.window is not None

    def situation(self) -> Situation:
        """What the page says now."""
        return situation(self._facts())

    def end(self) -> None:
        """Closes the connection; the machine runs on."""
        for feature in self.features:
            feature.end()
        self.connector.end()
        self.display.clear()  # a picture of some megabytes; the rest of the page waits for the collector
        for connection in self._listening:
            connection.disconnect()

    def showEvent(self, event: QShowEvent) -> None:
        """The first look connects."""
        super().showEvent(event)
        self._shown = True
        self.refresh()

    # State.

    def refresh(self) -> None:
        """Compares what is known with what is shown."""
        record = self.record
        alive = self.host.state is SessionState.CONNECTED and record is not None and record.active
        run_id = record.id if record is not None else -1
        if run_id != self._run_id:
            self._run_id = run_id
            self.connector.machine_changed()
            if record is not None and record.state in (DomainState.PAUSED, DomainState.CRASHED):
                spawn(self._examine(), self, name="console: look at a frozen machine")
        self.connector.want(self._shown and alive)
        if record is not None and not record.active:
            self.display.clear()
        now = self.situation()
        self.cover.say(now)
        self.display.set_live(now.live)
        self._show_features(now.live)
        if now.live != self._live:
            self._live = now.live
            for feature in self.features:
                feature.live_changed(now.live)

    @property
    def record(self) -> DomainRecord | None:
        """The machine as it is known; None if it is gone."""
        return self.host.inventory.domains.get(self.ref.uuid)

    def _facts(self) -> Facts:
        failure = self.host.start_failures.get(self.ref.uuid)
        return Facts(
            host_up=self.host.state is SessionState.CONNECTED,
            host_trying=self.host.state in (SessionState.CONNECTING, SessionState.WAITING),
            host_error=self.host.error,
            record=self.record,
            kvm_failure=failure.reason if failure else "",
            connected=self.connector.connected,
            asks=self.connector.access.asks,
            wants=self.connector.access.wants,
            question=self.connector.access.question,
            problem=self.connector.problem,
        )

    def _show_features(self, live: bool) -> None:
        for bar in self.bars:
            bar.set_live(live)
            captured, pointer = self.display.captured, self.display.pointer_captured
            bar.show_capture(captured, pointer, self._release_key if live or captured or pointer else "")

    @property
    def _release_key(self) -> str:
        return self.display.keyboard.release_key.text

    async def _examine(self) -> None:
        """It may have frozen before this page was opened."""
        with contextlib.suppress(HostelryError):
            await self.host.start_failures.examine(self.ref.uuid)

    # Parts.

    def _arrange(self) -> None:
        self._scroll.setWidget(self.display)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFocusProxy(self.display)
        inner = QVBoxLayout(self._place)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._scroll)
        self.cover.raise_()
        self._place.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._place, 1)
        self.setFocusProxy(self.display)

    def _connect_parts(self) -> None:
        self._listening = [
            self.host.changed.connect(self._on_host_changed),
            self.host.inventory.changed.connect(self._on_inventory_changed),
            self.host.start_failures.changed.connect(self._on_start_failure),
            self.ctx.settings.changed.connect(self._on_setting_changed),
        ]
        self.connector.changed.connect(self.refresh)
        self.connector.client_changed.connect(self._on_client)
        self.cover.pressed.connect(self._on_button)
        self.cover.details_wanted.connect(lambda error: spawn(self.ctx.ui.show_error(error), self, name="console: details"))
        access = self.connector.access
        self.cover.entered.connect(lambda given, lasting: access.enter(given, lasting=lasting))
        access.told.connect(lambda sentence: self.ctx.ui.notify(Notice(sentence)))
        self.display.captured_changed.connect(self._on_captured)
        self._connect_bar(self.bar)

    def _connect_bar(self, bar: ConsoleBar) -> None:
        bar.keys_wanted.connect(self._send_keys)
        bar.full_screen_wanted.connect(self.set_full_screen)
        bar.release_wanted.connect(self.display.give_back)
        for feature in self.features:
            feature.dress(bar)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The cover lies over the whole picture."""
        if watched is self._place and event.type() == QEvent.Type.Resize:
            self.cover.resize(self._place.size())
        return super().eventFilter(watched, event)

    # News.

    def _on_host_changed(self, _host: Host) -> None:
        self.refresh()

    def _on_inventory_changed(self, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN and self.ref.uuid in change.added | change.removed | change.updated:
            self.refresh()

    def _on_start_failure(self, uuid: str) -> None:
        if uuid == self.ref.uuid:
            self.refresh()

    def _on_setting_changed(self, key: str) -> None:
        if key in (options.CONSOLE_RELEASE_KEY.key, options.CONSOLE_SYSTEM_KEYS.key):
            self._apply_keys()

    def _on_client(self, client: ConsoleClient | None) -> None:
        self.display.set_client(client)
        for feature in self.features:
            feature.client_changed(client)
        self.refresh()

    def _on_captured(self, captured: bool) -> None:
        self._apply_system_keys()
        self._show_features(self.situation().live)
        if not captured:
            self.screens.released()
        self.captured_changed.emit(captured)

    def _on_button(self, button: Button) -> None:
        if button is Button.RECONNECT:
            self.connector.reconnect()
        elif button is Button.TEXT_CONSOLE:
            return  # the feature that has these consoles listens, too
        elif button in (Button.TRUST, Button.TRUST_CHANGED):
            spawn(self.connector.access.agree(self.ctx.ui), self, name="console: trust")
        elif button is Button.CONNECT_HOST:
            spawn(self._connect_host(), self, name="console: connect the host")
        else:
            selection = Selection(domains=(self.ref,))
            spawn(action(button.value).run(self.ctx, selection), self, name=f"console: {button.value}")

    async def _connect_host(self) -> None:
        try:
            await self.host.connect()
        except HostelryError as error:
            await self.ctx.ui.show_error(error)

    # Settings and the bar's wishes.

    def _apply_settings(self) -> None:
        self._apply_keys()

    def _apply_keys(self) -> None:
        self.display.keyboard.use_release_key(self.ctx.settings.get(options.CONSOLE_RELEASE_KEY))
        self._apply_system_keys()
        self._show_features(self.situation().live)

    def _apply_system_keys(self) -> None:
        when = self.ctx.settings.get(options.CONSOLE_SYSTEM_KEYS)
        self.display.set_grab_system_keys(when == "always" or (when == "full-screen" and self.full_screen))

    def set_mode(self, mode: ScaleMode) -> None:
        """Remembered for this machine; the preferences say how others begin."""
        self.sizing.set_mode(mode)

    def _send_keys(self, keys: tuple[tuple[int, int], ...]) -> None:
        self.display.send_keys(keys)
        self.display.setFocus()

    # Full screen: the picture leaves the page, and comes back.

    def take_out(self, bar: ConsoleBar) -> None:
        """``place`` goes elsewhere, with a bar that is to be like ours."""
        self.layout().removeWidget(self.place)  # type: ignore[union-attr]
        self.bars.append(bar)
        if self._make_media is not None:
            bar.set_media_button(self._make_media())
        self._connect_bar(bar)

    def put_back(self, bar: ConsoleBar | None) -> None:
        """``place`` is in the page again; that bar is gone."""
        if bar in self.bars:
            self.bars.remove(bar)
        cast(QVBoxLayout, self.layout()).addWidget(self.place, 1)

    def moved(self) -> None:
        """The picture is where it belongs now."""
        self.place.show()
        self._shown = True  # in full screen it is seen, though its page may be hidden
        self._apply_system_keys()
        self.refresh()
        self.display.setFocus()
        self.full_screen_changed.emit(self.full_screen)
