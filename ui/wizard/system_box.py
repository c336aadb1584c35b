"""Choosing an operating system by typing a part of its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from app.i18n import _
from app.install.osinfo import GENERIC, SystemName


class SystemBox(QComboBox):
    """An editable list: the recognised system, “Other”, current systems, and below a line those that have ended.

    picked: the id of the chosen system ("" for Other), only when the user chose it.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.setLineEdit(self.edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self._names: tuple[SystemName, ...] = ()
        self._shown = ("", "")
        self._ids: list[str] = []
        self.matches = QCompleter(self.model(), self)
        self.matches.setFilterMode(Qt.MatchFlag.MatchContains)
        self.matches.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.matches.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(self.matches)
        self.edit.setPlaceholderText(_("Type a part of the name"))
        self.activated.connect(self._activated)
        self._fill()

    def set_names(self, names: Sequence[SystemName]) -> None:
        """The database's systems, newest first."""
        self._names = tuple(names)
        self._fill()

    def show_system(self, os_id: str, text: str) -> None:
        """What is chosen now, under the words ``text`` (“Other, treated like …”)."""
        if self._shown != (os_id, text):
            self._shown = (os_id, text)
            self._fill()
        else:
            self.setCurrentIndex(0)

    def _fill(self) -> None:
        blocked = self.blockSignals(True)
        self.clear()
        os_id, text = self._shown
        self._ids = []
        if text:
            self._add([(text, os_id)])
        if text != _(GENERIC.name.name):
            self._add([(_(GENERIC.name.name), "")])
        rest = [name for name in self._names if name.id != os_id or name.name != text]
        for ended in (False, True):
            group = [name for name in rest if (name.ended or name.prerelease) is ended]
            if group:
                self.insertSeparator(self.count())
                self._ids.append("")
            ended_words = _("{system} (no longer supported)")
            self._add([(ended_words.format(system=name.name) if name.ended else name.name, name.id) for name in group])
        self.setCurrentIndex(0)
        self.blockSignals(blocked)

    def _add(self, entries: list[tuple[str, str]]) -> None:
        """Hundreds of items in one call; their ids are kept beside, as data of each would be a call of its own."""
        self.addItems([words for words, _id in entries])
        self._ids += [os_id for _words, os_id in entries]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving takes what was typed; the list of matches opening is no leaving."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def commit(self) -> bool:
        """Takes what was typed: True if it is another system, which then is told by ``picked``; text that names nothing
        goes back to what is chosen."""
        text = self.edit.text().strip()
        if text == self._shown[1]:
            return False
        index = self.findText(text, Qt.MatchFlag.MatchFixedString)
        if index > 0:
            self._activated(index)
            return True
        self.edit.setText(self._shown[1])
        return False

    def _activated(self, index: int) -> None:
        if index > 0:
            self.picked.emit(self._ids[index])
