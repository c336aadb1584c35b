"""The main window's frame: menus, tool bar, the workspace, the task panel, the status bar.

It arranges and remembers sizes; what happens is decided by ``ui.windows.program``.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QVBoxLayout, QWidget

from app.i18n import _
from app.settings import options
from app.settings.store import Settings
from ui.icons import icon
from ui.plain import label as plain_label
from ui.widgets.dropped import local_files
from ui.windows.workspace import Workspace

LEAST_PX = (1000, 640)
FRAME_PX = (8, 48)
"""What a window manager's frame needs at most, so that the first window is on the screen as a whole."""


class MainWindow(QMainWindow):
    """painted: after the first paint.  visible_changed: shown or hidden (minimised counts as hidden).

    files_dropped: local files that were let go on no machine in particular.
    close_wanted: the user wants it closed; it stays until whoever listens has agreed and ends the program.
    """

    painted = Signal()
    visible_changed = Signal(bool)
    close_wanted = Signal()
    files_dropped = Signal(list)

    def __init__(self, settings: Settings, home: QWidget) -> None:
        super().__init__()
        self.settings = settings
        self._was_painted = False
        self.setWindowTitle("Hostelry")
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # Qt's own hides the tool bar for good
        self.workspace = Workspace(
            home,
            side_bar_width=settings.get(options.SIDE_BAR_WIDTH),
            side_bar_shown=settings.get(options.SIDE_BAR_SHOWN),
        )
        self._arrange()
        self._make_menus()
        self._restore()

    def _arrange(self) -> None:
        middle = QWidget()
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.workspace, 1)
        self.setCentralWidget(middle)
        self.tools = QToolBar(_("Tools"), self)
        self.tools.setObjectName("tools")
        self.tools.setMovable(False)
        self.tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addToolBar(self.tools)
        self.summary = plain_label()
        self.summary.setContentsMargins(6, 0, 6, 0)
        self.statusBar().addWidget(self.summary, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _make_menus(self) -> None:
        bar = self.menuBar()
        self.file_menu: QMenu = bar.addMenu(_("&File"))
        self.machine_menu: QMenu = bar.addMenu(_("&Machine"))
        self.host_menu: QMenu = bar.addMenu(_("H&ost"))
        self.view_menu: QMenu = bar.addMenu(_("&View"))
        self.help_menu: QMenu = bar.addMenu(_("&Help"))
        self.new_machine = self._action("list-add", _("&New machine…"), "Ctrl+N", _("Make a machine from an ISO or a disk image"))
        self.new_machine.setIconText(_("New"))
        self.add_connection = self._action("network-connect", _("&Add connection…"), "Ctrl+Shift+N", _("Show another host here"))
        self.preferences = self._action("preferences-system", _("&Preferences…"), "Ctrl+,")
        self.quit = self._action("application-exit", _("&Quit"), "Ctrl+Q")
        self.find_machine = self._action("edit-find", _("&Find a machine"), "Ctrl+F")
        self.side_bar = self._action("view-sidetree", _("&List beside the machine"), "F9", checkable=True)
        self.show_list = self._action("view-list-tree", _("&Machines"), "Alt+Home", _("The list in its full width"))
        self.wall = self._action(
            "view-grid", _("&Wall of screens"), "Ctrl+Shift+L",
            _("Small live pictures of the selected machines, or of all that run"))  # fmt: skip
        self.detach = self._action("window-new", _("&Detach the tab"), "Ctrl+Shift+W", _("Give it a window of its own"))
        self.full_screen = self._action("view-fullscreen", _("F&ull screen"), "F11", _("Only the machine's screen"))
        self.close_tab = self._action("window-close", _("&Close the tab"), "Ctrl+W")
        self.show_log = self._action("document-open-recent", _("Show the &log file"), "")
        self.about = self._action("help-about", _("&About Hostelry"), "")
        self.file_menu.addActions([self.new_machine, self.add_connection])
        self.file_menu.addSeparator()
        self.file_menu.addActions([self.preferences, self.quit])
        self.view_menu.addActions([self.show_list, self.wall, self.side_bar, self.find_machine])
        self.view_menu.addSeparator()
        self.view_menu.addActions([self.full_screen, self.detach, self.close_tab])
        self.help_menu.addActions([self.show_log, self.about])
        self.host_menu.addAction(self.add_connection)
        self.tools.addAction(self.new_machine)
        self._connect_own()

    def _action(self, icon_name: str, text: str, shortcut: str, tip: str = "", *, checkable: bool = False) -> QAction:
        action = QAction(icon(icon_name), text, self)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        plain = tip or text.replace("&", "")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{plain} ({keys})" if keys else plain)
        action.setStatusTip(tip)
        action.setCheckable(checkable)
        return action

    def _connect_own(self) -> None:
        workspace = self.workspace
        self.side_bar.setChecked(workspace.side_bar_shown)
        self.side_bar.toggled.connect(workspace.set_side_bar_shown)
        self.show_list.triggered.connect(workspace.show_home)
        self.full_screen.triggered.connect(self._show_full_screen)
        self.close_tab.triggered.connect(lambda: workspace.close_index(workspace.bar.currentIndex()))
        self.quit.triggered.connect(self.close)
        workspace.current_changed.connect(self._tab_changed)
        self._tab_changed()

    def _show_full_screen(self) -> None:
        page = self.workspace.current()
        if page is not None:
            page.show_full_screen()

    def _tab_changed(self) -> None:
        page = self.workspace.current()
        self.detach.setEnabled(page is not None)
        self.full_screen.setEnabled(page is not None and bool(page.key.uuid))
        self.close_tab.setEnabled(page is not None)
        self.side_bar.setChecked(self.workspace.side_bar_shown)
        self.setWindowTitle(_("{title} – Hostelry").format(title=page.title()) if page else "Hostelry")

    def put_tasks(self, panel: QWidget) -> None:
        """The task panel, folded away or not, at the bottom."""
        self.column.addWidget(panel)

    # remembered

    def _restore(self) -> None:
        room = self.screen().availableSize()
        width, height = room.width() - FRAME_PX[0], room.height() - FRAME_PX[1]
        self.resize(max(LEAST_PX[0], min(1180, width)), max(LEAST_PX[1], min(760, height)))
        geometry = self.settings.get(options.WINDOW_GEOMETRY)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def remember(self) -> None:
        """Puts sizes into the settings."""
        self.settings.set(options.WINDOW_GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode())
        self.settings.set(options.SIDE_BAR_WIDTH, self.workspace.side_bar_width)
        self.settings.set(options.SIDE_BAR_SHOWN, self.workspace.side_bar_shown)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.visible_changed.emit(not self.isMinimized())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visible_changed.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.visible_changed.emit(self.isVisible() and not self.isMinimized())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_wanted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files_dropped.emit(local_files(event.mimeData()))
