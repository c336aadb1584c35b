"""The tabs of the main window: a fixed first one, the others closable, movable and dragged out."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QStyle, QTabBar, QToolButton, QWidget

from app.i18n import _
from ui.icons import icon
from ui.widgets.dropped import local_files

CLOSE_PX = 12

MOST_PX = 240
"""Width of a tab with a long name."""

DRAG_OUT_PX = 48
"""How far below or above the bar a tab must be let go to become a window."""


class TabBar(QTabBar):
    """Tab 0 stays where it is.  A middle click closes a tab (Qt does that itself).

    ``pulled_out`` says which tab was dropped outside, and where on the screen."""

    pulled_out = Signal(int, QPoint)
    files_dropped = Signal(int, list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setDrawBase(True)
        self.setExpanding(False)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setAcceptDrops(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.tabMoved.connect(self._keep_first)

    def tabInserted(self, index: int) -> None:
        """Each tab but the first gets a quiet close button in place of the style's."""
        super().tabInserted(index)
        if index > 0:
            self._put_button(index, self._close_side(), self._make_closer())

    def _put_button(self, index: int, side: QTabBar.ButtonPosition, button: QToolButton | None) -> None:
        """Qt only hides the one that was there, which would stay as long as the bar."""
        before = self.tabButton(index, side)
        self.setTabButton(index, side, button)
        if before is not None:
            before.deleteLater()

    def _close_side(self) -> QTabBar.ButtonPosition:
        side = self.style().styleHint(QStyle.StyleHint.SH_TabBar_CloseButtonPosition, None, self)
        return QTabBar.ButtonPosition(side)

    def _make_closer(self) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon("tab-close"))
        button.setIconSize(QSize(CLOSE_PX, CLOSE_PX))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(_("Close (Ctrl+W)"))
        button.setAccessibleName(_("Close the tab"))
        button.clicked.connect(lambda: self._close_of(button))
        return button

    def _close_of(self, button: QToolButton) -> None:
        for index in range(1, self.count()):
            if self.tabButton(index, self._close_side()) is button:
                self.tabCloseRequested.emit(index)
                return

    def tabSizeHint(self, index: int) -> QSize:
        """Long names are cut in the middle; the tooltip has the whole."""
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), MOST_PX), hint.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        """The first one is never cut."""
        return self.tabSizeHint(index) if index == 0 else super().minimumTabSizeHint(index)

    def fix_first(self) -> None:
        """Takes the close button off tab 0."""
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self._put_button(0, side, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setMovable(self.tabAt(event.position().toPoint()) != 0)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index, place = self.currentIndex(), event.position().toPoint()
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index > 0 and self._is_outside(place):
            where = event.globalPosition().toPoint()
            QTimer.singleShot(0, self, lambda: self.pulled_out.emit(index, where))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The first tab stands for no machine: what is over it, or beside all tabs, is the window's."""
        if local_files(event.mimeData()) and self.tabAt(event.position().toPoint()) > 0:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.files_dropped.emit(self.tabAt(event.position().toPoint()), local_files(event.mimeData()))

    def _is_outside(self, place: QPoint) -> bool:
        return place.y() < -DRAG_OUT_PX or place.y() > self.height() + DRAG_OUT_PX

    def _keep_first(self, _from: int, _to: int) -> None:
        """A tab dropped before the first one goes behind it."""
        home = next((i for i in range(self.count()) if self.tabData(i) is None), 0)
        if home != 0:
            self.moveTab(home, 0)
