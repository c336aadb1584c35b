"""The list in the main window: made after the first paint, narrow beside a page, and never just empty."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QHeaderView

from app.i18n import _, ngettext
from app.model.records import DomainRef, DomainState
from app.settings import options
from app.settings.store import Settings
from ui.models.columns import COLUMNS, STAT_COLUMNS, Col
from ui.models.host_tree_model import HostTreeModel
from ui.trace import trace
from ui.widgets.host_tree import Emptiness, HostTree
from ui.windows.list_pane import ListPane
from ui.windows.main_window import MainWindow
from ui.windows.page import Page

if TYPE_CHECKING:
    from app.actions.context import Context, Selection
    from app.hosts.host import Host
    from app.hosts.host_list import HostList
    from ui.windows.action_menus import ActionSet

RUNNING = (DomainState.RUNNING, DomainState.BLOCKED)
FILTER_MS = 60
SUMMARY_MS = 200
MOST_EXTRA_PX = 300


class ListControl(QObject):
    """open_machine: a DomainRef.  open_host: a Host.  files_dropped: target (or None) and paths."""

    open_machine = Signal(object)
    open_host = Signal(object)
    files_dropped = Signal(object, list)

    def __init__(self, hosts: HostList, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._hosts, self._settings, self._window = hosts, settings, window
        self._actions: ActionSet | None = None
        self._ctx: Context | None = None
        self.pane = cast(ListPane, window.workspace.home)
        self.model = HostTreeModel(hosts, self)
        self.tree = HostTree(self.model)
        self._narrow = False
        self._wide = b""
        self._filter_soon = self._timer(FILTER_MS, lambda: self.model.set_filter(self.pane.filter.text()))
        self._summary_soon = self._timer(SUMMARY_MS, self._summarise)
        self._restore()
        self._connect()
        self.pane.put_list(self.tree)
        self._emptiness(self.tree.emptiness())
        self._narrowed(window.workspace.current() is not None)
        QTimer.singleShot(0, self, self._fill_width)

    def _timer(self, interval_ms: int, slot: object) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _connect(self) -> None:
        tree, pane = self.tree, self.pane
        tree.activated_ref.connect(self.open_machine)
        tree.host_activated.connect(self.open_host)
        tree.file_dropped.connect(self.files_dropped)
        tree.selection_changed.connect(lambda _refs, _hosts: self._refresh_actions())
        tree.context_menu_requested.connect(self._context_menu)
        tree.rename_requested.connect(lambda: self._trigger("domain.rename"))
        tree.delete_requested.connect(lambda: self._trigger("domain.delete"))
        tree.emptiness_changed.connect(self._emptiness)
        tree.first_painted.connect(trace)
        pane.filter_changed.connect(lambda _text: self._filter_soon.start())
        pane.leave_filter.connect(self._leave_filter)
        self._window.find_machine.triggered.connect(self._find)
        self._window.workspace.narrowed.connect(self._narrowed)
        self.model.dataChanged.connect(self._cells_changed)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._changed)
        self._summarise()

    def _cells_changed(self, top: QModelIndex, _bottom: QModelIndex) -> None:
        """Samples change neither the summary nor what can be done."""
        if top.column() not in STAT_COLUMNS:
            self._changed()

    def _changed(self, *_args: object) -> None:
        self._summary_soon.start() if not self._summary_soon.isActive() else None
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        if self._actions is not None:
            self._actions.refresh_soon()

    def use(self, actions: ActionSet, ctx: Context) -> None:
        """What the rows' menus and keys do; comes later than the list."""
        self._actions, self._ctx = actions, ctx
        self._hint()

    def _hint(self) -> None:
        """Where no machine is, the next step and its button: make one, or repair the connection."""
        empty = self._ctx is not None and self.tree.emptiness() is Emptiness.NO_GUESTS and not self._narrow
        if not empty or self._ctx is None:
            self.pane.show_hint(None)
            return
        from ui.windows import repair  # noqa: PLC0415 (not needed for the first paint)

        away = [host for host in self._hosts.hosts if host.state.name != "CONNECTED"]
        if away and len(away) == len(self._hosts.hosts):
            host = away[0]
            self.pane.hint.say("network-offline", *repair.headline(host), repair.buttons_for(host, self._ctx, self.pane))
        else:
            self.pane.hint.say(
                "computer-new",
                _("No machines yet"),
                _("Drop an ISO or a disk image here, or make a machine from one."),
                (("list-add", _("New machine…"), self._window.new_machine.trigger),),
            )
        rows = self.model.rowCount() * self.tree.sizeHintForRow(0)
        self.pane.show_hint(self.tree.header().height() + rows + 2 * self.tree.frameWidth() + 2)

    # selection and actions

    def selection(self) -> Selection:
        """The rows that are selected."""
        from app.actions.context import Selection  # noqa: PLC0415 (not needed for the first paint)

        hosts = cast("tuple[Host, ...]", tuple(self.tree.selected_hosts()))
        return Selection(hosts=hosts, domains=tuple(self.tree.selected_refs()))

    def follow(self, page: Page) -> None:
        """Selects the row of what the page shows, so that the highlighted row is always what actions work on."""
        key, chosen = page.key, page.selection()
        if not key.uuid and not chosen.hosts:  # a page of several machines
            self.tree.select_refs(list(chosen.domains))
            return
        if key.uuid:
            ref = DomainRef(*key)
            found = self.tree.reveal(ref)
            self.tree.select_refs([ref])  # alone, also while Ctrl of Ctrl+Tab is held, which would toggle rows
        else:
            index = self.model.index_of_host(key.host_id)
            found = index.isValid()
            flags = QItemSelectionModel.SelectionFlag
            self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        if not found:
            self.tree.clearSelection()

    def shown(self) -> list[DomainRef]:
        """The machines that the filter lets through, in the list's order."""
        return [row.ref(guest) for row in self.model.host_rows() for guest in row.shown]

    def _trigger(self, action_id: str) -> None:
        if self._actions is not None:
            self._actions.refresh()
            self._actions.qaction(action_id).trigger()

    def _context_menu(self, where: QPoint) -> None:
        if self._actions is not None:
            self._actions.context_menu(self._window).popup(where)

    def _find(self) -> None:
        if not self.pane.isVisible():
            self._window.workspace.set_side_bar_shown(True)
        self.pane.focus_filter()

    def _leave_filter(self) -> None:
        if self._filter_soon.isActive():
            self._filter_soon.stop()
            self.model.set_filter(self.pane.filter.text())
        self.tree.select_first_match()

    # what stands there when it is empty

    def _emptiness(self, why: Emptiness) -> None:
        if why is Emptiness.NO_HOSTS:
            self.pane.empty.say(
                "network-server",
                _("No host is shown here"),
                _("Add a connection to this computer or to another one, to see its machines."),
                (("list-add", _("Add a connection…"), self._window.add_connection.trigger),),
            )
            self.pane.show_empty()
        else:
            self.pane.show_list()
        self._hint()

    # columns

    def _narrowed(self, narrow: bool) -> None:
        """Beside a page only the names are shown."""
        if narrow == self._narrow:
            return
        QTimer.singleShot(0, self, self._hint)
        head = self.tree.header()
        if narrow:
            self._wide = self.tree.save_header()
        self._narrow = narrow
        if narrow:
            for column in COLUMNS:
                head.setSectionHidden(column, column is not Col.NAME)
        mode = QHeaderView.ResizeMode.Stretch if narrow else QHeaderView.ResizeMode.Interactive
        head.setSectionResizeMode(Col.NAME, mode)
        head.setVisible(not narrow)
        if not narrow:
            self.tree.restore_header(self._wide)

    def _restore(self) -> None:
        text = self._settings.get(options.LIST_COLUMNS)
        if text:
            self.tree.restore_header(base64.b64decode(text))

    def _fill_width(self) -> None:
        """On the first day, names get the room that the other columns leave."""
        free = self.tree.viewport().width() - self.tree.header().length()
        if free > 0 and not self._narrow and not self._settings.get(options.LIST_COLUMNS):
            head = self.tree.header()
            head.resizeSection(Col.NAME, head.sectionSize(Col.NAME) + min(free - 4, MOST_EXTRA_PX))

    def remember(self) -> None:
        """Columns into the settings."""
        state = self._wide if self._narrow else self.tree.save_header()
        self._settings.set(options.LIST_COLUMNS, base64.b64encode(state).decode())

    # the status bar

    def _summarise(self) -> None:
        self._hint()
        records = [record for host in self._hosts.hosts for record in host.inventory.domains.values()]
        running = sum(1 for record in records if record.state in RUNNING)
        hosts = len(self._hosts.hosts)
        machines = ngettext("{count} machine, {running} running", "{count} machines, {running} running", len(records))
        on = ngettext("on {hosts} host", "on {hosts} hosts", hosts).format(hosts=hosts)
        self._window.summary.setText(f"{machines.format(count=len(records), running=running)} {on}")
