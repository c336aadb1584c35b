"""Text of several lines."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.details.fields.line import WIDE

LEAST, MOST = 3, 9
"""Lines that are seen."""


class LinesEditor(QPlainTextEdit):
    """typed: as of ``LineEditor``.  Tab goes on to the next field."""

    typed = Signal(object)
    widest = WIDE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.textChanged.connect(self._changed)

    def _changed(self) -> None:
        self.updateGeometry()
        if not self._filling:
            self.typed.emit(self.value())

    def value(self) -> str | None:
        """None if it is empty."""
        return self.toPlainText() or None

    def show_value(self, value: str | None) -> None:
        """Keeps the cursor where it is while nothing differs; blanks at the end are lost in a document."""
        if (self.value() or "").strip() == (value or "").strip():
            return
        self._filling = True
        self.setPlainText(value or "")
        self._filling = False

    def set_default(self, words: str) -> None:
        """Greyed, while nothing is said."""
        self.setPlaceholderText(words)

    def set_usable(self, on: bool) -> None:
        """Text that cannot be changed can still be marked and copied."""
        self.setReadOnly(not on)
        self.setEnabled(on)

    def sizeHint(self) -> QSize:
        lines = min(MOST, max(LEAST, self.blockCount()))
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + 2 * self.frameWidth() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo is the whole view's."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        else:
            super().keyPressEvent(event)
