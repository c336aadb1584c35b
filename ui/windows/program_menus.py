"""Menus, tool bar and questions of the program itself; what machines and hosts can do comes from the actions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from app import VERSION
from app.actions.context import Question
from app.hosts.host import Host
from app.i18n import _, ngettext
from app.model.records import DomainRef
from ui.aio import ask, spawn
from ui.commandline import Wishes
from ui.icons import APP_ICON, icon
from ui.single import Door

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.windows.program import Program


class ProgramMenus(QObject):
    """Fills what the main window left empty at its first paint."""

    _knocked = Signal(object)

    def __init__(self, program: Program) -> None:
        super().__init__(program.window)
        self._program, self._window = program, program.window
        self._door: Door | None = None
        self._fill()
        self._connect()

    def _fill(self) -> None:
        window, actions = self._window, self._program.actions
        actions.fill_machine_menu(window.machine_menu)
        actions.use_host_actions(self._program.connections.host_actions())
        actions.fill_host_menu(window.host_menu)
        window.tools.addSeparator()
        actions.add_to(window.tools)

    def _connect(self) -> None:
        window = self._window
        window.new_machine.triggered.connect(lambda: self.new_machine([], None))
        window.preferences.triggered.connect(lambda: spawn(self._preferences(), self, name="preferences"))
        window.about.triggered.connect(lambda: spawn(self._about(), self, name="about"))
        window.show_log.triggered.connect(self._show_log)
        window.files_dropped.connect(lambda files: self.drop(None, files))

    # new machines and dropped files

    def new_machine(self, files: list[Path], host: Host | None) -> None:
        """The wizard for the given host, else for that of the selection."""
        spawn(self._new_machine(files, host or self._program.chosen_host()), self, name="new machine")

    async def _new_machine(self, files: list[Path], host: Host | None) -> None:
        from ui.wizard.new_machine import NewMachineDialog  # noqa: PLC0415 (not needed for the list)

        if host is None:
            await self._program.connections.add()
            return
        await ask(NewMachineDialog(self._program.ctx, host, files[0] if files else None, self._window))

    def drop(self, target: object, files: Sequence[str | Path]) -> None:
        """On a machine: into its drive; elsewhere: a new machine."""
        from ui.widgets.drop import handle_files  # noqa: PLC0415

        handle_files(self._program.ctx, target if isinstance(target, (DomainRef, Host)) else None, files)

    # dialogs of the program

    async def _preferences(self) -> None:
        from ui.dialogs.preferences import PreferencesDialog  # noqa: PLC0415

        await ask(PreferencesDialog(self._program.settings, self._window))

    async def _about(self) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle(_("About Hostelry"))
        box.setIconPixmap(icon(APP_ICON).pixmap(64, 64))
        box.setText(_("Hostelry {version}").format(version=VERSION))
        box.setInformativeText(
            _("Manages the virtual machines of KVM, QEMU and every hypervisor that libvirt speaks to.")
            + "\n\n"
            + _("Free software under the GNU General Public License, version 3 or later.")
        )
        await ask(box)

    def _show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._program.settings.state_folder)))

    async def may_close(self) -> bool:
        """Asks if jobs would be stopped."""
        running = self._program.jobs.running
        if not running:
            return True
        text = ngettext("{count} task is still running.", "{count} tasks are still running.", len(running))
        return await self._program.ui.confirm(
            Question(
                _("Quit Hostelry"),
                text.format(count=len(running)),
                _("Stop and quit"),
                detail=_("Quitting stops them. Machines that run go on running."),
                items=tuple(job.title for job in running),
                danger=True,
            )
        )

    # second starts

    def open_door(self, take: Callable[[Wishes], None]) -> None:
        """From now on a second start is handed to this program."""
        self._knocked.connect(take)
        self._door = Door(self._knocked.emit)
        self._door.open()

    def close_door(self) -> None:
        """Stops taking second starts."""
        if self._door is not None:
            self._door.close()
            self._door = None
