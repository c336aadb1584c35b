"""Opens machines and hosts as tabs, moves tabs to windows of their own and back, remembers them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal

from app.actions.context import Context
from app.model.records import DomainRef
from app.settings import options
from ui.aio import spawn
from ui.windows.detached import DetachedWindow
from ui.windows.main_window import MainWindow
from ui.windows.page import Page, PageKey

if TYPE_CHECKING:
    from app.hosts.host import Host
    from ui.console.full_screen import FullScreenWindow
    from ui.windows.wall_page import Order, WallPage


class Pages(QObject):
    """All open pages, in tabs and in windows.  changed: one was opened, closed, moved, or came to the front."""

    changed = Signal()
    files_dropped = Signal(object, list)
    menu_wanted = Signal(QPoint)
    """A context menu of the main window, for the machines that the page in front has selected."""

    def __init__(self, ctx: Context, window: MainWindow) -> None:
        super().__init__(window)
        self._ctx, self._window, self._workspace = ctx, window, window.workspace
        self._windows: dict[PageKey, DetachedWindow] = {}
        self._waiting: set[str] = set()
        self._unrestored: dict[str, list[dict[str, Any]]] = {}
        self._workspace.pulled_out.connect(self._pulled_out)
        self._workspace.current_changed.connect(self.changed)
        self._workspace.closed.connect(lambda _key: self.changed.emit())
        self._workspace.close_asked.connect(self._ask_to_close)
        window.detach.triggered.connect(self._detach_current)
        ctx.hosts.added.connect(self._host_added)
        ctx.hosts.removed.connect(self._host_removed)
        for host in ctx.hosts.hosts:
            self._host_added(host)

    # opening

    def open_machine(self, ref: DomainRef, *, console: bool = False, settings: bool = False) -> None:
        """Its tab or window to the front; made if it is not open.  console: on its screen, with the keyboard; or its settings."""
        page = self._find(PageKey(ref.host_id, ref.uuid))
        if page is None:
            page = self._add(_make(self._ctx, PageKey(*ref)))
        self._to_front(page.key)
        if console:
            page.show_console()
        if settings:
            page.show_settings()

    def open_host(self, host: Host) -> None:
        """The host's own page."""
        key = PageKey(host.id)
        if self._find(key) is None:
            self._add(_make(self._ctx, key))
        self._to_front(key)

    def open_wall(self, order: Order, refs: Sequence[DomainRef]) -> WallPage:
        """The wall of screens: of these machines, or of all that run; ``order`` gives the list's."""
        from ui.windows.wall_page import WALL, WallPage  # noqa: PLC0415 (not needed for the list)

        wall = self._find(WALL)
        if not isinstance(wall, WallPage):
            wall = WallPage(self._ctx, order)
            wall.open_machine.connect(lambda ref: self.open_machine(ref, console=True))
            wall.menu_wanted.connect(lambda where: self._show_menu(WALL, where))
            self._add(wall)
        wall.choose(refs)
        self._to_front(WALL)
        wall.view.setFocus()
        return wall

    def _show_menu(self, key: PageKey, where: QPoint) -> None:
        """By the actions of the window that it is in: these work on what is selected there."""
        window = self._windows.get(key)
        if window is not None:
            window.show_menu(where)
        else:
            self.menu_wanted.emit(where)

    def open_named(self, name: str) -> None:
        """A machine by name or UUID; if it is not listed yet, as soon as it is."""
        for host in self._ctx.hosts.hosts:
            for record in host.inventory.domains.values():
                if name in (record.name, record.uuid, record.title):
                    self._waiting.discard(name)
                    self.open_machine(DomainRef(host.id, record.uuid), console=True)
                    return
        self._waiting.add(name)

    def _host_added(self, host: Host) -> None:
        host.loaded.connect(self._host_loaded)

    def _host_loaded(self, _host: Host) -> None:
        for name in list(self._waiting):
            self.open_named(name)

    def _add(self, page: Page, *, show: bool = True) -> Page:
        page.gone.connect(lambda key=page.key: self.close(key))
        page.changed.connect(self.changed)
        page.files_dropped.connect(self.files_dropped)
        page.switch_wanted.connect(self._switch_full_screen)
        self._workspace.add(page, show=show)
        self.changed.emit()
        return page

    def _switch_full_screen(self, ref: DomainRef, window: FullScreenWindow) -> None:
        self.open_machine(ref)
        page = self._find(PageKey(*ref))
        if page is not None:
            page.show_full_screen(window)

    def _find(self, key: PageKey) -> Page | None:
        window = self._windows.get(key)
        return window.page if window is not None else self._workspace.page(key)

    def _to_front(self, key: PageKey) -> None:
        window = self._windows.get(key)
        if window is None:
            self._workspace.show_page(key)
            return
        window.show()
        window.raise_()
        window.activateWindow()

    def all(self) -> Iterator[Page]:
        """Tabs, then windows."""
        yield from self._workspace.pages()
        yield from (window.page for window in self._windows.values())

    def visible_machines(self) -> Iterator[DomainRef]:
        """Those whose page can be seen now."""
        for page in self.all():
            if page.key.uuid and page.isVisible() and not page.window().isMinimized():
                yield DomainRef(*page.key)

    # windows

    def detach(self, key: PageKey, where: QPoint | None = None) -> None:
        """Moves a tab to a window of its own."""
        geometry = self._ctx.settings.get(options.DETACHED_GEOMETRY).get(_name(key), "")
        window = DetachedWindow(self._workspace.take(key), self._ctx, geometry)
        self._windows[key] = window
        window.attach.connect(self.attach)
        window.closing.connect(self._window_closed)
        window.close_asked.connect(self._ask_to_close)
        if where is not None:
            window.move_under(where)
        window.show()
        self.changed.emit()

    def attach(self, key: PageKey) -> None:
        """Puts a window's page back as a tab."""
        window = self._windows.pop(key)
        self._remember_geometry(window)
        self._workspace.add(window.give_back())
        self._window.activateWindow()
        self.changed.emit()

    def close(self, key: PageKey) -> None:
        """Closes it, wherever it is."""
        if key in self._windows:
            self._windows[key].close()
        else:
            self._workspace.close_page(key)

    def _ask_to_close(self, key: PageKey) -> None:
        spawn(self._close_when_agreed(key), self, name="close a page")

    async def _close_when_agreed(self, key: PageKey) -> None:
        page = self._find(key)
        if page is not None and await page.may_close():
            window = self._windows.get(key)
            if window is not None:
                window.agreed = True
            self.close(key)

    async def may_close(self) -> bool:
        """Asks about each page that holds edits; False if the user wants to stay."""
        for page in list(self.all()):
            if page.holds_edits:
                self._to_front(page.key)
                if not await page.may_close():
                    return False
        return True

    def _detach_current(self) -> None:
        page = self._workspace.current()
        if page is not None:
            self.detach(page.key)

    def _pulled_out(self, key: PageKey, where: QPoint) -> None:
        if self._workspace.page(key) is not None:
            self.detach(key, where)

    def _window_closed(self, key: PageKey) -> None:
        window = self._windows.pop(key, None)
        if window is not None:
            self._remember_geometry(window)
            window.page.end()
            window.deleteLater()
            self.changed.emit()

    def _host_removed(self, host: Host) -> None:
        for page in list(self.all()):
            if page.key.host_id == host.id:
                self.close(page.key)

    # remembering

    def _remember_geometry(self, window: DetachedWindow) -> None:
        known = self._ctx.settings.get(options.DETACHED_GEOMETRY)
        known[_name(window.page.key)] = window.geometry_text()
        self._ctx.settings.set(options.DETACHED_GEOMETRY, known)

    def remember(self) -> None:
        """Which are open, for the next start; those of a host that did not come are kept."""
        front = self._workspace.current()
        entries = [
            {"host": page.key.host_id, "uuid": page.key.uuid, "front": page is front, "window": page.key in self._windows}
            | page.state()
            for page in self.all()
            if page.remembered
        ]
        waiting = [entry for ours in self._unrestored.values() for entry in ours]
        self._ctx.settings.set(options.OPEN_TABS, entries + waiting)

    def restores(self) -> bool:
        """Whether `restore` has anything to open."""
        return bool(self._ctx.settings.get(options.RESTORE_TABS) and self._ctx.settings.get(options.OPEN_TABS))

    def restore(self) -> None:
        """Opens what was open, each as soon as its host has told that the machine is still there."""
        if not self.restores():
            return
        entries = [entry for entry in self._ctx.settings.get(options.OPEN_TABS) if isinstance(entry, dict)]
        for host in self._ctx.hosts.hosts:
            ours = [entry for entry in entries if entry.get("host") == host.id]
            if ours:
                self._restore_when_loaded(host, ours)

    def _restore_when_loaded(self, host: Host, entries: list[dict[str, Any]]) -> None:
        self._unrestored[host.id] = entries

        def loaded(_host: Host) -> None:
            link.disconnect()
            self._unrestored.pop(host.id, None)
            for entry in entries:
                self._restore_one(host, entry)

        link = host.loaded.connect(loaded)
        if host.inventory.domains:
            loaded(host)

    def _restore_one(self, host: Host, entry: dict[str, Any]) -> None:
        key = PageKey(host.id, str(entry.get("uuid", "")))
        if self._find(key) is not None or (key.uuid and key.uuid not in host.inventory.domains):
            return
        self._add(_make(self._ctx, key, str(entry.get("view", ""))), show=bool(entry.get("front")))
        if entry.get("window"):
            self.detach(key)

    def end(self) -> None:
        """Closes all, without asking."""
        for window in list(self._windows.values()):
            window.agreed = True
            window.close()
        for page in self._workspace.pages():
            self._workspace.close_page(page.key)


def _make(ctx: Context, key: PageKey, view: str = "") -> Page:
    """Imported at the first use: the pages bring the console, lxml and the media menus with them."""
    host = ctx.hosts.get(key.host_id)
    if key.uuid:
        from ui.windows.guest_page import GuestPage  # noqa: PLC0415

        page = GuestPage(host, DomainRef(*key), ctx, view=view or ctx.settings.get(options.MACHINE_VIEW))
        page.view_chosen.connect(lambda chosen: ctx.settings.set(options.MACHINE_VIEW, chosen))
        return page
    from ui.windows.host_page import HostPage  # noqa: PLC0415

    return HostPage(host, ctx)


def _name(key: PageKey) -> str:
    return f"{key.host_id} {key.uuid}"
