"""Takes one console to the whole screen and back, to another screen, and hands the screen to another machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication, QScreen
from PySide6.QtWidgets import QMenu

from app.i18n import _
from app.model.records import DomainRecord, DomainRef, DomainState
from app.settings import options
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.full_screen import FullScreenWindow
from ui.icons import icon
from ui.widgets.state_icon import state_icon

if TYPE_CHECKING:
    from app.actions.context import Context
    from ui.console.console_view import ConsoleView

ON = (DomainState.RUNNING, DomainState.BLOCKED, DomainState.PAUSED, DomainState.PMSUSPENDED)


def with_screens(ctx: Context) -> list[tuple[DomainRef, DomainRecord]]:
    """Machines that are on, host by host, by name."""
    return [
        (DomainRef(host.id, record.uuid), record)
        for host in ctx.hosts.hosts
        for record in sorted(host.inventory.domains.values(), key=lambda one: (one.title or one.name).casefold())
        if record.active and record.state in ON
    ]


class FullScreen(ConsoleFeature):
    """``window`` is there while the picture covers a screen; the connection goes on all the time."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.window: FullScreenWindow | None = None

    # the bars

    def dress(self, bar: ConsoleBar) -> None:
        """Which of this computer's screens; in full screen also the other machines and the pin."""
        screens = bar.menus[BarMenu.SCREENS]
        screens.aboutToShow.connect(lambda: self._fill_screens(screens))
        bar.scale_menu.aboutToShow.connect(lambda: screens.menuAction().setVisible(_has_choice(screens)))
        if bar.full_screen:
            self._dress_full(bar, screens)

    def _dress_full(self, bar: ConsoleBar, screens: QMenu) -> None:
        record = self.console.record
        machines = QMenu(_("Other machines"), bar)
        machines.aboutToShow.connect(lambda: self._fill_machines(machines))
        name = (record.title or record.name) if record else _("Machines")
        button = bar.add_button("computer", name, _("Show another machine in full screen"), lambda: None,
                                menu=machines, needs_picture=False)  # fmt: skip
        bar.keep_words(button)  # the machine's name
        if _has_choice(screens):
            bar.add_button("video-display", _("Screens"), _("Which of this computer's screens are used"), lambda: None,
                           menu=screens, needs_picture=False)  # fmt: skip
        bar.add_pin(self.console.ctx.settings.get(options.FULL_SCREEN_PINNED), self._pin)

    def _fill_machines(self, menu: QMenu) -> None:
        menu.clear()
        others = [(ref, record) for ref, record in with_screens(self.console.ctx) if ref != self.console.ref]
        for ref, record in others:
            action = menu.addAction(state_icon(record), (record.title or record.name).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, ref=ref: self.switch_to(ref))
        if not others:
            menu.addAction(_("No other machine is running.")).setEnabled(False)

    def _fill_screens(self, menu: QMenu) -> None:
        """One entry a screen, before what features have added."""
        for action in menu.actions():
            if isinstance(action.data(), str):
                menu.removeAction(action)
                action.deleteLater()
        first = next(iter(menu.actions()), None)
        now = self.window.screen() if self.window is not None else None
        for number, screen in enumerate(QGuiApplication.screens(), 1):
            menu.insertAction(first, self._screen_action(menu, number, screen, screen is now))  # type: ignore[arg-type]

    def _screen_action(self, menu: QMenu, number: int, screen: QScreen, used: bool) -> QAction:
        size = screen.size() * screen.devicePixelRatio()
        what = " ".join(part for part in (screen.manufacturer(), screen.model()) if part) or screen.name()
        text = _("Screen {number}: {name}, {width}×{height}").format(
            number=number, name=what, width=size.width(), height=size.height())  # fmt: skip
        action = QAction(icon("video-display"), text.replace("&", "&&"), menu)
        action.setData(screen.name())
        action.setCheckable(True)
        action.setChecked(used)
        action.triggered.connect(lambda: self._choose_screen(screen.name()))
        return action

    def _choose_screen(self, name: str) -> None:
        settings = self.console.ctx.settings
        settings.set(options.FULL_SCREEN_ON, settings.get(options.FULL_SCREEN_ON) | {self.console.ref.uuid: name})
        if self.window is None:
            self.enter()
        else:
            self.window.cover(self._screen())

    def _pin(self, pinned: bool) -> None:
        self.console.ctx.settings.set(options.FULL_SCREEN_PINNED, pinned)
        if self.window is not None:
            self.window.set_pinned(pinned)

    # there and back

    def _screen(self) -> QScreen:
        """The one chosen for this machine, if it is plugged in; else that on which its window is."""
        wanted = self.console.ctx.settings.get(options.FULL_SCREEN_ON).get(self.console.ref.uuid)
        here = self.console.screen()
        return next((screen for screen in QGuiApplication.screens() if screen.name() == wanted), here)

    def enter(self, window: FullScreenWindow | None = None) -> None:
        """Moves the picture to the whole screen.  window: another machine's, which gives it away (its screen is kept)."""
        if self.window is not None:
            return
        console, record = self.console, self.console.record
        screen = window.screen() if window is not None else self._screen()
        self.window = window or FullScreenWindow(pinned=console.ctx.settings.get(options.FULL_SCREEN_PINNED))
        self.window.setWindowIcon(console.window().windowIcon())
        self.window.left.connect(self.leave)
        self.window.step_wanted.connect(self.step)
        bar = ConsoleBar(full_screen=True)
        console.take_out(bar)
        self.window.hold(console.place, console.display, bar, (record.title or record.name) if record else "")
        self.window.cover(screen)
        console.moved()

    def leave(self) -> None:
        """Back into the page."""
        window = self._give_away()
        if window is not None:
            window.hide()
            window.deleteLater()

    def _give_away(self) -> FullScreenWindow | None:
        """The picture goes back into the page; the window stays as it is, empty."""
        window, self.window = self.window, None
        if window is not None:
            window.left.disconnect(self.leave)
            window.step_wanted.disconnect(self.step)
            bar = window.bar
            window.let_go()
            self.console.put_back(bar)
            self.console.moved()
        return window

    # other machines

    def switch_to(self, ref: DomainRef) -> None:
        """Hands the screen to another machine, whose page takes it."""
        window = self._give_away()
        if window is None:
            return
        self.console.switch_wanted.emit(ref, window)
        if window.empty:
            window.hide()
            window.deleteLater()

    def step(self, by: int) -> None:
        """To the next or previous machine that is on, round the end."""
        refs = [ref for ref, _record in with_screens(self.console.ctx)]
        if self.console.ref not in refs or len(refs) < 2:
            return
        self.switch_to(refs[(refs.index(self.console.ref) + by) % len(refs)])

    def released(self) -> None:
        """The keyboard is free: the way out is seen."""
        if self.window is not None:
            self.window.show_bar()

    def end(self) -> None:
        """The page is closed."""
        self.leave()


def _has_choice(menu: QMenu) -> bool:
    """Several screens here, or entries of a feature."""
    return len(QGuiApplication.screens()) > 1 or any(not isinstance(action.data(), str) for action in menu.actions())
