"""Which of a machine's screens is shown, if it offers several protocols: SPICE and VNC, for example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.console.graphics import GraphicsInfo
from app.console.protocols import PROTOCOLS, GraphicsProtocol
from app.i18n import _
from app.settings import options
from app.settings.store import Settings
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

MOST_MACHINES = 500
"""So many choices are remembered."""


class ScreenChoice:
    """One machine's.  ``offered``: libvirt's types of its screens, as its live definition said last."""

    def __init__(self, settings: Settings, uuid: str) -> None:
        self._settings, self._uuid = settings, uuid
        self.offered: tuple[str, ...] = ()

    def preferred(self) -> str:
        """The type that the user wants; empty: the best one."""
        wanted = self._settings.get(options.CONSOLE_PROTOCOL).get(self._uuid, "")
        return wanted if isinstance(wanted, str) else ""

    def prefer(self, type_: str) -> None:
        """Remembered for this machine."""
        known = {uuid: type_ for uuid, type_ in self._settings.get(options.CONSOLE_PROTOCOL).items() if uuid != self._uuid}
        known[self._uuid] = type_
        for old in list(known)[:-MOST_MACHINES]:
            del known[old]
        self._settings.set(options.CONSOLE_PROTOCOL, known)

    def learn(self, infos: Sequence[GraphicsInfo]) -> None:
        """What the machine offers."""
        self.offered = tuple(info.type for info in infos)

    @property
    def rows(self) -> list[GraphicsProtocol]:
        """Those of them that this program knows, best first."""
        return [row for row in PROTOCOLS if row.type in self.offered]


class ProtocolChoice(ConsoleFeature):
    """The menu “Screen”, which is there for machines that offer a choice."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._choice = console.choice

    def dress(self, bar: ConsoleBar) -> None:
        """A submenu of the sizes."""
        menu = QMenu(_("Screen"), bar)
        menu.setToolTipsVisible(True)
        bar.menus[BarMenu.SIZE].addMenu(menu)
        bar.menus[BarMenu.SIZE].aboutToShow.connect(lambda: menu.menuAction().setVisible(len(self._choice.rows) > 1))
        menu.aboutToShow.connect(lambda: self.fill(menu))
        menu.menuAction().setVisible(False)

    def fill(self, menu: QMenu) -> None:
        """As it is now."""
        menu.clear()
        group, shown = QActionGroup(menu), self._shown()
        for row in self._choice.rows:
            action = menu.addAction(row.name)
            action.setCheckable(True)
            action.setChecked(row.type == shown)
            missing = row.missing()
            action.setEnabled(not missing)
            action.setToolTip(missing or _("Show this machine by {protocol}, now and later").format(protocol=row.name))
            action.triggered.connect(lambda _checked=False, type_=row.type: self.choose(type_))
            group.addAction(action)

    def choose(self, type_: str) -> None:
        """Connects anew."""
        if type_ != self._shown():
            self._choice.prefer(type_)
            self.console.connector.reconnect()

    def _shown(self) -> str:
        wanted = self._choice.preferred()
        usable = [row.type for row in self._choice.rows if not row.missing()]
        return wanted if wanted in usable else next(iter(usable), "")
