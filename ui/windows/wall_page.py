"""The wall: a tab (or a window) with small live pictures of all running machines, or of those that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QLabel, QListView, QSlider, QVBoxLayout

from app.actions.context import Selection
from app.hosts.host import Host
from app.i18n import _, ngettext
from app.model.changes import Change
from app.model.records import DomainRef, ObjectKind
from app.settings import options
from app.signal import Connection
from ui.icons import icon
from ui.wall.shots import Shots
from ui.wall.tile import Tile
from ui.wall.wall_model import WallModel
from ui.windows.page import Page, PageKey

if TYPE_CHECKING:
    from app.actions.context import Context

WALL = PageKey("wall:")
"""There is one wall."""

SMALLEST, LARGEST = 120, 480
SOON_MS = 80

Order = Callable[[], Sequence[DomainRef]]
"""The machines as the list shows them, in its order."""


class WallPage(Page):
    """open_machine: a DomainRef.  menu_wanted: the place of a context menu.  selection_moved: other machines are selected.

    Only what can be seen is looked at; a hidden wall asks for nothing.
    """

    open_machine = Signal(object)
    menu_wanted = Signal(QPoint)
    selection_moved = Signal()

    def __init__(self, ctx: Context, order: Order) -> None:
        super().__init__(WALL)
        self._ctx, self._order = ctx, order
        self._chosen: frozenset[DomainRef] = frozenset()
        self.model, self.shots, self.tile = WallModel(ctx, self), Shots(ctx, self), Tile(self)
        self.view = QListView()
        self.which, self.slider, self.empty = QComboBox(), QSlider(Qt.Orientation.Horizontal), QLabel()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._set_up_view()
        self._arrange()
        self._links: list[Connection] = [ctx.hosts.added.connect(self._host_added), ctx.hosts.removed.connect(self._host_gone)]
        for host in ctx.hosts.hosts:
            self._host_added(host)
        self._connect()
        self.refresh()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(self.tile)
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setSpacing(4)
        view.setFrameShape(QListView.Shape.NoFrame)
        view.setAccessibleName(_("Screens of machines"))

    def _arrange(self) -> None:
        self.which.addItems([_("All running machines"), _("Chosen machines")])
        self.which.setAccessibleName(_("Which machines are shown"))
        self.slider.setRange(SMALLEST, LARGEST)
        self.slider.setPageStep(60)
        self.slider.setFixedWidth(180)
        self.slider.setAccessibleName(_("Size of the pictures"))
        self.slider.setToolTip(_("Size of the pictures"))
        self.slider.setValue(self._ctx.settings.get(options.WALL_SIZE))
        self.tile.width = self.slider.value()
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self.which)
        row.addStretch(1)
        row.addWidget(self.slider)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self.refresh)
        self.slider.valueChanged.connect(self._resized)
        self.view.activated.connect(lambda index: self.open_machine.emit(self.model.ref(index)))
        self.view.selectionModel().selectionChanged.connect(self.selection_moved)
        self.view.selectionModel().selectionChanged.connect(self.changed)
        self.view.verticalScrollBar().valueChanged.connect(lambda _value: self._soon.start())
        self.view.customContextMenuRequested.connect(self._menu)
        self.shots.came.connect(lambda ref, image: self.model.set_picture(ref, image, self.devicePixelRatioF()))
        self.shots.lacking.connect(lambda ref: self.model.set_picture(ref, None, 1.0))

    # which machines

    def choose(self, refs: Sequence[DomainRef]) -> None:
        """Shows these machines, on or off; none: all that run."""
        self._chosen = frozenset(refs)
        self.which.setCurrentIndex(1 if refs else 0)
        self.refresh()

    def refresh(self) -> None:
        """Shows the right machines in the list's order, and looks at those that can be seen."""
        refs = [ref for ref in self._order() if self._belongs(ref)]
        if refs != self.model.refs:
            self.model.show(refs)
            self.changed.emit()
        chosen = self.which.currentIndex() == 1
        self.empty.setText(
            _("No machine was chosen. Select some in the list, then View > Wall of screens.") if chosen else
            _("No machine is running."))  # fmt: skip
        self.empty.setVisible(not refs)
        self.view.setVisible(bool(refs))
        self._look()

    def _belongs(self, ref: DomainRef) -> bool:
        if self.which.currentIndex() == 1:
            return ref in self._chosen
        record = self.model.record(ref)
        return record is not None and record.active

    def _look(self) -> None:
        """Pictures are wanted of the machines that are on and in sight."""
        refs = self.seen() if self.isVisible() else []
        self.shots.want(refs, self.tile.picture_size * self.devicePixelRatioF())

    def seen(self) -> list[DomainRef]:
        """Machines that are on, whose tile can be seen at least in part."""
        sight, found = self.view.viewport().rect(), []
        for row, ref in enumerate(self.model.refs):
            place: QRect = self.view.visualRect(self.model.index(row))
            record = self.model.record(ref)
            if place.intersects(sight) and record is not None and record.active:
                found.append(ref)
        return found

    # news

    def _host_added(self, host: Host) -> None:
        self._links.append(host.inventory.changed.connect(lambda change: self._inventory_changed(host, change)))
        self._links.append(host.changed.connect(lambda _host: self._soon.start()))
        self._soon.start()

    def _host_gone(self, _host: Host) -> None:
        self._soon.start()

    def _inventory_changed(self, host: Host, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN:
            for uuid in change.updated:
                self.model.touch(DomainRef(host.id, uuid))
            self._soon.start()

    def reorder(self) -> None:
        """The list's order or filter has changed."""
        self._soon.start()

    def _resized(self, width: int) -> None:
        self.tile.width = width
        self._ctx.settings.set(options.WALL_SIZE, width)
        self.view.scheduleDelayedItemsLayout()
        self._soon.start()

    def _menu(self, where: QPoint) -> None:
        if self.view.indexAt(where).isValid():
            self.menu_wanted.emit(self.view.viewport().mapToGlobal(where))

    # the page

    def title(self) -> str:
        return _("Wall")

    def icon(self) -> QIcon:
        return icon("view-grid")

    def tip(self) -> str:
        count = len(self.model.refs)
        return ngettext("The screen of {count} machine", "The screens of {count} machines", count).format(count=count)

    def selection(self) -> Selection:
        rows = sorted(index.row() for index in self.view.selectedIndexes())
        return Selection(domains=tuple(self.model.refs[row] for row in rows if row < len(self.model.refs)))

    @property
    def remembered(self) -> bool:
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """It goes on."""
        super().showEvent(event)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.shots.want((), QSize(1, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other tiles are in sight."""
        super().resizeEvent(event)
        self._soon.start()

    def end(self) -> None:
        self._soon.stop()
        self.shots.want((), QSize(1, 1))
        for link in self._links:
            link.disconnect()
        super().end()
