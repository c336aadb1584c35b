"""The list of what may be typed, below the cursor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QPlainTextEdit, QTreeWidget, QTreeWidgetItem

from app.i18n import _
from app.xmldoc.schema.completion import Completion, Completions

ROWS = 12
WIDEST = 620
Key = Qt.Key


class CompletionList(QObject):
    """chosen: where the completed text begins, what replaces it, and where the cursor goes in that.

    The keyboard stays with the editor; up, down, Return, Tab and Escape go to the list while it is open.
    """

    chosen = Signal(int, str, int)

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._start = 0
        self._items: tuple[Completion, ...] = ()
        self._view = QTreeWidget(editor)
        self._view.setColumnCount(2)
        self._view.setHeaderHidden(True)
        self._view.setRootIsDecorated(False)
        self._view.setUniformRowHeights(True)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setFrameShape(QFrame.Shape.StyledPanel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setAccessibleName(_("What may be here"))
        self._view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._view.hide()
        self._view.itemClicked.connect(lambda *_args: self._take())
        editor.installEventFilter(self)
        editor.verticalScrollBar().valueChanged.connect(lambda _value: self.hide_list())

    @property
    def open(self) -> bool:
        """Whether it is shown."""
        return not self._view.isHidden()

    @property
    def labels(self) -> list[str]:
        """What it shows."""
        return [item.label for item in self._items] if self.open else []

    def show_items(self, found: Completions, place: QRect) -> None:
        """Opens it below ``place`` (of the editor), or above it where there is no room."""
        self._start, self._items = found.start, found.items
        self._view.clear()
        for item in found.items:
            row = QTreeWidgetItem([item.label, item.hint])
            row.setForeground(1, self._view.palette().placeholderText())
            self._view.addTopLevelItem(row)
        self._go_to(0)
        self._view.setGeometry(self._room(place))
        self._view.show()
        self._view.raise_()

    def hide_list(self) -> None:
        """Closes it."""
        self._view.hide()

    def _go_to(self, row: int) -> None:
        self._view.setCurrentIndex(self._view.model().index(max(0, min(row, len(self._items) - 1)), 0))

    def _room(self, place: QRect) -> QRect:
        editor = self._editor.rect()
        row = max(1, self._view.sizeHintForRow(0))
        width = min(editor.width() - 8, WIDEST, max(320, self._view.sizeHintForColumn(0) + self._view.sizeHintForColumn(1) + 40))
        height = row * min(ROWS, len(self._items)) + 2 * self._view.frameWidth()
        below = editor.bottom() - place.bottom()
        top = place.bottom() + 2 if below >= height or below >= place.top() else place.top() - height - 2
        return QRect(max(0, min(place.left(), editor.width() - width - 4)), max(0, top), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.open and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if self.open and event.type() == QEvent.Type.FocusOut:
            self.hide_list()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Key.Key_Down: 1, Key.Key_Up: -1, Key.Key_PageDown: ROWS, Key.Key_PageUp: -ROWS}
        if event.key() in steps:
            self._go_to(self._view.currentIndex().row() + steps[Key(event.key())])
        elif event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Tab):
            self._take()
        elif event.key() == Key.Key_Escape:
            self.hide_list()
        else:
            if event.key() in (Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End):
                self.hide_list()
            return False
        return True

    def _take(self) -> None:
        number = self._view.currentIndex().row()
        self.hide_list()
        if 0 <= number < len(self._items):
            item = self._items[number]
            self.chosen.emit(self._start, item.insert, item.caret)
