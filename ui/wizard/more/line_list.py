"""A list of small rows, to which one can be added and from which each can be removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.i18n import _
from ui.icons import icon


class Line(QWidget):
    """One row.  edited: something in it is another; ``value`` may raise ``Invalid``."""

    edited = Signal()

    def value(self) -> Any:
        """What the fields say."""
        raise NotImplementedError


class LineList(QWidget):
    """make: a new row.  edited: a row came, went or changed; ``values`` may raise ``Invalid``."""

    edited = Signal()

    def __init__(self, add_text: str, make: Callable[[], Line], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self.lines: list[Line] = []
        self.add = QPushButton(icon("list-add"), add_text)
        self.add.setAutoDefault(False)
        self.add.clicked.connect(lambda _checked=False: self.add_line())
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._rows = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._rows)
        column.addLayout(foot)
        self.setFocusProxy(self.add)

    def add_line(self) -> Line:
        """One more row, at the end."""
        line = self._make()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        remove = QToolButton()
        remove.setIcon(icon("list-remove"))
        remove.setAutoRaise(True)
        remove.setToolTip(_("Remove"))
        remove.setAccessibleName(_("Remove"))
        row.addWidget(line, 1)
        row.addWidget(remove)
        remove.clicked.connect(lambda _checked=False: self._remove(line, holder))
        line.edited.connect(self.edited)
        self.lines.append(line)
        self._rows.addWidget(holder)
        self.edited.emit()
        return line

    def _remove(self, line: Line, holder: QWidget) -> None:
        self.lines.remove(line)
        holder.hide()
        holder.deleteLater()
        self.add.setFocus()
        self.edited.emit()

    def values(self) -> tuple[Any, ...]:
        """Of all rows, in their order."""
        return tuple(line.value() for line in self.lines)
