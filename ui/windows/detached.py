"""A tab in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QToolBar

from app.actions.context import Context
from app.i18n import _
from ui.icons import icon
from ui.windows.action_menus import ActionSet
from ui.windows.page import Page, PageKey


class DetachedWindow(QMainWindow):
    """Holds a page until it is closed or goes back; the page's connections stay as they are.

    attach: the user wants it back in the main window.  closing: the window was closed, and the page with it.
    close_asked: it is to be closed though the page holds edits; ``agreed`` closes it then.
    """

    attach = Signal(PageKey)
    closing = Signal(PageKey)
    close_asked = Signal(PageKey)

    def __init__(self, page: Page, ctx: Context, geometry: str = "") -> None:
        super().__init__()
        self.page = page
        self._given_back = False
        self.agreed = False
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # Qt's own hides the tool bar for good
        self.setCentralWidget(page)
        page.show()
        page.changed.connect(self._retitle)
        self._actions = ActionSet(ctx, self, page.selection)
        self._make_tools()
        page.changed.connect(self._actions.refresh_soon)
        self._actions.refresh()
        self._retitle()
        self.resize(960, 720)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def _make_tools(self) -> None:
        back = QAction(icon("window-restore"), _("Put back as a &tab"), self)
        back.setShortcut(QKeySequence("Ctrl+Shift+W"))
        back.triggered.connect(lambda: self.attach.emit(self.page.key))
        full = QAction(icon("view-fullscreen"), _("F&ull screen"), self)
        full.setShortcut(QKeySequence("F11"))
        full.triggered.connect(lambda _checked=False: self.page.show_full_screen())
        close = QAction(icon("window-close"), _("&Close"), self)
        close.setShortcut(QKeySequence("Ctrl+W"))
        close.triggered.connect(self.close)
        self.addActions([back, full, close])
        bar = QToolBar(self)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions.add_to(bar, without=frozenset({"domain.open-console"}))
        bar.setObjectName("detached-tools")
        bar.setWindowTitle(_("Tools"))
        bar.setMovable(False)
        bar.addSeparator()
        bar.addAction(back)
        self.addToolBar(bar)

    def give_back(self) -> Page:
        """Takes the page out and closes without ending it."""
        self._given_back = True
        self.page.changed.disconnect(self._retitle)
        self.page.changed.disconnect(self._actions.refresh_soon)
        self.takeCentralWidget()
        self.close()
        self.deleteLater()
        return self.page

    def show_menu(self, where: QPoint) -> None:
        """What can be done to the machines that the page has selected."""
        self._actions.context_menu(self).popup(where)

    def geometry_text(self) -> str:
        """For the settings."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def move_under(self, where: QPoint) -> None:
        """Puts the title bar near the pointer that pulled the tab out."""
        self.move(where - QPoint(80, 20))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._given_back and not self.agreed and self.page.holds_edits:
            event.ignore()
            self.close_asked.emit(self.page.key)
            return
        if not self._given_back:
            self.closing.emit(self.page.key)
        super().closeEvent(event)

    def _retitle(self) -> None:
        self.setWindowTitle(self.page.title())
        self.setWindowIcon(self.page.icon())
