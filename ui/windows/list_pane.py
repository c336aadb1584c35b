"""The list of hosts and machines with its filter box, or what stands there when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from app.i18n import _
from ui.widgets.empty_state import EmptyState

MOST = 16777215
"""Qt's QWIDGETSIZE_MAX: no limit."""


class ListPane(QWidget):
    """Exists before the list does: the filter box and an empty place are what the first paint shows.

    filter_changed: the text in the box.  leave_filter: Down or Return in the box, for the list's first match.
    """

    filter_changed = Signal(str)
    leave_filter = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setPlaceholderText(_("Filter machines (Ctrl+F)"))
        self.filter.setAccessibleName(_("Filter machines"))
        self.filter.setToolTip(_("Name, state:running, ip:10.0, host:… – several words must all fit"))
        self.filter.textChanged.connect(self.filter_changed)
        self.filter.installEventFilter(self)
        self.empty, self.hint = EmptyState(self), EmptyState(self)
        self.hint.hide()
        # With a parent from the start: QStackedLayout shows what is added, as a window of its own if it has none.
        self._blank = QWidget(self)
        self._places = QStackedLayout()
        self._places.addWidget(self._blank)
        self._places.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 0)
        column.setSpacing(6)
        column.addWidget(self.filter)
        column.addLayout(self._places, 1)
        self._list: QWidget | None = None
        self._list_place: QWidget | None = None

    def put_list(self, view: QWidget) -> None:
        """The list itself, once it is made."""
        self._list = view
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        column.addWidget(self.hint, 1)
        self._list_place = place
        self._places.addWidget(place)
        self._places.setCurrentWidget(place)
        view.installEventFilter(self)
        QWidget.setTabOrder(self.filter, view)

    def show_list(self) -> None:
        """Hides the empty state."""
        if self._list_place is not None:
            self._places.setCurrentWidget(self._list_place)

    def show_hint(self, height: int | None) -> None:
        """Leaves ``height`` pixels to the list and shows ``hint`` below it; None: the list alone."""
        self.hint.setVisible(height is not None)
        if self._list is not None:
            self._list.setMaximumHeight(MOST if height is None else height)

    def show_empty(self) -> None:
        """Shows what ``empty`` was told to say."""
        self._places.setCurrentWidget(self.empty)

    @property
    def is_empty_shown(self) -> bool:
        """True while the empty state stands there."""
        return self._places.currentWidget() is self.empty

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.filter:
            return self._key_in_filter(event)
        return self._key_in_list(event)

    def _key_in_filter(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave_filter.emit()
            if self._list is not None:
                self._list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            return True
        return False

    def _key_in_list(self, event: QKeyEvent) -> bool:
        """Typing in the list begins a search."""
        text = event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and text and text[0].isalnum():
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
            self.filter.setText(self.filter.text() + text)
            return True
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            return True
        return False
