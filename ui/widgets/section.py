"""A titled part of a page."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


class Section(QWidget):
    """A bold title with a hairline, its content below; ``extra`` stands at the title's right end."""

    def __init__(self, title: str, content: QWidget, extra: QWidget | None = None) -> None:
        super().__init__()
        self.content = content
        label = QLabel(title)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        label.setBuddy(content)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(self.palette().ColorRole.Mid)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label)
        head.addWidget(line, 1)
        if extra is not None:
            head.addWidget(extra)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(content)
        if not content.accessibleName():
            content.setAccessibleName(title)
