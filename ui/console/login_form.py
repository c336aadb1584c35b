"""Name, password and whether to remember them, as a console's cover asks for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.console.client import Credentials
from app.i18n import _
from ui.console.situation import Wants


class LoginForm(QWidget):
    """submitted: Return was pressed in a field."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wants = Wants()
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Name"))
        self.name.setAccessibleName(_("Your name on the screen's server"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(_("Password"))
        self.password.setAccessibleName(_("Password of the screen"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.remember = QCheckBox(_("Remember"))
        self.remember.setToolTip(_("In this desktop's password store (Secret Service), never in a file of this program."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.name, self.password, self.note, self.remember):
            column.addWidget(widget)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submitted)
        self.password.textChanged.connect(self._show_note)
        self._show_note()

    def ask(self, wants: Wants) -> None:
        """Empty fields, but for a name that was given before; the first empty one has the focus."""
        self._wants = wants
        self.name.setVisible(wants.name)
        self.password.clear()
        (self.name if wants.name and not self.name.text() else self.password).setFocus()

    def take(self) -> Credentials | None:
        """What was typed, once; None while something is missing."""
        name, password = self.name.text().strip(), self.password.text()
        if not password or (self._wants.name and not name):
            return None
        self.password.clear()
        return Credentials(name if self._wants.name else None, password)

    def _show_note(self) -> None:
        limit = self._wants.limit
        self.note.setVisible(0 < limit < len(self.password.text().encode("utf-8")))
        self.note.setText(_("VNC sends the first {count} characters only.").format(count=limit))
