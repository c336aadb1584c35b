"""A machine's notes, kept in its own definition, so that they travel with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.model.definition import NAMESPACE, read_notes, with_notes
from app.model.records import DomainRef
from app.virt import domains
from ui.aio import spawn
from ui.icons import icon
from ui.plain import label as plain_label

if TYPE_CHECKING:
    from app.hosts.host import Host

LINES = 5


class Notes(QWidget):
    """Saved by a button; text that somebody else saved meanwhile is never overwritten unseen."""

    def __init__(self, host: Host, ref: DomainRef) -> None:
        super().__init__()
        self._host, self._ref = host, ref
        self._known = ""
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(_("What this machine is for, and who to ask about it…"))
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Notes"))
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * LINES + 16)
        self.text.textChanged.connect(self._edited)
        self.save = QPushButton(icon("document-save"), _("&Save notes"))
        self.revert = QPushButton(icon("edit-undo"), _("&Discard changes"))
        self.says = plain_label()
        self.says.setWordWrap(True)
        self.save.clicked.connect(lambda: spawn(self.store(), self, name="save notes"))
        self.revert.clicked.connect(lambda: self._show(self._known))
        self._arrange()
        self._edited()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.says, 1)
        row.addWidget(self.revert)
        row.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addLayout(row)

    @property
    def edited(self) -> bool:
        """True while there is something to save."""
        return self.text.toPlainText() != self._known

    def _edited(self) -> None:
        for button in (self.save, self.revert):
            button.setVisible(self.edited)

    def _show(self, notes: str) -> None:
        self._known = notes
        self.text.setPlainText(notes)
        self.says.clear()

    async def load(self) -> None:
        """Shows what the machine holds, unless the user is writing."""
        try:
            notes = read_notes(await self._read())
        except HostelryError:
            return
        if not self.edited:
            self._show(notes)

    async def store(self) -> None:
        """Writes, if nobody else has written since it was read; else shows both texts."""
        wanted = self.text.toPlainText()
        self.save.setEnabled(False)
        try:
            metadata = await self._read()
            if read_notes(metadata) != self._known:
                self._conflict(read_notes(metadata), wanted)
                return
            await domains.set_metadata(self._host.session, self._ref.uuid, with_notes(metadata, wanted), namespace=NAMESPACE)
        except HostelryError as error:
            self.says.setText(str(error))
            return
        finally:
            self.save.setEnabled(True)
        self._known = wanted
        self.says.setText(_("Saved in the machine's definition."))
        self._edited()

    def _conflict(self, theirs: str, mine: str) -> None:
        self._known = theirs
        self.text.setPlainText(f"{theirs}\n\n{mine}" if theirs else mine)
        self.says.setText(_("Somebody changed the notes meanwhile. Both texts are shown; edit them and save again."))

    async def _read(self) -> str:
        return await domains.metadata(self._host.session, self._ref.uuid, NAMESPACE)
