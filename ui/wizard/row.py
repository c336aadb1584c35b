"""One question of a page: label, editor, and below it why this value, or what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QStyle, QWidget

from ui.dialogs.dialog_parts import breakable
from ui.icons import icon


class Hint(QWidget):
    """A line in the quieter text colour; as a warning or error with a sign and in the full one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._sign = QLabel()
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._icon_name = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.say("")

    def say(self, text: str, icon_name: str = "") -> None:
        """Shows ``text``; ``icon_name``: "dialog-warning" or "dialog-error" for more than a reason."""
        self.text, self._icon_name = text, icon_name
        self._label.setText(breakable(text))
        self._label.setForegroundRole(QPalette.ColorRole.WindowText if icon_name else QPalette.ColorRole.PlaceholderText)
        self._sign.setVisible(bool(icon_name))
        self._draw()
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Our own signs follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._sign.setPixmap(icon(self._icon_name).pixmap(side, side))


class Row:
    """Puts label, editor and hint into three cells of ``grid``; the hint is read out with the editor."""

    def __init__(self, grid: QGridLayout, text: str, editor: QWidget, *, focus: QWidget | None = None) -> None:
        self.editor, self._focus = editor, focus or editor
        self._shown = True
        self.label, self.hint = QLabel(text), Hint()
        self.label.setBuddy(self._focus)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._focus.setAccessibleName(text.replace("&", ""))
        line = grid.rowCount()
        grid.addWidget(self.label, line, 0)
        grid.addWidget(editor, line, 1)
        grid.addWidget(self.hint, line + 1, 1)

    def say(self, reason: str, problem: str = "", *, blocks: bool = False) -> None:
        """The reason of the value, or the problem in its place."""
        sign = ("dialog-error" if blocks else "dialog-warning") if problem else ""
        self.hint.say(problem or reason, sign)
        self.hint.setVisible(self._shown and bool(self.hint.text))
        self._focus.setAccessibleDescription(problem or reason)

    def show(self, on: bool) -> None:
        """Shows or hides all three."""
        self._shown = on
        for widget in (self.label, self.editor):
            widget.setVisible(on)
        self.hint.setVisible(on and bool(self.hint.text))
