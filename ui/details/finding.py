"""The search over all settings, also those that are not set: a box above the list, and what was found below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.i18n import _
from ui.details.entries import Entry
from ui.icons import icon
from ui.plain import tip as plain_tip

MOST = 60
HIT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Found:
    """One line: the entry, the item's path on its page ("" for the entry itself), and its words."""

    key: str
    path: str
    words: str
    tip: str
    icon: str


class FindBox(QLineEdit):
    """picked: a line was chosen.  ``look(text)`` gives the lines."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Find a setting (Ctrl+F)"))
        self.setAccessibleName(_("Find a setting"))
        self.setClearButtonEnabled(True)
        find = QAction(icon("edit-find"), "", self)
        find.setEnabled(False)
        self.addAction(find, QLineEdit.ActionPosition.LeadingPosition)
        self.results = QListWidget(self)
        self.results.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setFrameShape(QFrame.Shape.StyledPanel)
        self.results.setAccessibleName(_("Settings that were found"))
        self.results.itemClicked.connect(self._pick)
        self.results.hide()
        self.look: Callable[[str], list[Found]] = lambda _text: []
        self.textEdited.connect(lambda _text: self.search())
        self.textChanged.connect(lambda text: self.results.hide() if not text else None)

    def search(self) -> None:
        """Fills the list and shows it."""
        found = self.look(self.text())[:MOST] if self.text().strip() else []
        self.results.clear()
        for one in found:
            item = QListWidgetItem(icon(one.icon), one.words)
            item.setToolTip(plain_tip(one.tip))
            item.setData(HIT, one)
            self.results.addItem(item)
        if not found and self.text().strip():
            nothing = QListWidgetItem(_("No setting has “{text}” in its name, help or XML.").format(text=self.text().strip()))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nothing)
        elif found:
            self.results.setCurrentRow(0)
        self._place()

    def _place(self) -> None:
        if not self.results.count():
            self.results.hide()
            return
        line = max(self.results.sizeHintForRow(0), self.fontMetrics().height() + 4)
        height = min(12, self.results.count()) * line + 2 * self.results.frameWidth() + 4
        width = max(self.width(), min(620, self.results.sizeHintForColumn(0) + 40))
        self.results.resize(width, height)
        self.results.move(self.mapToGlobal(QPoint(0, self.height() + 1)))
        self.results.show()
        self.results.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose, Return goes there, Escape gives up."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(event.key()))
        if step is not None and self.results.isVisible():
            self.results.setCurrentRow(max(0, min(self.results.count() - 1, self.results.currentRow() + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.results.currentItem())
        elif event.key() == Qt.Key.Key_Escape and (self.text() or self.results.isVisible()):
            self.clear()
            self.results.hide()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().focusOutEvent(event)
        QTimer.singleShot(0, self.results, self.results.hide)

    def hideEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().hideEvent(event)
        self.results.hide()

    def _pick(self, item: QListWidgetItem | None) -> None:
        found = item.data(HIT) if item is not None else None
        if isinstance(found, Found):
            self.results.hide()
            self.clear()
            self.picked.emit(found)


def entry_found(entry: Entry) -> Found:
    """A line for the entry itself."""
    return Found(entry.key, "", entry.title, entry.tip(), entry.icon)
