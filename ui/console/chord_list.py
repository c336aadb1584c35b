"""A list of chords to which people add, and which they sort: combinations to send, shortcuts that stay here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.console.keys.chords import Chord, parse
from app.i18n import _
from ui.console.chord_edit import ChordButton
from ui.icons import icon

_LINES = 7
_KEPT = 0x100
"""The role (from Qt's UserRole on) under which a row keeps its chord as it is saved."""


class ChordList(QWidget):
    """``changed``: the chords in their order."""

    changed = Signal(object)

    def __init__(self, chords: Sequence[Chord], defaults: Sequence[Chord] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._defaults = defaults
        self.rows = QListWidget()
        self.rows.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 2 * self.rows.frameWidth())
        self.add = ChordButton(_("Add…"))
        self.add.recorded.connect(self._add)
        self.remove = self._button("list-remove", _("Remove"), lambda: self._remove(self.rows.currentRow()))
        self.up = self._button("go-up", _("Move up"), lambda: self._move(-1))
        self.down = self._button("go-down", _("Move down"), lambda: self._move(1))
        self.reset = self._button("edit-undo", _("The usual ones"), lambda: self._show(self._defaults))
        self._arrange()
        self._fill(chords)
        self.rows.currentRowChanged.connect(lambda _row: self._enable())
        self._enable()

    @property
    def chords(self) -> list[Chord]:
        """As shown."""
        saved = (parse(self.rows.item(row).data(_KEPT)) for row in range(self.rows.count()))
        return [one for one in saved if one is not None]

    def setAccessibleName(self, name: str) -> None:
        """Of the list itself."""
        super().setAccessibleName(name)
        self.rows.setAccessibleName(name)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        for button in (self.add, self.remove, self.up, self.down, self.reset):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        column.addLayout(buttons)

    def _button(self, icon_name: str, text: str, press: Callable[[], None]) -> QPushButton:
        button = QPushButton(icon(icon_name), "")
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: press())
        return button

    def _fill(self, chords: Sequence[Chord]) -> None:
        self.rows.clear()
        for one in chords:
            self._append(one)

    def _append(self, one: Chord) -> None:
        item = QListWidgetItem(one.text)
        item.setData(_KEPT, one.saved)
        self.rows.addItem(item)

    def _add(self, one: Chord) -> None:
        """One that is there already is only shown."""
        known = [each.saved for each in self.chords]
        if one.saved not in known:
            self._append(one)
            self.changed.emit(self.chords)
        self.rows.setCurrentRow(known.index(one.saved) if one.saved in known else self.rows.count() - 1)

    def _remove(self, row: int) -> None:
        self.rows.takeItem(row)
        self.changed.emit(self.chords)
        self._enable()

    def _move(self, by: int) -> None:
        row = self.rows.currentRow()
        item = self.rows.takeItem(row)
        self.rows.insertItem(row + by, item)
        self.rows.setCurrentRow(row + by)
        self.changed.emit(self.chords)

    def _show(self, chords: Sequence[Chord]) -> None:
        self._fill(chords)
        self.changed.emit(self.chords)
        self._enable()

    def _enable(self) -> None:
        row, count = self.rows.currentRow(), self.rows.count()
        self.remove.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
