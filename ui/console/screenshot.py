"""Writes a picture of the screen to a file that the user chooses."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSaveFile
from PySide6.QtGui import QImage

from app.actions.interface import Notice, UserInterface
from app.errors import Failed
from app.i18n import _


async def save_screenshot(ui: UserInterface, image: QImage, machine: str) -> None:
    """Asks where, writes off the event loop, says how it went."""
    path = await ui.save_file(
        _("Save the picture"), name=file_name(machine, datetime.now()), filters=(_("PNG pictures (*.png)"),)
    )
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
        ui.notify(Notice(_("The picture was saved as {path}.").format(path=path)))


def file_name(machine: str, now: datetime) -> str:
    """A name that every file system takes."""
    safe = re.sub(r"[^\w.-]+", "-", machine).strip("-.") or "machine"
    return f"{safe[:80]}-{now:%Y-%m-%d-%H%M%S}.png"


def _write(image: QImage, path: Path) -> str:
    """On a worker thread: whole or not at all; the system's words if it failed."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    # PySide takes a str here, whatever its stubs say.
    if not image.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        return file.errorString()
    return ""
