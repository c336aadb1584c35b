"""An installer in the network: its address, looked up in the background while it is typed."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.install import osinfo
from app.install.background import in_thread
from app.install.sources.fetched import FetchedTree
from app.install.tree.find import find
from ui.aio import spawn
from ui.wizard.sources.editor import Desk, SourceEditor

PAUSE_MS = 700
"""After the last key."""


class TreeEditor(SourceEditor):
    """One line, and below it what was found there."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.url = QLineEdit()
        self.url.setAccessibleName(_("Address of the installer"))
        self.url.setPlaceholderText("https://deb.debian.org/debian/dists/stable/")
        self.url.setClearButtonEnabled(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.url)
        column.addWidget(self.hint)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self.look_up)
        self.url.textChanged.connect(self._typed)
        self.url.editingFinished.connect(self._left)

    def begin(self) -> None:
        self._typed(self.url.text())
        self.url.setFocus()

    def _typed(self, text: str) -> None:
        self._soon.stop()
        if not text.strip():
            self.hint.say(_("The folder with the installer, not a file in it."))
            self.say(None, _("Give the installer's address."))
            return
        self.say(None, _("The address is being looked at. Try again in a moment."))
        self.hint.say(_("Looking there…"))
        self._soon.start()

    def _left(self) -> None:
        if self._soon.isActive():
            self._soon.stop()
            self.look_up()

    def look_up(self) -> None:
        """Now, not in a moment."""
        spawn(self._find(self.url.text().strip()), self)

    async def _find(self, url: str) -> None:
        arch = self.desk.survey.arch or "x86_64"
        try:
            tree = await find(url, arch)
            what = _("The list of systems cannot be read.")
            known = await in_thread(lambda: osinfo.system(tree.os_id), timeout_s=20.0, what=what) if tree.os_id else None
        except HostelryError as error:
            if url == self.url.text().strip():
                self.hint.say(str(error), "dialog-error")
                self.say(None, error.what)
            return
        if url != self.url.text().strip():
            return  # another address was typed meanwhile
        title = tree.title or _("an installer")
        self.hint.say(_("Found: {title}. Kernel and ramdisk are fetched when the machine is made.").format(title=title))
        self.say(FetchedTree(tree.url, tree.kernel, tree.initrd, tree.arguments, known, found=tree))
