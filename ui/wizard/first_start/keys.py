"""SSH keys that may log in: those of this computer to tick, and a line for another one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.i18n import _
from app.install.seed import keys
from app.install.seed.keys import PublicKey
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

_LINES = 4


class KeyList(QWidget):
    """edited: another choice.  ``lines``: what goes into authorized_keys."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list, self.line, self.hint = QListWidget(), QLineEdit(), Hint()
        self.list.setAccessibleName(_("SSH keys"))
        self.line.setAccessibleName(_("Another key"))
        self.line.setPlaceholderText(_("Another public key: ssh-ed25519 AAAA…"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.list, self.line, self.hint):
            column.addWidget(widget)
        self.list.itemChanged.connect(lambda _item: self.edited.emit())
        self.line.returnPressed.connect(self._add_typed)
        self.line.textChanged.connect(self._typed)
        self._fit()

    async def load(self) -> None:
        """Those of ``~/.ssh`` and the agent; all are ticked, as they are the user's own."""
        for key in await keys.find():
            self._add(key)
        self.hint.say("" if self.list.count() else _("There is no key on this computer. “ssh-keygen” makes one."))
        self._fit()
        self.edited.emit()

    def _add(self, key: PublicKey) -> None:
        where = key.file.name if key.file else _("the agent") if key.in_agent else _("typed")
        item = QListWidgetItem(
            _("{name} ({kind}, {where})").format(name=key.comment or key.fingerprint, kind=key.kind, where=where)
        )
        item.setToolTip(plain_tip(key.fingerprint))
        item.setData(Qt.ItemDataRole.UserRole, key.line)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked)
        self.list.addItem(item)
        self._fit()

    def _fit(self) -> None:
        lines = min(_LINES, max(1, self.list.count()))
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(self.fontMetrics().height() * lines * 5 // 4 + 2 * self.list.frameWidth() + 2)
        self.setFocusProxy(self.list if self.list.count() else self.line)  # a hidden one would hold Tab before it

    def _typed(self, text: str) -> None:
        """A pasted key is taken at once."""
        if keys.parse(text) is not None and text.count(" ") >= 2:
            self._add_typed()
        elif "PRIVATE KEY" in text:
            self.line.clear()
            self.hint.say(_("That was a private key. Use the public one, from the file whose name ends in .pub."), "dialog-error")

    def _add_typed(self) -> None:
        key = keys.parse(self.line.text())
        if key is None:
            text = _("This is no public key. One line of a file whose name ends in .pub is needed.")
            self.hint.say(text if self.line.text().strip() else "", "dialog-error")
            return
        self.line.clear()
        self.hint.say("")
        self._add(key)
        self.edited.emit()

    def lines(self) -> tuple[str, ...]:
        """The ticked ones."""
        items = [self.list.item(number) for number in range(self.list.count())]
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked)
