"""Finding in the text: a bar below it, with the count and both directions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.i18n import _, ngettext
from ui.icons import icon
from ui.xml.editor import XmlEditor

MOST = 2_000


class FindBar(QWidget):
    """Hidden until ``open``; Return goes on, Shift+Return back, Escape closes."""

    closed = Signal()

    def __init__(self, editor: XmlEditor) -> None:
        super().__init__()
        self._editor = editor
        self._places: list[QTextCursor] = []
        self.field, self.count, self.case = QLineEdit(), QLabel(), QCheckBox(_("Match case"))
        self.field.setPlaceholderText(_("Find in the text"))
        self.field.setAccessibleName(_("Find in the text"))
        self.field.setClearButtonEnabled(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addWidget(self._button("go-up", _("The one before (Shift+Return)"), lambda: self.go(-1)))
        row.addWidget(self._button("go-down", _("The next one (Return)"), lambda: self.go(1)))
        row.addWidget(self.case)
        row.addWidget(self._button("window-close", _("Close (Escape)"), self.close_bar))
        self.field.textChanged.connect(lambda _text: self.search())
        self.case.toggled.connect(lambda _on: self.search())
        editor.textChanged.connect(self._text_changed)
        self.hide()

    def _button(self, icon_name: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(icon_name))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(slot)
        return button

    def open(self) -> None:
        """Shows it, with what is selected in the text."""
        selected = self._editor.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.field.setText(selected)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self.search()

    def close_bar(self) -> None:
        """Hides it and gives the keyboard back to the text."""
        self.hide()
        self._places = []
        self._editor.show_found([])
        self._editor.setFocus()
        self.closed.emit()

    def _text_changed(self) -> None:
        if self.isVisible():
            self.search(move=False)

    def search(self, *, move: bool = True) -> None:
        """Marks every place; with ``move`` goes to the first behind the cursor."""
        text = self.field.text()
        self._places = self._find_all(text) if text else []
        self._editor.show_found(self._places)
        self._say(text)
        if move and self._places:
            self.go(0)

    def _find_all(self, text: str) -> list[QTextCursor]:
        flags = QTextDocument.FindFlag.FindCaseSensitively if self.case.isChecked() else QTextDocument.FindFlag(0)
        found: list[QTextCursor] = []
        cursor = QTextCursor(self._editor.document())
        while len(found) < MOST:
            cursor = self._editor.document().find(text, cursor, flags)
            if cursor.isNull():
                break
            found.append(QTextCursor(cursor))
        return found

    def _say(self, text: str) -> None:
        number = len(self._places)
        places = ngettext("{count} place", "{count} places", number).format(count=number)
        self.count.setText("" if not text else places if number else _("Not found"))

    def go(self, step: int) -> None:
        """To the next place (1), the one before (-1), or the first at or behind the cursor (0), around the ends."""
        if not self._places:
            return
        here = self._editor.textCursor()
        starts = [place.selectionStart() for place in self._places]
        if step < 0:
            earlier = [number for number, start in enumerate(starts) if start < here.selectionStart()]
            number = earlier[-1] if earlier else len(starts) - 1
        else:
            least = here.selectionStart() + (1 if step else 0)
            number = next((number for number, start in enumerate(starts) if start >= least), 0)
        place = self._places[number]
        self._editor.folds.reveal(place.blockNumber())
        self._editor.setTextCursor(place)
        self._editor.centerCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
