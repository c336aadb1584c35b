"""A part of the page that is folded until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.plain import label as plain_label


class Fold(QWidget):
    """A button with an arrow; beside it, while folded, what is inside in a few words.  toggled: unfolded or folded."""

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setAccessibleName(title.replace("&", ""))
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._summary = plain_label()
        self._summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(self.button)
        head.addWidget(self._summary, 1)
        head.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(content)
        content.hide()
        self.button.toggled.connect(self._toggled)

    def say(self, summary: str) -> None:
        """What is inside, for those who do not unfold it."""
        self._summary.setText(summary)
        self._summary.setToolTip(summary)
        self.button.setAccessibleDescription(summary)

    def changeEvent(self, event: QEvent) -> None:
        """The quieter colour has no paler one for a page that is switched off."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            role = QPalette.ColorRole.PlaceholderText if self.isEnabled() else QPalette.ColorRole.WindowText
            self._summary.setForegroundRole(role)

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded."""
        return self.button.isChecked()

    def set_open(self, on: bool) -> None:
        """Unfolds or folds it."""
        self.button.setChecked(on)

    def _toggled(self, on: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.content.setVisible(on)
        self._summary.setVisible(not on)
        self.toggled.emit(on)
