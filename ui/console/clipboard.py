"""The clipboard between this desktop and a guest: text, and pictures where the protocol has them.

What was copied here is offered when the console gets the keyboard, and while it has it.  What a guest copies is taken only from
a console that is in sight: a guest in a hidden tab must not change what is pasted elsewhere.  The primary selection (middle
mouse button) is left alone.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QAction, QClipboard, QGuiApplication, QImage

from app.actions.context import Notice
from app.console.capabilities import ClipboardSwitch, ImageClipboard
from app.console.client import ConsoleClient
from app.i18n import _
from app.settings import options
from ui.aio import spawn
from ui.console.console_bar import ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.share_menu import share_menu

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

MAX_TEXT = 1024 * 1024
MAX_PICTURE = 64 * 1024 * 1024
"""Bytes of PNG."""

Known = str | bytes | None
"""What both sides have: a text, or the digest of a picture."""


class Clipboard(ConsoleFeature):
    """One console's.  ``_known`` keeps what came from one side from going back to it."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._client: ConsoleClient | None = None
        self._known: Known = None
        self._ours = False
        self._stale = True
        self._switch = QAction(_("Share the clipboard"), self)
        self._switch.setCheckable(True)
        self._switch.setChecked(console.ctx.settings.get(options.CONSOLE_CLIPBOARD))
        self._switch.setToolTip(_("What is copied here can be pasted in the guest, and the other way round"))
        self._switch.toggled.connect(self._on_switch)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._on_changed)
        console.display.captured_changed.connect(self._on_captured)

    def dress(self, bar: ConsoleBar) -> None:
        """The switch of this console; the preferences say how it is at first."""
        share_menu(bar).addAction(self._switch)

    def client_changed(self, client: ConsoleClient | None) -> None:
        """A new connection has heard of nothing yet."""
        self._client, self._known, self._stale = client, None, True
        if client is not None:
            client.cut_text.connect(self._take_text)
            if isinstance(client, ImageClipboard):
                client.cut_image.connect(self._take_picture)
            self._tell_switch()

    def live_changed(self, live: bool) -> None:
        """It may have the keyboard already."""
        if live and self.console.display.captured:
            self._offer()

    def end(self) -> None:
        """Listens no more."""
        self._clipboard.dataChanged.disconnect(self._on_changed)
        self._client = None

    def _tell_switch(self) -> None:
        """A protocol that has to ask the guest does not even do that while it is off."""
        if isinstance(self._client, ClipboardSwitch):
            self._client.take_clipboard(self._switch.isChecked())

    def _on_switch(self, on: bool) -> None:
        self._tell_switch()
        self._known, self._stale = None, True  # what was offered is taken back by the switch
        if on and self.console.display.captured:
            self._offer()

    def _on_changed(self) -> None:
        self._stale = True
        if self.console.display.captured:
            self._offer()

    def _on_captured(self, captured: bool) -> None:
        if captured and not self._stale:
            self._offer_again()
        elif captured:
            self._offer()

    def _offer_again(self) -> None:
        """The guest's agent may have come meanwhile: QEMU does not tell it what was offered before."""
        if self._client is not None and self._ours and isinstance(self._known, str) and self._switch.isChecked():
            self._client.send_text(self._known)

    # From here to the guest.

    def _offer(self) -> None:
        """Reads the clipboard only if it has changed: its owner may be slow to answer."""
        client = self._client
        if client is None or not self._switch.isChecked() or not self._stale or not client.features.clipboard:
            return
        self._stale = False
        data = self._clipboard.mimeData(QClipboard.Mode.Clipboard)
        if data is None:
            return
        if data.hasText():
            self._offer_text(client, data.text())
        elif data.hasImage() and client.features.clipboard_images:
            spawn(self._offer_picture(client, self._clipboard.image()), self, name="console: clipboard picture")

    def _offer_text(self, client: ConsoleClient, text: str) -> None:
        if len(text) > MAX_TEXT:
            self.console.ctx.ui.notify(Notice(_("What you copied is too long to be shared with the guest."), key="clipboard"))
        elif text and text != self._known:
            self._known, self._ours = text, True
            client.send_text(text)

    async def _offer_picture(self, client: ConsoleClient, image: QImage) -> None:
        png = await asyncio.to_thread(_png, image)
        if png and self._client is client and isinstance(client, ImageClipboard) and _digest(png) != self._known:
            self._known = _digest(png)
            client.send_image(png)

    # From the guest.

    @property
    def _welcome(self) -> bool:
        return self._switch.isChecked() and self.console.display.isVisible()

    def _take_text(self, text: str) -> None:
        self._ours = self._ours and text == self._known
        if self._welcome and text and text != self._known:
            self._known = text
            self._clipboard.setText(text)
            self._stale = False

    def _take_picture(self, png: bytes) -> None:
        if self._welcome and len(png) <= MAX_PICTURE and _digest(png) != self._known:
            spawn(self._show_picture(png), self, name="console: picture of the guest")

    async def _show_picture(self, png: bytes) -> None:
        image = await asyncio.to_thread(_decoded, png)
        # What the desktop gives back is encoded anew: that is what would come around.
        known = _digest(await asyncio.to_thread(_png, image))
        if not image.isNull() and self._welcome:
            self._known = known
            self._clipboard.setImage(image)
            self._stale = False


def _png(image: QImage) -> bytes:
    """On a thread; empty if it is no picture, or too large."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # bytes are what the stubs want, and Qt not
        return b""
    data = bytes(buffer.data().data())
    return data if len(data) <= MAX_PICTURE else b""


def _decoded(data: bytes) -> QImage:
    """On a thread.  PNG, or BMP or JPEG where a guest has nothing better; no other reader of pictures sees a guest's bytes."""
    kind = next((kind for magic, kind in ((b"BM", "BMP"), (b"\xff\xd8", "JPEG")) if data.startswith(magic)), "PNG")
    return QImage.fromData(data, kind)  # type: ignore[arg-type]  # see _png


def _digest(png: bytes) -> bytes:
    return hashlib.sha256(png).digest()
