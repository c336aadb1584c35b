"""What the hand-written editors have in common: a small panel above the rows of their section."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.devices.description import Section
from ui.details.lay import Lay
from ui.details.subject import Subject


class Panel(QWidget):
    """``column`` takes what it shows.  Rows of the same section stay below it unless ``covers`` names them."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self.section, self.subject = section, subject
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)

    def covers(self) -> frozenset[str]:
        """Paths of the section's items that need no row of their own."""
        return frozenset()

    def refresh(self) -> bool:
        """Shows what the document has now; gives whether the height may differ."""
        raise NotImplementedError

    def height_for(self, _lay: Lay, width: int) -> int:
        """What its layout needs."""
        return self.column.totalHeightForWidth(width) if self.column.hasHeightForWidth() else self.column.totalSizeHint().height()
