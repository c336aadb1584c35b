"""On, off, or not said: a box that tells which of the three, in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget


class SwitchEditor(QCheckBox):
    """typed: the value that was chosen.  words: of a value, or of none.

    A click goes from on to off and back; what is not said becomes the opposite of the default.  Delete says nothing again.
    """

    typed = Signal(object)
    widest = 46

    def __init__(
        self, on: str, off: str | None, words: Callable[[str | None], str], *, default: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._on, self._off, self._words, self._default = on, off, words, default
        self._value: str | None = None
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.show_value(None)

    def value(self) -> str | None:
        """``on``, ``off`` or None; any other text that the machine has."""
        return self._value

    def show_value(self, value: str | None) -> None:
        """Ticked, empty, or neither."""
        self._value = value
        unsaid = value not in (self._on, self._off)
        self.setTristate(unsaid)
        state = (
            Qt.CheckState.PartiallyChecked if unsaid else Qt.CheckState.Checked if value == self._on else Qt.CheckState.Unchecked
        )
        if self.checkState() != state:
            self.setCheckState(state)
        words = self._words(value)
        if self.text() != words:
            self.setText(words)

    def nextCheckState(self) -> None:
        """A click or the space bar."""
        on = self._default != self._on if self._value not in (self._on, self._off) else self._value != self._on
        self._choose(self._on if on else self._off)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take back what was said."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _choose(self, value: str | None) -> None:
        self.show_value(value)
        self.typed.emit(value)

    def set_default(self, words: str) -> None:
        """The box's own words say it."""

    def set_usable(self, on: bool) -> None:
        """Greyed if it cannot be changed."""
        self.setEnabled(on)
