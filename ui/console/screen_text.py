"""Copies text from the picture of a guest's screen: marked by the user, read in a thread, shown and on the clipboard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontDatabase, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QWidget

from app.console.framebuffer import Framebuffer, Rect
from app.errors import HostelryError
from app.i18n import _, ngettext
from ui.aio import ask, spawn
from ui.console.area_picker import AreaPicker
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.dialogs.dialog_parts import PlainDialog
from ui.icons import icon

if TYPE_CHECKING:
    from app.console.reading.reader import ScreenText
    from ui.console.console_view import ConsoleView

KEYS = "Ctrl+T"


class ScreenTexts(ConsoleFeature):
    """An entry of the picture's menu, and Ctrl+T while the guest does not have the keyboard."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.picker: AreaPicker | None = None
        action = QAction(self)
        action.setShortcut(QKeySequence(KEYS))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)  # while the picture is seen, also from the tab bar
        action.triggered.connect(self.begin)
        console.place.addAction(action)

    def dress(self, bar: ConsoleBar) -> None:
        """See the class."""
        action = bar.menus[BarMenu.PICTURE].addAction(icon("edit-select-text"), _("Copy text from the screen…") + f"\t{KEYS}")
        action.triggered.connect(self.begin)

    def live_changed(self, live: bool) -> None:
        """Without a picture there is nothing to mark."""
        if not live and self.picker is not None:
            self.picker.end()

    def end(self) -> None:
        """The page is closed."""
        if self.picker is not None:
            self.picker.end()

    def begin(self) -> None:
        """The user marks a part."""
        if self.picker is None and self.console.display.picture.framebuffer is not None and self.console.display.isVisible():
            self.console.display.give_back()  # the keyboard stays here, for the next key of ours
            self.picker = AreaPicker(self.console.place, self.console.display)
            self.picker.picked.connect(self._read)
            self.picker.over.connect(self._over)

    def _over(self) -> None:
        self.picker = None
        if self.console.display.isVisible():
            self.console.display.setFocus()

    def _read(self, area: Rect) -> None:
        framebuffer = self.console.display.picture.framebuffer
        if framebuffer is not None:
            spawn(self._show(framebuffer, area), self, name="console: text from the screen")

    async def _show(self, framebuffer: Framebuffer, area: Rect) -> None:
        try:
            found = await asyncio.to_thread(_read_on_thread, framebuffer, area)
        except HostelryError as error:
            await self.console.ctx.ui.show_error(error)
            return
        if found.text:
            QGuiApplication.clipboard().setText(found.text)
        await ask(TextDialog(found, self.console.place.window()))


def _read_on_thread(framebuffer: Framebuffer, area: Rect) -> ScreenText:
    from app.console.reading import reader  # noqa: PLC0415 (numpy takes long to import, and few ask for text)

    pixels = bytes(framebuffer.pixels)  # a copy: the guest goes on painting
    picture = reader.Picture(pixels, framebuffer.width, framebuffer.height, framebuffer.stride)
    return reader.read(picture, area)


class TextDialog(PlainDialog):
    """What was read; it can be corrected and copied again."""

    def __init__(self, found: ScreenText, parent: QWidget | None) -> None:
        super().__init__(parent, _("Text from the screen"), "edit-select-text")
        self.add_text(_verdict(found))
        self.edit = QPlainTextEdit(found.text)
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.setAccessibleName(_("Text from the screen"))
        self.edit.setMinimumSize(560, 260)
        self.edit.selectAll()
        self.body.addWidget(self.edit, 1)
        copy = self.add_button(_("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.edit.toPlainText()))
        copy.setEnabled(bool(found.text))
        self.edit.textChanged.connect(lambda: copy.setEnabled(bool(self.edit.toPlainText())))
        close = self.add_button(_("Close"), QDialogButtonBox.ButtonRole.RejectRole, default=True)
        close.clicked.connect(self.reject)
        self.edit.setFocus()  # Space is for the text


def _verdict(found: ScreenText) -> str:
    if not found.text:
        return _("No text was found there. Try again with a larger or a closer area.")
    if not found.exact:
        return _("This was copied. It was read from the picture by tesseract, so look it over.")
    if found.unknown:
        text = ngettext(
            "This was copied. {count} character is not in the console's font.",
            "This was copied. {count} characters are not in the console's font.",
            found.unknown,
        )
        return text.format(count=found.unknown)
    return _("This was copied, exactly as it stands on the screen.")
