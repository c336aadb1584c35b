"""A grid of labelled facts whose values can be selected and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ui.plain import tip as plain_tip


class Facts(QWidget):
    """``put(key, label, value)``: a row appears at its first value, and is hidden while the value is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}

    def put(self, key: str, label: str, value: str, *, tip: str = "") -> None:
        """Shows ``value``; rows keep the order of their first call."""
        name, text = self._rows.get(key) or self._add(key)
        name.setText(label)
        if text.text() != value:
            text.setText(value)
        text.setToolTip(plain_tip(tip))
        for part in (name, text):
            part.setVisible(bool(value))

    def value(self, key: str) -> str:
        """What a row shows; empty if there is none."""
        return self._rows[key][1].text() if key in self._rows else ""

    def _add(self, key: str) -> tuple[QLabel, QLabel]:
        name, text = QLabel(), QLabel()
        name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        name.setBuddy(text)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = len(self._rows)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(text, row, 1)
        self._rows[key] = name, text
        return name, text
