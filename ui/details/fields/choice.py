"""One of several values; the list is made when it is needed, as some have hundreds."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.devices.choosing import Option
from ui.details.fields.line import WIDE, same_words
from ui.plain import tip as plain_tip

VALUE = Qt.ItemDataRole.UserRole


class ChoiceEditor(QComboBox):
    """typed: the value that was chosen.

    options: asked when the list is opened.  words: of a value, or of none.  required: something must be chosen.
    free: any other text can be typed.
    """

    typed = Signal(object)
    widest = WIDE

    def __init__(
        self,
        options: Callable[[], list[Option]],
        words: Callable[[str | None], str],
        *,
        required: bool,
        free: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options, self._words, self._required = options, words, required
        self._value: str | None = None
        self._filled = False
        self._line: QLineEdit | None = None
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(self._activated)
        if free:
            self._let_type()

    def _let_type(self) -> None:
        line = QLineEdit()
        self.setEditable(True)
        self.setLineEdit(line)
        self._line = line
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt's documentation: none turns completion off
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        line.textEdited.connect(self._typed)

    def value(self) -> str | None:
        """The value that is shown."""
        return self._value

    def show_value(self, value: str | None) -> None:
        """One entry suffices until the list is opened."""
        same = value == self._value and self.count() > 0
        self._value = value
        if self._line is not None:
            typing = self._line.hasFocus() and same_words(self.currentText(), value)
            if not typing and self.currentText() != (value or ""):
                self.setEditText(value or "")
            return
        if same and not self._filled and self.itemText(0) == self._words(value):
            return
        self._filled = False
        self.clear()
        self.addItem(self._words(value), value)
        if self.hasFocus():
            self._fill()

    def set_default(self, words: str) -> None:
        """Greyed, while nothing is said."""
        if self._line is not None:
            self._line.setPlaceholderText(words)

    def set_usable(self, on: bool) -> None:
        """Greyed if it cannot be changed."""
        self.setEnabled(on)

    def entries(self) -> list[Option]:
        """Everything that can be seen in the list; nothing said comes first."""
        unsaid = [] if self._required and self._value is not None else [Option("", self._words(None))]
        return [*unsaid, *self._options()]

    def _fill(self) -> None:
        text = self.currentText()
        self._filled = True
        self.clear()
        model = cast(QStandardItemModel, self.model())
        for option in self.entries():
            model.appendRow(_item(option))
        self.setCurrentIndex(max(0, self.findData(self._value or "", VALUE)))
        if self.isEditable():
            self.setEditText(text)

    def _activated(self, index: int) -> None:
        value = self.itemData(index, VALUE) or None
        if self.isEditable():
            self.setEditText(value or "")
        if value != self._value:
            self._value = value
            self.typed.emit(value)

    def _typed(self, text: str) -> None:
        self._value = text or None
        self.typed.emit(self._value)

    def showPopup(self) -> None:
        """Asks anew: what the host can give may be known only now."""
        self._fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The arrow keys need the list."""
        if not self._filled and not self.isEditable():
            self._fill()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo is the whole view's."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls the page and changes nothing."""
        event.ignore()


def _item(option: Option) -> QStandardItem:
    item = QStandardItem(option.words or option.value)
    item.setData(option.value, VALUE)
    if option.why_not:
        item.setEnabled(False)
    item.setToolTip(plain_tip("\n".join(part for part in (option.help, option.why_not) if part)))
    return item
