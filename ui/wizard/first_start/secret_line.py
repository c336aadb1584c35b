"""A line for a password that is hashed when it is left, and then forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import Invalid
from app.i18n import _


class SecretLine(QLineEdit):
    """edited: another hash, or none.  ``hashed`` is it; what was typed is not kept."""

    edited = Signal()

    def __init__(self, make_hash: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_hash, self.hashed = make_hash, ""
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setClearButtonEnabled(True)
        self.editingFinished.connect(self.commit)
        self.textEdited.connect(self._typed)
        self._say()

    def _typed(self, text: str) -> None:
        if not text and self.hashed:
            self.forget()

    def commit(self) -> None:
        """Takes what was typed: it is a hash from now on."""
        if self.text():
            try:
                self.hashed = self._make_hash(self.text())
            except Invalid as fault:
                self.clear()
                self.setPlaceholderText(fault.what)
                return
            self.clear()
            self._say()
            self.edited.emit()

    def forget(self) -> None:
        """No password."""
        self.hashed = ""
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        self.setPlaceholderText(_("Set; type to change it") if self.hashed else _("None: log in by key"))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()
