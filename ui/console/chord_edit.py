"""A button that takes the keys which are pressed next: for the release key, shortcuts and combinations."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.console.keys.chords import Chord, Key, key_of
from app.i18n import _
from ui.console.keymap import scancode
from ui.plain import label as plain_label

_LABELLED = range(0x21, 0x180)
"""Qt's key numbers that are the character on the key."""


class Recorder:
    """Adds up the keys of one chord: it is whole when a key that is no modifier goes down, or all are let go."""

    def __init__(self) -> None:
        self._keys: list[tuple[Key, str]] = []
        self._down: set[int] = set()

    def press(self, code: int, label: str = "") -> Chord | None:
        """A key went down, on which ``label`` is printed; the chord if it is whole."""
        key = key_of(code, either_side=True)
        if key is None or code in self._down:
            return None
        self._down.add(code)
        self._keys.append((key, label if label and label != key.name and not key.title else ""))
        return None if key.modifier else self._chord()

    def release(self, code: int) -> Chord | None:
        """A key went up; the chord if modifiers alone are one."""
        if code not in self._down:
            return None
        if len(self._keys) == 1:  # a modifier alone: which of the two matters
            one = key_of(code)
            self._keys = [(one, "")] if one is not None else self._keys
        return self._chord()

    @property
    def text(self) -> str:
        """What is held so far."""
        return self._chord().text if self._keys else ""

    def _chord(self) -> Chord:
        keys = {key.name: (key, label) for key, label in self._keys}
        return Chord(tuple(key for key, _label in keys.values()), tuple(label for _key, label in keys.values()))


class ChordButton(QPushButton):
    """Shows a chord; pressed, it takes the next one.  ``recorded``: the user pressed this; Esc alone gives up."""

    recorded = Signal(object)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._text = text
        self._recorder: Recorder | None = None
        self.setAutoDefault(False)
        self.clicked.connect(lambda _checked=False: self.begin())

    @property
    def recording(self) -> bool:
        """True while it waits for keys."""
        return self._recorder is not None

    def show_text(self, text: str) -> None:
        """What it shows while it is not recording."""
        self._text = text
        if not self.recording:
            self.setText(text)

    def begin(self) -> None:
        """Waits for keys, also for those that the desktop would take (X11)."""
        self._recorder = Recorder()
        self.setText(_("Press the keys (Esc: leave as it is)"))
        self.grabKeyboard()

    def end(self) -> None:
        """Back to what it shows."""
        if self._recorder is not None:
            self._recorder = None
            self.releaseKeyboard()
            self.setText(self._text)

    def event(self, event: QEvent) -> bool:
        """All keys are wanted, Tab and the window's shortcuts too."""
        if isinstance(event, QKeyEvent) and self._recorder is not None:
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._press(self._recorder, event)
            elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._done(self._recorder.release(scancode(event.nativeScanCode(), event.key())))
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere does not want it."""
        self.end()
        super().focusOutEvent(event)

    def _press(self, recorder: Recorder, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not recorder.text:
            self.end()
            return
        label = chr(event.key()).upper() if event.key() in _LABELLED else ""
        whole = recorder.press(scancode(event.nativeScanCode(), event.key()), label if label.isalnum() else "")
        self.setText(recorder.text or self.text())
        self._done(whole)

    def _done(self, whole: Chord | None) -> None:
        if whole is not None:
            self.end()
            self.recorded.emit(whole)


class ChordEdit(QWidget):
    """One chord, and why a chord that was just tried is none to take.  ``changed``: another one was taken."""

    changed = Signal(object)

    def __init__(self, one: Chord, objection: Callable[[Chord], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._objection = objection
        self.button = ChordButton(one.text)
        self.reason: QLabel = plain_label()
        self.reason.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.reason, 1)
        self.setFocusProxy(self.button)
        self.button.recorded.connect(self.take)

    def take(self, one: Chord) -> None:
        """Shows it, or why not."""
        why = self._objection(one)
        self.reason.setText(_("{keys}: {reason}").format(keys=one.text, reason=why) if why else "")
        if not why:
            self.button.show_text(one.text)
            self.changed.emit(one)
