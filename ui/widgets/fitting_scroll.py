"""A page that scrolls only where the screen is too small for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Page(QWidget):
    """Its height is what its texts need at its width.

    Wrapped labels that may become very narrow claim, as their least height, what they would need there; a scroll area would
    keep that much, most of it blank.
    """

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class FittingScroll(QScrollArea):
    """Scrolls ``page`` up and down.  wanted: the page needs another height than it had."""

    wanted = Signal()

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.installEventFilter(self)

    def height_for(self, width: int) -> int:
        """What the page needs in this width without scrolling, in pixels."""
        layout = self._page.layout()
        if layout is None:
            return 0
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() is QEvent.Type.LayoutRequest:
            self.wanted.emit()
        return super().eventFilter(watched, event)
