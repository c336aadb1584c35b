"""Puts the parts together: hosts, jobs, actions, the window; and takes them apart again at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app import APP_ID
from app.actions.context import Context, Selection
from app.editing.history import History
from app.editing.recorder import Recorder
from app.editing.usb_keeper import UsbKeepers
from app.install.attendant import Attendant
from app.jobs.log import TaskLog
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.settings.store import Settings
from ui import aio
from ui.dialogs.interface import QtInterface
from ui.job_notices import JobNotices
from ui.notify import BusDesktop, Notifier
from ui.widgets.message_bar import MessageBar
from ui.windows import ahead
from ui.windows.action_menus import ActionSet
from ui.windows.connections import Connections
from ui.windows.first_start import FirstStart
from ui.windows.keeper import SettingsKeeper
from ui.windows.list_control import ListControl
from ui.windows.main_window import MainWindow
from ui.windows.pages import Pages
from ui.windows.program_menus import ProgramMenus
from ui.windows.watching import Watching

if TYPE_CHECKING:
    from app.hosts.host import Host
    from app.hosts.host_list import HostList
    from ui.commandline import Wishes
    from ui.early import EarlySessions
    from ui.windows.wall_page import WallPage


class Program(QObject):
    """Owns the long-lived parts.  ``live`` returns when the user has closed the window and agreed to end."""

    def __init__(self, window: MainWindow, settings: Settings, hosts: HostList, shown: ListControl) -> None:
        super().__init__()
        self.list = shown
        self._app = cast(QApplication, QApplication.instance())
        self.window, self.settings, self.hosts = window, settings, hosts
        self.keeper = SettingsKeeper(settings, window)
        self.jobs = JobRunner(TaskLog(settings.state_folder / "tasks.jsonl"))
        self.messages = MessageBar()
        self.desktop = BusDesktop("Hostelry", APP_ID)
        self.notifier = Notifier(settings, window, self.messages, self.desktop)
        self.job_notices = JobNotices(self.jobs, self.notifier)
        self.attendant = Attendant(hosts, settings)
        self.ui = QtInterface(window, settings, self.jobs, self.notifier, self.open_console, open_settings=self.open_settings)
        self.history = History(settings.state_folder / "history")
        self.recorder = Recorder(hosts, self.history)
        self.usb_keepers = UsbKeepers(hosts)
        self.ctx = Context(hosts, self.jobs, settings, self.ui, self.history)
        self.pages = Pages(self.ctx, window)
        self.actions = ActionSet(self.ctx, window, self.selection)
        self.list.use(self.actions, self.ctx)
        self.watching = Watching(hosts, settings, window, self.list.tree, self.pages)
        self.connections = Connections(self.ctx, window, self.list, self.ui.ask_credentials)
        self.menus = ProgramMenus(self)
        self._wall: WallPage | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        from ui.widgets.task_panel import TaskPanel  # noqa: PLC0415 (after the first paint)

        self.messages.float_over(self.window.workspace.splitter)
        self.tasks = TaskPanel(self.jobs, self.settings)
        self.window.put_tasks(self.tasks)

    def _connect(self) -> None:
        self.window.close_wanted.connect(self._close_wanted)
        self.window.workspace.current_changed.connect(self._follow_page)
        self._app.focusChanged.connect(self._follow_page)
        self.pages.changed.connect(self.actions.refresh_soon)
        self.list.open_machine.connect(self.pages.open_machine)
        self.list.open_host.connect(self.pages.open_host)
        self.list.files_dropped.connect(self.drop)
        self.pages.files_dropped.connect(self.drop)
        self.window.wall.triggered.connect(self._open_wall)
        self.pages.menu_wanted.connect(lambda where: self.actions.context_menu(self.window).popup(where))

    # what others ask for

    def selection(self) -> Selection:
        """The highlighted rows; what the tab in front shows where the list is folded away or has none highlighted."""
        page, rows = self.window.workspace.current(), self.list.selection()
        if page is not None and not (rows and self.list.pane.isVisible()):
            return page.selection()
        return rows

    def _follow_page(self, *_args: object) -> None:
        """The list highlights the machine of the tab in front, again when the keyboard goes back into the tab."""
        page, now = self.window.workspace.current(), QApplication.focusWidget()
        if page is not None and (not _args or (now is not None and page.isAncestorOf(now))):
            self.list.follow(page)
        self.actions.refresh_soon()

    def _open_wall(self) -> None:
        """Of the machines that are selected, if they are several."""
        refs = self.selection().domains
        wall = self.pages.open_wall(self.list.shown, refs if len(refs) > 1 else ())
        if wall is not self._wall:
            self._wall, model = wall, self.list.model
            wall.selection_moved.connect(self._follow_page)
            for news in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.reorder_ends):
                news.connect(wall.reorder)

    def chosen_host(self) -> Host | None:
        """Where a new machine goes unless told: the selection's host, else the first that is connected."""
        chosen = self.selection()
        if chosen.hosts:
            return chosen.hosts[0]
        if chosen.domains:
            return self.hosts.get(chosen.domains[0].host_id)
        connected = [host for host in self.hosts.hosts if host.state.name == "CONNECTED"]
        return next(iter(connected or self.hosts.hosts), None)

    def open_console(self, ref: DomainRef) -> None:
        """The machine's tab, on its console."""
        self.pages.open_machine(ref, console=True)

    def open_settings(self, ref: DomainRef) -> None:
        """The machine's tab, on its settings."""
        self.pages.open_machine(ref, settings=True)

    def new_machine(self, files: list[Path] | None = None, host: Host | None = None) -> None:
        """The wizard, perhaps with a dropped medium."""
        self.menus.new_machine(files or [], host)

    def drop(self, target: object, files: Sequence[str | Path]) -> None:
        """Files dropped on a machine (a DomainRef), on a host, or on free space."""
        self.menus.drop(target, files)

    # life

    async def live(self, wishes: Wishes, early: EarlySessions) -> None:
        """Runs until the window is closed for good."""
        FirstStart(self.ctx, self.connections).tell(early.first_choice)
        if self.pages.restores() or wishes.console:
            await ahead.pages()
        self.pages.restore()
        self.take(wishes)
        self.menus.open_door(self.take)
        QTimer.singleShot(0, self, self.actions.refresh)
        aio.spawn(ahead.everything(), self, name="import ahead")
        await self.jobs.load()
        await self._over

    def take(self, wishes: Wishes) -> None:
        """What the command line, or a second start, asks for."""
        for uri in wishes.connect:
            self.connections.ensure(uri)
        if wishes.connect:
            self.connections.save()
        for name in wishes.console:
            self.pages.open_named(name)
        if wishes.files:
            self.drop(None, list(wishes.files))
        if not wishes.connect and not wishes.console and not wishes.files:
            self.window.raise_()
            self.window.activateWindow()

    def _close_wanted(self) -> None:
        aio.spawn(self._close(), self, name="close")

    async def _close(self) -> None:
        if not self._over.done() and await self.menus.may_close() and await self.pages.may_close():
            self.close_now()

    def close_now(self) -> None:
        """Without a question: sizes and open tabs are remembered, then ``live`` returns."""
        if self._over.done():
            return
        self.window.remember()
        self.list.remember()
        self.pages.remember()
        self.window.hide()
        self._over.set_result(None)

    async def end(self) -> None:
        """Ends jobs, pages and connections; nothing is left running."""
        self._app.focusChanged.disconnect(self._follow_page)
        self.menus.close_door()
        self.usb_keepers.close()
        self.recorder.close()
        self.pages.end()
        self.attendant.close()
        await self.jobs.close()
        await self.hosts.close()
        await self.desktop.close()
        aio.report_to(None)
        await aio.cancel_everything()
        self.keeper.end()
