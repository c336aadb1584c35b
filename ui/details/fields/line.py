"""A line of text, and what is one with a check, a unit or a button: numbers, sizes, MACs, paths, secrets, lists of processors."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStyle, QStyleOptionFrame, QToolButton, QWidget

from app.i18n import _
from ui.details.fields import sizes
from ui.icons import icon

WIDE, SHORT = 46, 16
"""Widest in characters: of texts, and of numbers."""


def same_words(typed: str | None, kept: str | None) -> bool:
    """Whether a text that is being typed is what the document has, which may lack blanks at the ends."""
    return (typed or "").strip() == (kept or "").strip()


class LineEditor(QLineEdit):
    """typed: the text was changed by the user; None for an empty one."""

    typed = Signal(object)
    widest = WIDE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: str | None = None
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the row adds to it
        self.textEdited.connect(lambda _text: self.typed.emit(self.value()))

    def value(self) -> str | None:
        """What stands in it, in the document's way: without blanks at its ends; an impossible text as it is."""
        return self.text().strip() or None

    def show_value(self, value: str | None) -> None:
        """Leaves the text alone while the user types and means the same; a document loses blanks at the ends."""
        self._shown = value
        if self.hasFocus() and self.isModified() and same_words(self.value(), value):
            return
        text = self.words(value)
        if text != self.text():
            self.setText(text)

    def words(self, value: str | None) -> str:
        """How a value is written here."""
        return value or ""

    def set_default(self, words: str) -> None:
        """Greyed, while nothing is said."""
        if self.placeholderText() != words:
            self.setPlaceholderText(words)
            self.widest = min(WIDE, max(self.widest, len(words) + 2))

    def set_usable(self, on: bool) -> None:
        """Text that cannot be changed can still be marked and copied."""
        self.setReadOnly(not on)
        self.setEnabled(on)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Written the usual way, once the user is done."""
        super().focusOutEvent(event)
        if self.isModified() and same_words(self.value(), self._shown):
            self.setText(self.words(self._shown))
        self.setModified(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Of a long path both ends are seen while nobody edits it."""
        room = self._room()
        hidden = self.echoMode() != QLineEdit.EchoMode.Normal
        if self.hasFocus() or hidden or self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter, option = QPainter(self), QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.Text))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _room(self) -> QRect:
        """For the text, beside the buttons inside."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(3, 0, -3, 0)
        inside = [one.x() for one in self.findChildren(QToolButton) if one.isVisible() and one.x() > self.width() // 2]
        room.setRight(min([room.right(), *(x - 2 for x in inside)]))
        return room

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo is the whole view's, across pages, not the line's."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def put(self, value: str) -> None:
        """As if the user had typed it."""
        self.setText(self.words(value))
        self.typed.emit(self.value())


class NumberEditor(LineEditor):
    """A whole number; arrow keys step it within its limits."""

    widest = SHORT

    def __init__(self, minimum: int | None, maximum: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._minimum, self._maximum = minimum, maximum

    def value(self) -> str | None:
        return self.text().strip() or None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, down, Page Up, Page Down."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}.get(Qt.Key(event.key()))
        if step is None or self.isReadOnly():
            super().keyPressEvent(event)
            return
        self.step(step)

    def step(self, by: int) -> None:
        """From the number, else from the default or the least."""
        now = next(
            (int(text) for text in (self.text(), self.placeholderText().rpartition(" ")[2]) if text.lstrip("-").isdecimal()), 0
        )
        wanted = now + by
        if self._minimum is not None:
            wanted = max(wanted, self._minimum)
        if self._maximum is not None:
            wanted = min(wanted, self._maximum)
        self.put(str(wanted))
        self.setModified(True)


class SizeEditor(LineEditor):
    """ "4 GiB", "512m", or a number in the unit that is shown; the value is in bytes."""

    widest = SHORT

    def __init__(self, unit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit

    def value(self) -> str | None:
        text = self.text().strip()
        unit = sizes.unit_of(sizes.exact(self._shown), self._unit) if self._shown else self._unit
        return (sizes.parse(text, unit) or text) if text else None

    def words(self, value: str | None) -> str:
        return sizes.exact(value) if value else ""


class SecretEditor(LineEditor):
    """Hidden until the eye is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction(icon("view-reveal-symbolic"), _("Show it"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._reveal)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)

    def value(self) -> str | None:
        """A blank may be part of a password."""
        return self.text() or None

    def _reveal(self, on: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)


class ButtonEditor(LineEditor):
    """A line with one button inside, which does ``press(self)``."""

    def __init__(self, icon_name: str, tip: str, press: Callable[[LineEditor], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QAction(icon(icon_name), tip, self)
        self.button.setToolTip(tip)
        self.button.triggered.connect(lambda _checked=False: press(self))
        self.addAction(self.button, QLineEdit.ActionPosition.TrailingPosition)

    def set_usable(self, on: bool) -> None:
        super().set_usable(on)
        self.button.setEnabled(on)


def pick_path(editor: LineEditor) -> None:
    """A file of this computer; opened without a nested loop."""
    dialog = QFileDialog(editor.window(), _("Choose a file"))
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    if editor.text().startswith("/"):
        dialog.selectFile(editor.text())
    dialog.fileSelected.connect(editor.put)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
