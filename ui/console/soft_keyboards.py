"""The keyboard on the screen as every console offers it: below the picture, also in full screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app.console.client import ConsoleClient
from app.console.keys import layout as layouts
from app.errors import HostelryError
from app.i18n import _
from app.settings import options
from ui.aio import spawn
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.soft_keyboard import SoftKeyboard

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView


class SoftKeyboards(ConsoleFeature):
    """“Keyboard on the screen” in the Keys menu."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._actions: list[QAction] = []
        self._client: ConsoleClient | None = None
        self.board: SoftKeyboard | None = None

    def dress(self, bar: ConsoleBar) -> None:
        """A ticked entry."""
        action = bar.menus[BarMenu.KEYS].addAction(_("Keyboard on the screen"))
        action.setCheckable(True)
        action.setChecked(self.board is not None)
        action.toggled.connect(self.show_board)
        self._actions.append(action)
        bar.destroyed.connect(lambda: self._actions.remove(action))

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Its keys go to the new connection."""
        self._client = client

    def live_changed(self, live: bool) -> None:
        """Nothing stays down; its keys do nothing without a picture."""
        if self.board is not None:
            self.board.let_go()
            self.board.setEnabled(live)

    def show_board(self, shown: bool) -> None:
        """Below the picture, or away."""
        if shown and self.board is None:
            self.board = SoftKeyboard(self._send)
            self.board.setEnabled(self.console.situation().live)
            layout = self.console.place.layout()
            assert layout is not None  # noqa: S101 - the page makes it
            layout.addWidget(self.board)
            spawn(self._print(self.board), self, name="console: layout of the keyboard on the screen")
        elif not shown and self.board is not None:
            self.board.let_go()
            self.board.hide()
            self.board.deleteLater()
            self.board = None
        for action in self._actions:
            action.setChecked(shown)
        self.console.display.setFocus()

    async def _print(self, board: SoftKeyboard) -> None:
        """The layout that text is typed in, as the user chose it for this machine."""
        known = self.console.ctx.settings.get(options.TYPING_LAYOUTS)
        try:
            layout = await asyncio.to_thread(layouts.load, str(known.get(self.console.ref.uuid, "us")))
        except HostelryError:
            return  # American keys serve as well
        if board is self.board:
            board.use_layout(layout)

    def _send(self, code: int, sym: int, pressed: bool) -> None:
        if self._client is not None:
            self._client.key(code, sym, pressed)
