"""Pictures of the screen: to a file that the user chooses, and to the clipboard."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSaveFile, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeySequence

from app.actions.interface import Notice, UserInterface
from app.errors import Failed
from app.i18n import _
from app.settings import options
from app.settings.store import Settings
from ui.aio import spawn
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.folders import nearest, pictures
from ui.icons import icon

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView


class Screenshots(ConsoleFeature):
    """Save and copy, in the menu and by Ctrl+S and Ctrl+C, which are the guest's while it has the keyboard.

    Ctrl+S works wherever the focus is while the picture is seen; Ctrl+C elsewhere copies what is marked there.
    """

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        here, window = Qt.ShortcutContext.WidgetWithChildrenShortcut, Qt.ShortcutContext.WindowShortcut
        for keys, do, context in (("Ctrl+S", self.save, window), ("Ctrl+C", self.copy, here)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(context)
            action.triggered.connect(do)
            console.place.addAction(action)

    def dress(self, bar: ConsoleBar) -> None:
        """The first entries of the menu."""
        menu = bar.menus[BarMenu.PICTURE]
        menu.addAction(icon("document-save"), _("Save picture…") + "\tCtrl+S").triggered.connect(self.save)
        menu.addAction(icon("edit-copy"), _("Copy picture") + "\tCtrl+C").triggered.connect(self.copy)

    def copy(self) -> None:
        """The picture at the guest's size, to the clipboard."""
        image = self.console.display.screenshot()
        if not image.isNull():
            QGuiApplication.clipboard().setImage(image)
            self.console.ctx.ui.notify(Notice(_("The picture of the screen was copied.")))

    def save(self) -> None:
        """The picture as it is now, wherever the user says."""
        image = self.console.display.screenshot()
        if not image.isNull():
            spawn(self._save(image), self, name="console: screenshot")

    async def _save(self, image: QImage) -> None:
        record, settings = self.console.record, self.console.ctx.settings
        await save_screenshot(self.console.ctx.ui, settings, image, record.name if record else "")


async def save_screenshot(ui: UserInterface, settings: Settings, image: QImage, machine: str) -> None:
    """Asks where, writes off the event loop, says how it went."""
    name = str(picture_folder(settings) / file_name(machine, datetime.now()))
    path = await ui.save_file(_("Save the picture"), name=name, filters=(_("PNG pictures (*.png)"),))
    if path is None:
        return
    problem = await asyncio.to_thread(_write, image, path)
    if problem:
        await ui.show_error(
            Failed(
                _("The picture could not be saved as {path}.").format(path=path),
                next_step=_("Choose another folder, or make room there."),
                raw=problem,
            )
        )
    else:
        settings.set(options.PICTURE_FOLDER, str(path.parent))
        ui.notify(Notice(_("The picture was saved as {path}.").format(path=path)))


def picture_folder(settings: Settings) -> Path:
    """Where the last picture or recording was saved; at first the user's folder of pictures."""
    chosen = settings.get(options.PICTURE_FOLDER)
    return nearest(Path(chosen)) if chosen else pictures()


def file_name(machine: str, now: datetime, ending: str = "png") -> str:
    """A name that every file system takes."""
    safe = re.sub(r"[^\w.-]+", "-", machine).strip("-.") or "machine"
    return f"{safe[:80]}-{now:%Y-%m-%d-%H%M%S}.{ending}"


def _write(image: QImage, path: Path) -> str:
    """On a worker thread: whole or not at all; the system's words if it failed."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    # PySide takes a str here, whatever its stubs say.
    if not image.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        return file.errorString()
    return ""
