"""One QAction for each declared action of a window: menus, tool bar and context menus share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from app.actions.action import Action, MenuPath
from app.actions.catalogue import ACTIONS
from app.actions.context import Context, Selection
from app.i18n import N_, _
from ui.aio import spawn
from ui.icons import icon
from ui.plain import tip as plain_tip

REFRESH_MS = 30
"""Changes of a batch are answered once."""

SUBMENUS: dict[MenuPath, tuple[str, str]] = {
    MenuPath.SHUT_DOWN: (N_("Power"), "system-shutdown"),
    MenuPath.CONSOLE: (N_("Screen"), "video-display"),
    MenuPath.MEDIA: (N_("Media"), "media-optical"),
    MenuPath.DEFINITION: (N_("Definition"), "document-properties"),
}
"""Title (marked) and icon of the menus inside the machine's menu."""

MACHINE_MENUS = (MenuPath.SHUT_DOWN, MenuPath.CONSOLE, MenuPath.MEDIA, MenuPath.DEFINITION)


class ActionSet(QObject):
    """All actions for the selection of one window; enabled, ticked and explained as the selection says.

    selection: asked at each refresh and when an action is used.
    """

    def __init__(self, ctx: Context, window: QWidget, selection: Callable[[], Selection]) -> None:
        super().__init__(window)
        self._ctx, self._window, self._selection = ctx, window, selection
        self._actions = {action.id: (action, self._make(action)) for action in ACTIONS}
        self._host_actions: list[QAction] = []
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)

    def use_host_actions(self, actions: list[QAction]) -> None:
        """The window's own actions for a selected host; they come with every host menu from now on, the first one at its top."""
        self._host_actions = actions

    def qaction(self, action_id: str) -> QAction:
        """The QAction of this id; KeyError if there is none."""
        return self._actions[action_id][1]

    def toolbar(self) -> list[QAction]:
        """Those which are in the tool bar by default, in menu order."""
        return [shown for action, shown in self._actions.values() if action.in_toolbar]

    def add_to(self, bar: QToolBar, *, without: frozenset[str] = frozenset()) -> None:
        """Puts them into a tool bar; the further ways to start and end a machine are in a menu behind them."""
        bar.addActions([shown for shown in self.toolbar() if shown.objectName() not in without])
        title, _name = SUBMENUS[MenuPath.SHUT_DOWN]
        button = QToolButton()
        button.setText(_(title))
        button.setToolTip(_("Reboot, force off, save and other ways to start and end a machine"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(button)
        self._fill(menu, MenuPath.SHUT_DOWN)
        button.setMenu(menu)
        bar.addWidget(button)

    def fill_machine_menu(self, menu: QMenu, *, passing: bool = False) -> None:
        """Adds everything that can be done to machines.  passing: the menu will be deleted."""
        self._fill(menu, MenuPath.MACHINE, below=200, passing=passing)
        for path in MACHINE_MENUS:
            title, name = SUBMENUS[path]
            inner = menu.addMenu(icon(name), _(title))
            self._fill(inner, path, passing=passing)
        menu.addSeparator()
        self._fill(menu, MenuPath.MACHINE, above=200, passing=passing)

    def fill_host_menu(self, menu: QMenu, *, passing: bool = False) -> None:
        """Adds everything that can be done to hosts."""
        own = [_stand_in(shown, menu) if passing else shown for shown in self._host_actions]
        menu.addActions(own[:1])
        menu.addSeparator()
        self._fill(menu, MenuPath.HOST, passing=passing)
        menu.addSeparator()
        menu.addActions(own[1:])

    def context_menu(self, parent: QWidget) -> QMenu:
        """A menu for the selection as it is now; it deletes itself when closed."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.refresh()
        if self._selection().domains:
            self.fill_machine_menu(menu, passing=True)
        else:
            self.fill_host_menu(menu, passing=True)
        return menu

    def refresh_soon(self) -> None:
        """For changes of the selection or of records; cheap to call often."""
        if not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Computes which actions are enabled, and why not."""
        selection = self._selection()
        hosts = self._ctx.hosts_of(selection)
        for action, shown in self._actions.values():
            self._show(action, shown, hosts if action.menu is MenuPath.HOST else selection)
        for own in self._host_actions:
            own.setEnabled(bool(hosts))

    def _make(self, action: Action) -> QAction:
        shown = QAction(_(action.text), self._window)
        if action.is_on is None:
            # Some styles draw the icon in the place of the tick.
            shown.setIcon(icon(action.icon))
        shown.setObjectName(action.id)
        if action.shortcut:
            shown.setShortcut(QKeySequence(action.shortcut))
        shown.setCheckable(action.is_on is not None)
        shown.triggered.connect(lambda _checked=False: self._run(action))
        self._window.addAction(shown)
        return shown

    def _show(self, action: Action, shown: QAction, selection: Selection) -> None:
        able = action.enablement(self._ctx, selection)
        shown.setEnabled(able.enabled)
        tip = _(action.tip) if able else _("{tip}\nNot now: {reason}.").format(tip=_(action.tip), reason=able.reason)
        keys = shown.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        shown.setToolTip(plain_tip(f"{tip}\n{keys}" if keys else tip))
        shown.setStatusTip(able.reason or _(action.tip))
        if action.is_on is not None:
            shown.setChecked(action.checked(self._ctx, selection))

    def _run(self, action: Action) -> None:
        selection = self._selection()
        chosen = self._ctx.hosts_of(selection) if action.menu is MenuPath.HOST else selection
        spawn(action.run(self._ctx, chosen), self._window, name=action.id)
        self.refresh_soon()

    def _fill(self, menu: QMenu, path: MenuPath, *, above: int = 0, below: int = 100000, passing: bool = False) -> None:
        menu.setToolTipsVisible(True)
        if not passing:
            menu.aboutToShow.connect(self.refresh)
        ours = [action for action, _shown in self._actions.values() if action.menu is path and above <= action.order < below]
        for action, new_group in with_groups(sorted(ours, key=lambda one: one.order)):
            if new_group:
                menu.addSeparator()
            shown = self.qaction(action.id)
            menu.addAction(_stand_in(shown, menu) if passing else shown)


def _stand_in(shown: QAction, menu: QMenu) -> QAction:
    """The same for a menu that goes away.  Qt (6.11) ties what it tells screen readers about an action to the first menu that
    shows it: once that is deleted, they hear nothing of the action in any other menu."""
    own = QAction(shown.icon(), shown.text(), menu)
    own.setObjectName(shown.objectName())
    own.setShortcut(shown.shortcut())
    own.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown, not taken from the window's action
    own.setToolTip(shown.toolTip())
    own.setStatusTip(shown.statusTip())
    own.setCheckable(shown.isCheckable())
    own.setChecked(shown.isChecked())
    own.setEnabled(shown.isEnabled())
    own.triggered.connect(lambda _checked=False: shown.trigger())
    return own


def with_groups(actions: Sequence[Action]) -> Iterable[tuple[Action, bool]]:
    """Each action with whether a separator stands before it: where a new hundred of ``order`` begins."""
    for before, action in zip((None, *actions), actions, strict=False):
        yield action, before is not None and before.order // 100 != action.order // 100
