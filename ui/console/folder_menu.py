"""A folder of this computer for the guest: chosen in a dialog that says how the guest sees it, and shared until that is ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from app.console.capabilities import SharedFolder
from app.console.client import ConsoleClient
from app.errors import HostelryError, NotFound
from app.i18n import _
from app.settings import options
from ui.aio import ask, spawn
from ui.console.feature import ConsoleFeature
from ui.console.folder_dialog import FolderDialog
from ui.console.share_menu import share_menu

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView

MOST_MACHINES = 200


class FolderShare(ConsoleFeature):
    """One switch for each console; off at first, whatever was shared the last time."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._client: SharedFolder | None = None
        self._shared: Path | None = None
        self._writable = False
        self._switch = QAction(self)
        self._switch.setCheckable(True)
        self._switch.triggered.connect(self._on_switch)
        self._show()

    def dress(self, bar: ConsoleBar) -> None:
        """The same switch in every bar."""
        share_menu(bar).addAction(self._switch)

    def client_changed(self, client: ConsoleClient | None) -> None:
        """A new connection of the same machine shares what the old one did."""
        self._client = client if isinstance(client, SharedFolder) else None
        if self._client is not None and self._shared is not None:
            self._client.share_folder(self._shared, read_only=not self._writable)
        self._show()

    def live_changed(self, live: bool) -> None:
        """What the machine has is known now."""
        self._show()

    def share(self, folder: Path | None, *, writable: bool = False) -> None:
        """None: no longer."""
        self._shared, self._writable = folder, writable
        if self._client is not None:
            self._client.share_folder(folder, read_only=not writable)
        self._show()

    def _on_switch(self, on: bool) -> None:
        self._show()  # ticked only when a folder was chosen
        if on:
            spawn(self._choose(), self, name="console: shared folder")
        else:
            self.share(None)

    async def _choose(self) -> None:
        settings, uuid = self.console.ctx.settings, self.console.ref.uuid
        before = settings.get(options.SHARED_FOLDERS).get(uuid, "")
        dialog = FolderDialog(self.console.window(), str(before))
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return
        folder, writable = dialog.folder, dialog.writable
        if not await asyncio.to_thread(folder.is_dir):
            await self.console.ctx.ui.show_error(_gone(folder))
            return
        known = settings.get(options.SHARED_FOLDERS)
        known.pop(uuid, None)
        known[uuid] = str(folder)
        for old in list(known)[:-MOST_MACHINES]:
            del known[old]
        settings.set(options.SHARED_FOLDERS, known)
        self.share(folder, writable=writable)

    def _show(self) -> None:
        client = self.console.connector.client
        able = self._client is not None and client is not None and client.features.folder
        self._switch.setVisible(self._client is not None)
        self._switch.setEnabled(able or self._shared is not None)
        self._switch.setChecked(self._shared is not None)
        if self._shared is None:
            self._switch.setText(_("Share a folder…"))
        else:
            self._switch.setText(_("Sharing the folder “{name}”").format(name=self._shared.name.replace("&", "&&")))
        self._switch.setToolTip(
            _("A folder of this computer in the guest, by WebDAV within the SPICE connection")
            if able
            else _("The machine has no channel for it: a spiceport channel named org.spice-space.webdav.0")
        )


def _gone(folder: Path) -> HostelryError:
    return NotFound(
        _("“{folder}” cannot be shared.").format(folder=folder),
        why=_("There is no such folder."),
        next_step=_("Choose another folder."),
    )
