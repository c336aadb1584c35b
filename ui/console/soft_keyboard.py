"""A keyboard on the screen for a guest: by mouse or finger, with the guest's own layout on its keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from app.console.keys.board import ROWS
from app.console.keys.chords import KEYS, Key
from app.console.keys.layout import Layout
from app.i18n import _
from ui.console.keyboard import SendKey

SHORT: Mapping[str, str] = {
    "Escape": "Esc", "Backspace": "⌫", "Tab": "Tab", "CapsLock": "Caps", "Return": "⏎", "LeftShift": "⇧", "RightShift": "⇧",
    "LeftCtrl": "Ctrl", "RightCtrl": "Ctrl", "LeftAlt": "Alt", "RightAlt": "AltGr", "LeftSuper": "Super", "RightSuper": "Super",
    "Menu": "☰", "Space": "", "Print": "PrtSc", "ScrollLock": "ScrLk", "Pause": "Pause", "Insert": "Ins", "Delete": "Del",
    "Home": "Home", "End": "End", "PageUp": "PgUp", "PageDown": "PgDn", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→",
}  # fmt: skip
"""What is printed on keys that write nothing; the same on most keyboards of the world."""

REPEAT_AFTER_MS, REPEAT_MS = 500, 60


class SoftKey(QToolButton):
    """One key; takes no focus, so that the guest's screen keeps it."""

    def __init__(self, key: Key, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setCheckable(key.modifier)
        self.setAutoRepeat(not key.modifier)
        self.setAutoRepeatDelay(REPEAT_AFTER_MS)
        self.setAutoRepeatInterval(REPEAT_MS)
        self.say("")

    def say(self, char: str) -> None:
        """What it writes now; "" for keys that write nothing."""
        text = char or SHORT.get(self.key.name, self.key.text)
        self.setText(f"{text} •" if self.isChecked() else text.replace("&", "&&"))
        self.setAccessibleName(char or self.key.text)

    def sizeHint(self) -> QSize:
        """Room for a finger."""
        return QSize(24, self.fontMetrics().height() * 2)

    def minimumSizeHint(self) -> QSize:
        """A narrow window has narrow keys."""
        return QSize(8, self.sizeHint().height())


class SoftKeyboard(QWidget):
    """Sends keys by their places.  A modifier holds until the next other key, or until it is pressed again.

    ``send`` is called with scancode, keysym, pressed.
    """

    def __init__(self, send: SendKey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._layout: Layout | None = None
        self.setAccessibleName(_("Keyboard on the screen"))
        self.keys: dict[str, SoftKey] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(2)
        for row, places in enumerate(ROWS):
            self._add_row(row, places)

    def _add_row(self, row: int, places: tuple[tuple[str, int], ...]) -> None:
        column = 0
        for name, width in places:
            if name:
                key = self.keys[name] = SoftKey(KEYS[name], self)
                self._connect(key)
                self._grid.addWidget(key, row, column, 1, width)
            for each in range(column, column + width):
                self._grid.setColumnStretch(each, 1)
                self._grid.setColumnMinimumWidth(each, 1)
            column += width

    @property
    def held(self) -> list[SoftKey]:
        """The modifiers that are down."""
        return [key for key in self.keys.values() if key.key.modifier and key.isChecked()]

    def use_layout(self, layout: Layout | None) -> None:
        """What is printed on the keys; None: American."""
        self._layout = layout
        self._print()

    def let_go(self) -> None:
        """No modifier stays down."""
        for key in self.held:
            key.setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Letters that fit their keys."""
        super().resizeEvent(event)
        size = max(7, min(self.font().pointSize() + 2, self.width() // 75))
        for key in self.keys.values():
            font = key.font()
            font.setPointSize(size if len(key.text()) < 3 else max(6, size - 2))
            key.setFont(font)

    def _connect(self, key: SoftKey) -> None:
        if key.key.modifier:
            key.toggled.connect(lambda down: self._hold(key.key, down))
        else:
            key.pressed.connect(lambda: self._send(key.key.codes[0], key.key.keysym, True))
            key.released.connect(lambda: self._release(key))

    def _hold(self, key: Key, down: bool) -> None:
        self._send(key.codes[0], key.keysym, down)
        self._print()

    def _release(self, key: SoftKey) -> None:
        """While it repeats it is still down, and the modifiers are too."""
        self._send(key.key.codes[0], key.key.keysym, False)
        if not key.isDown():
            self.let_go()

    def _print(self) -> None:
        names = {key.key.name for key in self.held}
        level = (2 if "RightAlt" in names else 0) + (1 if names & {"LeftShift", "RightShift"} else 0)
        for key in self.keys.values():
            key.say(self._printed(key.key, level))

    def _printed(self, key: Key, level: int) -> str:
        if self._layout is None or key.modifier or key.name in SHORT or key.name[1:].isdigit():
            return ""
        labels = self._layout.labels.get(key.codes[0], ())
        return labels[level] if level < len(labels) else ""
