"""A line for the path of a file, of this computer or of the host, with a button that picks one of this computer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.path_edit import PathEdit


class PathLine(PathEdit):
    """edited: another text, typed, picked or dropped."""

    edited = Signal()

    def __init__(self, name: str, example: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(example)
        self.textChanged.connect(lambda _text: self.edited.emit())

    def path(self) -> str:
        """The text without what people add around paths."""
        return self.text().strip().removeprefix("file://")
