"""Searching in a terminal's lines."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.i18n import _
from ui.icons import icon


class FindBar(QWidget):
    """wanted: the text, whether upwards, whether the next one.  closed: no longer."""

    wanted = Signal(str, bool, bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("Find in what was shown"))
        self.edit.setAccessibleName(_("Text to find"))
        self.edit.setClearButtonEnabled(True)
        self.edit.textChanged.connect(lambda text: self.wanted.emit(text, True, False))
        self.edit.returnPressed.connect(lambda: self._again(True))
        self._answer = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.addWidget(self.edit, 1)
        row.addWidget(self._answer)
        row.addWidget(self._button("go-up", _("Previous (Enter)"), lambda: self._again(True)))
        row.addWidget(self._button("go-down", _("Next (Shift+Enter)"), lambda: self._again(False)))
        row.addWidget(self._button("window-close", _("Close (Esc)"), self.close_bar))

    def open_bar(self, text: str) -> None:
        """With what is selected, if it is one line."""
        if text and "\n" not in text:
            self.edit.setText(text)
        self.show()
        self.edit.setFocus()
        self.edit.selectAll()

    def close_bar(self) -> None:
        """Nothing is marked any more."""
        self.hide()
        self.closed.emit()

    def tell(self, found: bool) -> None:
        """Whether there was one."""
        self._answer.setText("" if found or not self.edit.text() else _("Not found"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Shift+Enter goes down."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._again(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)

    def _again(self, back: bool) -> None:
        shift = self.edit.hasFocus() and bool(_modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.wanted.emit(self.edit.text(), back and not shift, True)

    def _button(self, name: str, text: str, press: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setAutoRaise(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _checked=False: press())
        return button


def _modifiers() -> Qt.KeyboardModifier:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    return QApplication.keyboardModifiers()
