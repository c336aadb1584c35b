"""Adding, changing, connecting and forgetting hosts, and saving that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from app.actions.context import Context, Question
from app.i18n import _
from app.settings.connections import SavedConnection
from app.ssh.config import known_hosts
from app.virt import uris
from ui.aio import ask, spawn
from ui.dialogs.add_connection import AddConnectionDialog
from ui.icons import icon
from ui.windows import repair
from ui.windows.list_control import ListControl
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.hosts.host import Host
    from app.virt.credentials import CredentialAsker


class Connections(QObject):
    """The user's way to the list of hosts; every change is saved.  asker: answers a host's questions while it is tried."""

    def __init__(self, ctx: Context, window: MainWindow, shown: ListControl, asker: CredentialAsker) -> None:
        super().__init__(window)
        self._ctx, self._window, self._list, self._asker = ctx, window, shown, asker
        ctx.hosts.changed.connect(self.save)
        window.add_connection.triggered.connect(lambda: spawn(self.add(), self, name="add a connection"))

    def save(self) -> None:
        """All hosts of the list into the settings."""
        self._ctx.settings.set_connections(self._ctx.hosts.saved())

    def connect_host(self, host: Host) -> None:
        """In the background; the list and the host's page tell how it goes."""
        spawn(repair.connect(host), self, name=f"connect {host.uri}")

    def ensure(self, uri: str) -> Host:
        """The host of this address, added and connected if it is not."""
        host = self._ctx.hosts.add(uri, label=_(uris.suggested_label(uri)))
        if host.state.name == "DISCONNECTED":
            self.connect_host(host)
        return host

    async def add(self) -> None:
        """The dialog for a new one."""
        dialog = await self._dialog(None)
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return
        wanted = dialog.connection
        label = wanted.label or _(uris.suggested_label(wanted.uri))
        host = self._ctx.hosts.add(wanted.uri, label=label, autoconnect=wanted.autoconnect)
        if dialog.worked:
            self.connect_host(host)

    async def edit(self, host: Host) -> None:
        """The dialog for one in the list; another address makes it another host."""
        saved = SavedConnection(host.uri, host.label, host.autoconnect, host.accel_choice.value)
        dialog = await self._dialog(saved)
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return
        wanted = dialog.connection
        if wanted.uri != host.uri:
            self._ctx.hosts.remove(host.id)
            host = self._ctx.hosts.add(wanted.uri, autoconnect=wanted.autoconnect, accel=wanted.accel)
        host.autoconnect = wanted.autoconnect
        self._ctx.hosts.rename(host.id, wanted.label or _(uris.suggested_label(wanted.uri)))
        if dialog.worked:
            self.connect_host(host)

    async def forget(self, host: Host) -> None:
        """Takes it off the list after a question; nothing changes on the host."""
        question = Question(
            _("Remove connection"),
            _("Remove “{host}” from the list?").format(host=host.label),
            _("Remove"),
            detail=_("Nothing changes on the host: its machines stay as they are, and you can add it again."),
        )
        if await self._ctx.ui.confirm(question):
            self._ctx.hosts.remove(host.id)

    async def _dialog(self, edit: SavedConnection | None) -> AddConnectionDialog:
        others = [host.uri for host in self._ctx.hosts.hosts if edit is None or host.uri != edit.uri]
        names = await asyncio.to_thread(known_hosts)
        return AddConnectionDialog(self._window, others, ask=self._asker, edit=edit, ssh_hosts=names)

    def host_actions(self) -> list[QAction]:
        """Open, change and remove, for the host menu and the menu of a host's row."""
        page = QAction(icon("view-statistics"), _("Open the &host's page"), self._window)
        page.setToolTip(_("Its facts, load, networks, storage, and whether KVM works"))
        page.triggered.connect(self._open)
        edit = QAction(icon("document-edit"), _("&Change connection…"), self._window)
        edit.triggered.connect(lambda: self._with_host(self.edit))
        forget = QAction(icon("list-remove"), _("&Remove from the list…"), self._window)
        forget.triggered.connect(lambda: self._with_host(self.forget))
        return [page, edit, forget]

    def _open(self) -> None:
        for host in self._ctx.hosts_of(self._list.selection()).hosts:
            self._list.open_host.emit(host)

    def _with_host(self, work: object) -> None:
        hosts = self._ctx.hosts_of(self._list.selection()).hosts
        if hosts and callable(work):
            spawn(work(hosts[0]), self, name="connection")
