"""The menu of a machine's CD drives: what is in them, eject, insert, recent media."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.actions.context import Context
from app.errors import HostelryError
from app.i18n import _
from app.install import media_drive, recent
from app.install.drives import Drive
from app.model.records import DomainRef
from ui.aio import spawn
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.insertion import put_in, take_out

SHOWN_RECENT = 6
ISO_FILTER = "(*.iso *.ISO)"


class MediaMenu(QMenu):
    """Read from the host each time it is shown; for tool buttons and as a submenu.

    filled: the drives are in it, and others may add what belongs to media.
    """

    filled = Signal()

    def __init__(self, ctx: Context, ref: DomainRef, parent: QWidget | None = None) -> None:
        super().__init__(_("&Media"), parent)
        self._ctx, self._ref = ctx, ref
        self.setIcon(icon("media-optical"))
        self.setToolTipsVisible(True)
        self._say(_("Reading the drives…"))
        self.aboutToShow.connect(lambda: spawn(self.fill(), self, name="media menu"))

    def _say(self, text: str) -> None:
        self.clear()
        self.addAction(text).setEnabled(False)

    async def fill(self) -> None:
        """Reads the drives and shows them."""
        record = self._ctx.hosts.domain(self._ref)
        if record is None:
            self._say(_("The machine is gone"))
            return
        try:
            session = self._ctx.hosts.get(self._ref.host_id).session
            drives = await media_drive.list_drives(session, self._ref.uuid, active=record.active)
        except HostelryError as error:
            self._say(str(error))
            return
        self.clear()
        for drive in drives:
            self._add_drive(drive)
        if not drives:
            self._say(_("No CD drive"))
            self._add_insert("", _("Add a drive with…"))
            self.addSeparator()
        self.filled.emit()

    def _add_drive(self, drive: Drive) -> None:
        name = Path(drive.medium).name.replace("&", "&&") if drive.medium else _("empty")
        title = self.addAction(icon("media-optical"), _("CD drive {target}: {medium}").format(target=drive.target, medium=name))
        title.setEnabled(False)
        title.setToolTip(plain_tip(drive.medium))
        eject = self.addAction(icon("media-eject"), _("Eject"))
        eject.setEnabled(not drive.empty)
        eject.setToolTip(_("Takes the medium out of the drive; the guest must have let go of it"))
        eject.triggered.connect(lambda: spawn(take_out(self._ctx, self._ref, drive.target), self._ctx.jobs, name="eject"))
        self._add_insert(drive.target, _("Insert…"))
        self.addSeparator()

    def _add_insert(self, target: str, text: str) -> None:
        choose = self.addAction(icon("document-open"), text)
        choose.setToolTip(_("Choose an ISO file"))
        choose.triggered.connect(lambda: spawn(self._choose(target), self._ctx.jobs, name="insert"))
        paths = recent.listed(self._ctx.settings)[:SHOWN_RECENT]
        if not paths:
            return
        menu = self.addMenu(icon("document-open-recent"), _("Recent media"))
        menu.setToolTipsVisible(True)
        for path in paths:
            action = menu.addAction(Path(path).name.replace("&", "&&"))
            action.setToolTip(plain_tip(path))
            action.triggered.connect(
                lambda _checked=False, path=path: spawn(
                    put_in(self._ctx, self._ref, path, target=target), self._ctx.jobs, name="insert"
                )
            )

    async def _choose(self, target: str) -> None:
        recents = recent.listed(self._ctx.settings)
        folder = Path(recents[0]).parent if recents else None
        path = await self._ctx.ui.pick_file(
            _("Insert a medium"), filters=(_("ISO files {patterns}").format(patterns=ISO_FILTER),), folder=folder
        )
        if path is not None:
            await put_in(self._ctx, self._ref, str(path), target=target)
