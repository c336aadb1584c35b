"""What a console's bar offers for the keyboard: combinations, modifiers held for the user, what stays with the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton

from app.console.keys.chords import KEYS, parse_all
from app.i18n import _
from app.settings import options
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.key_menu import KeyMenu

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView
    from ui.console.session_news import SessionNews


class KeyMenus(ConsoleFeature):
    """Fills the Keys menu of each bar from the preferences, and shows which modifiers are held."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._menus: list[KeyMenu] = []
        self._held: list[QToolButton] = []
        self._news: SessionNews | None = None
        self._keyboard = console.display.keyboard
        self._keyboard.kept_changed = self._show_held
        self._listening = console.ctx.settings.changed.connect(self._on_setting)
        self._read()

    def dress(self, bar: ConsoleBar) -> None:
        """The menu's entries, and a button that is only there while something is held."""
        menu = bar.menus[BarMenu.KEYS]
        assert isinstance(menu, KeyMenu)  # noqa: S101 - the bar makes it
        menu.chosen.connect(bar.keys_wanted)
        menu.hold_wanted.connect(self._hold)
        held = bar.add_button("input-keyboard", "", _("Let go of the keys that are held down in the guest"), self._let_go)
        self._menus.append(menu)
        self._held.append(held)
        bar.destroyed.connect(lambda: self._forget(menu, held))
        self._fill(menu)
        self._show_held()

    def live_changed(self, live: bool) -> None:
        """From the first picture on: before the computer sleeps or locks, the guest gets its keys back up."""
        if live and self._news is None:
            from ui.console.session_news import SessionNews  # noqa: PLC0415 - a bus is no matter of the start

            self._news = SessionNews(self.console.display.release)

    def end(self) -> None:
        """Hears of no setting any more."""
        self._listening.disconnect()

    def _forget(self, menu: KeyMenu, held: QToolButton) -> None:
        """A full screen's bar ends before the page."""
        self._menus.remove(menu)
        self._held.remove(held)

    def _on_setting(self, key: str) -> None:
        if key in (options.CONSOLE_COMBINATIONS.key, options.CONSOLE_HOST_SHORTCUTS.key):
            self._read()
            for menu in self._menus:
                self._fill(menu)

    def _read(self) -> None:
        self._keyboard.host_shortcuts = parse_all(self.console.ctx.settings.get(options.CONSOLE_HOST_SHORTCUTS))

    def _fill(self, menu: KeyMenu) -> None:
        menu.show_combinations(parse_all(self.console.ctx.settings.get(options.CONSOLE_COMBINATIONS)))

    def _hold(self, name: str, down: bool) -> None:
        self._keyboard.hold(name, down)
        self.console.display.setFocus()

    def _let_go(self) -> None:
        for name in self._keyboard.kept:
            self._keyboard.hold(name, False)

    def _show_held(self) -> None:
        kept = self._keyboard.kept
        names = "+".join(KEYS[name].text for name in KEYS if name in kept)
        for menu in self._menus:
            menu.show_held(kept)
        for button in self._held:
            button.setText(_("{keys} held").format(keys=names) if kept else "")  # no room is kept for words
            button.setVisible(bool(kept))
