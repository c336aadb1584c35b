"""Only what somebody can see is sampled: tells the hosts which of their machines are on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.model.records import HostId
from app.settings import options
from app.settings.store import Settings
from ui.widgets.host_tree import HostTree
from ui.windows.main_window import MainWindow
from ui.windows.pages import Pages

if TYPE_CHECKING:
    from app.hosts.host import Host
    from app.hosts.host_list import HostList

SETTLE_MS = 100


class Watching(QObject):
    """Joins what the list shows and what is open in tabs and windows."""

    def __init__(self, hosts: HostList, settings: Settings, window: MainWindow, tree: HostTree, pages: Pages) -> None:
        super().__init__(window)
        self._hosts, self._settings, self._pages, self._window = hosts, settings, pages, window
        # The list was shown, and told so, before this exists.
        self._in_list: dict[HostId, frozenset[str]] = tree.seen()
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self.apply)
        tree.visible_changed.connect(self._list_shows)
        pages.changed.connect(self._soon.start)
        window.visible_changed.connect(lambda _visible: self._soon.start())
        hosts.added.connect(self._added)
        settings.changed.connect(self._setting_changed)
        self._links = [host.loaded.connect(self._loaded) for host in hosts.hosts]
        self._soon.start()

    def _list_shows(self, seen: dict[HostId, frozenset[str]]) -> None:
        self._in_list = seen
        self._soon.start()

    def _added(self, host: Host) -> None:
        self._links.append(host.loaded.connect(self._loaded))
        self._soon.start()

    def _loaded(self, _host: Host) -> None:
        self._soon.start()

    def _setting_changed(self, key: str) -> None:
        if key == options.POLL_INTERVAL.key:
            self.apply()

    def apply(self) -> None:
        """Sets ``watched``, ``visible`` and the interval of every host."""
        interval_s = self._settings.get(options.POLL_INTERVAL)
        opened: dict[HostId, set[str]] = {}
        for ref in self._pages.visible_machines():
            opened.setdefault(ref.host_id, set()).add(ref.uuid)
        list_visible = self._window.isVisible() and not self._window.isMinimized() and self._window.workspace.home.isVisible()
        for host in self._hosts.hosts:
            seen = self._in_list.get(host.id, frozenset()) | opened.get(host.id, set())
            host.poll_interval_s = interval_s
            host.visible = seen
            host.watched = bool(seen) or list_visible
