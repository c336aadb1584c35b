"""Files for the guest: dragged over its picture, chosen from the media menu, or pasted while the keyboard is here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QToolButton, QWidget

from app.actions import made_discs
from app.actions.context import Target
from app.actions.file_channels import Verdict, Ways, choose, gather
from app.actions.send_files import send
from app.console.capabilities import FileTransfer
from app.console.client import ConsoleClient
from app.errors import HostelryError
from app.i18n import _
from app.install import file_survey
from app.install.file_survey import Load
from app.virt.session import SessionState
from ui.aio import ask, spawn
from ui.console.drop_overlay import DropOverlay, Place
from ui.console.feature import ConsoleFeature
from ui.folders import nearest
from ui.icons import icon
from ui.widgets.dropped import local_files

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView


class DropFiles(ConsoleFeature):
    """Says before the drop what will happen; the same way is taken then, whatever changed meanwhile is said as an error."""

    last_folder: Path | None = None
    """From where files were sent last, in this run, by any console."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        # The picture with all that lies over it; it moves into the full screen's window as a whole.
        self._place: QWidget = console.cover.parentWidget()  # type: ignore[assignment]
        self._place.setAcceptDrops(True)
        self._place.installEventFilter(self)
        console.display.installEventFilter(self)
        self.overlay = DropOverlay(self._place)
        self._paths: list[Path] = []
        self._found: tuple[Load, Ways] | None = None
        self._looking: asyncio.Task[object] | None = None

    def dress(self, bar: ConsoleBar) -> None:
        """Entries in the media menu, which the page gives the bar later."""
        bar.media_set.connect(self._dress_media)
        if bar.media_button is not None:
            self._dress_media(bar.media_button)

    def client_changed(self, _client: ConsoleClient | None) -> None:
        """A machine that stopped, or was started anew, has let go of the disc that was made for it."""
        target = self._target()
        if target is not None and made_discs.listed(self.console.ctx.settings):
            spawn(made_discs.tidy(self.console.ctx, target), self, name="made discs: tidy")

    def end(self) -> None:
        """No drag is waited for."""
        self._forget()

    # The drag.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drags over the picture, and keys that the guest does not get."""
        if watched is self.console.display:
            return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._pasted(event)
        if event.type() == QEvent.Type.Resize:
            self.overlay.resize(self._place.size())
        elif isinstance(event, QDropEvent):  # drags' moves are of this kind too
            return self._dragged(event)
        elif event.type() == QEvent.Type.DragLeave:
            self._forget()
            return True
        return False

    def _dragged(self, event: QDropEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if not event.mimeData().hasUrls():
                return False
            self._begin(local_files(event.mimeData()))
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        elif isinstance(event, QDragMoveEvent):
            self._moved(event)
        else:
            self._dropped(event)
        return True

    def _begin(self, paths: list[Path]) -> None:
        self._forget()
        self._paths = paths
        self.overlay.wait(len(paths))
        self._looking = spawn(self._look(paths), self, name="drop: look")

    async def _look(self, paths: Sequence[Path]) -> None:
        load, ways = await self._facts(paths)
        self._found = load, ways
        self.overlay.say(choose(load, ways))

    def _moved(self, event: QDragMoveEvent) -> None:
        """Nothing is refused before it is known; then the pointer says so too."""
        self.overlay.point(event.position().toPoint())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(self._verdict() is None or self._possible())

    def _dropped(self, event: QDropEvent) -> None:
        place = self.overlay.point(event.position().toPoint())
        found, paths = self._found, self._paths
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._forget()
        if paths:
            self._spawn_send(paths, place, found)

    def _forget(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking, self._found, self._paths = None, None, []
        self.overlay.hide()

    def _verdict(self) -> Verdict | None:
        return choose(*self._found) if self._found is not None else None

    def _possible(self) -> bool:
        verdict = self._verdict()
        return verdict is not None and verdict.possible

    # What is known, and the sending.

    async def _facts(self, paths: Sequence[Path]) -> tuple[Load, Ways]:
        """The files and the machine at once; what cannot be read stands in every way."""
        target = self._target()
        if target is None or self.console.host.state is not SessionState.CONNECTED:
            return Load(tuple(paths)), Ways(_("The host is not connected."))
        try:
            load, ways = await asyncio.gather(
                file_survey.look(paths),
                gather(target.host.session, target.record.uuid, active=target.record.active, spice=self._spice() is not None),
            )
        except HostelryError as error:
            return Load(tuple(paths)), Ways(str(error))
        return load, ways

    def _spice(self) -> FileTransfer | None:
        """The connection, if the guest's agent takes files by it."""
        client = self.console.connector.client
        return client if client is not None and client.features.files and isinstance(client, FileTransfer) else None

    def _target(self) -> Target | None:
        record = self.console.record
        return Target(self.console.host, record) if record is not None else None

    def _spawn_send(self, paths: Sequence[Path], place: Place | None = None, found: tuple[Load, Ways] | None = None) -> None:
        # Owned by the jobs: it goes on when the page is closed.
        spawn(self._send(paths, place, found), self.console.ctx.jobs, name="files into the guest")

    async def _send(self, paths: Sequence[Path], place: Place | None, found: tuple[Load, Ways] | None) -> None:
        target, spice = self._target(), self._spice()
        load, ways = found or await self._facts(paths)
        if target is not None:
            drive = place.drive if place is not None else ""
            await send(self.console.ctx, target, load, ways, drive=drive, spice=spice)

    # Without a drag.

    def _pasted(self, event: QKeyEvent) -> bool:
        """Files copied in a file manager, pasted while the guest does not have the keyboard."""
        if self.console.display.captured or not event.matches(QKeySequence.StandardKey.Paste):
            return False
        data = QGuiApplication.clipboard().mimeData()
        paths = local_files(data) if data is not None else []
        if paths:
            self._spawn_send(paths)
        return bool(paths)

    def _dress_media(self, button: QToolButton) -> None:
        menu = button.menu()
        filled = getattr(menu, "filled", None)
        if isinstance(menu, QMenu) and filled is not None:
            filled.connect(lambda: self._add_entries(menu))

    def _add_entries(self, menu: QMenu) -> None:
        for text, folder in ((_("Send files to the guest…"), False), (_("Send a folder to the guest…"), True)):
            entry = menu.addAction(icon("document-import"), text)
            entry.setToolTip(_("By the guest's agent where there is one, else on a disc that is made of them"))
            entry.triggered.connect(lambda _checked=False, folder=folder: self._choose(folder))

    def _choose(self, folder: bool) -> None:
        spawn(self._choose_and_send(folder), self, name="choose files for the guest")

    async def _choose_and_send(self, folder: bool) -> None:
        title = _("Send a folder to the guest") if folder else _("Send files to the guest")
        dialog = QFileDialog(self.console.window(), title)
        dialog.setDirectory(str(nearest(DropFiles.last_folder)))
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, _("Send"))
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            paths = [Path(name) for name in dialog.selectedFiles()]
            DropFiles.last_folder = paths[0].parent if paths else DropFiles.last_folder
            self._spawn_send(paths)
