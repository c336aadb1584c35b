"""The volumes of a host's pools, to choose one, and a line to make a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import HostelryError, Invalid
from app.i18n import _
from app.install.pools import NewVolume, holds_files, make_volume
from app.install.sizes import format_size, parse_size
from app.model.records import PoolRecord
from app.virt.storage import VolumeRecord, list_records, list_volumes
from ui.aio import spawn
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.hosts.host import Host

POOL, VOLUME = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
USUAL_SIZE = "20 GiB"


class VolumeDialog(QDialog):
    """chosen: pool and volume, once it is accepted."""

    def __init__(self, host: Host, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Volumes"))
        self._host = host
        self.chosen: tuple[PoolRecord, VolumeRecord] | None = None
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Volume"), _("Size"), _("Format")])
        self.tree.setAccessibleName(_("Volumes of the host"))
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        self.name, self.amount = QLineEdit(name), QLineEdit(USUAL_SIZE)
        self.make = QPushButton(icon("list-add"), _("&Make"))
        self.make.setAutoDefault(False)
        self.says = plain_label()
        self.says.setWordWrap(True)
        self._arrange()
        self.tree.itemSelectionChanged.connect(self._enable)
        self.tree.itemDoubleClicked.connect(lambda _item, _column: self._take())
        self.make.clicked.connect(lambda _checked=False: spawn(self.make_one(), self, name="make a volume"))
        self._enable()
        self.resize(640, 460)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        for text, edit in ((_("&New volume:"), self.name), (_("&Size:"), self.amount)):
            caption = plain_label(text)
            caption.setBuddy(edit)
            edit.setAccessibleName(text.replace("&", "").rstrip(":"))
            line.addWidget(caption)
            line.addWidget(edit, 2 if edit is self.name else 1)
        line.addWidget(self.make)
        buttons = QDialogButtonBox()
        self.use = buttons.addButton(_("&Use this volume"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tree, 1)
        column.addLayout(line)
        column.addWidget(self.says)
        column.addWidget(buttons)

    async def load(self) -> None:
        """Each pool's volumes come as the host tells them; a pool that does not answer says why."""
        try:
            pools = await list_records(self._host.session)
        except HostelryError as error:
            self.says.setText(str(error))
            return
        for pool in sorted(pools, key=lambda one: one.name):
            top = QTreeWidgetItem([pool.name])
            top.setIcon(0, icon("folder-open"))
            top.setData(0, POOL, pool)
            self.tree.addTopLevelItem(top)
            await self._fill(top, pool)
        if not pools:
            self.says.setText(_("The host has no storage pool."))
        self._enable()

    async def _fill(self, top: QTreeWidgetItem, pool: PoolRecord) -> None:
        if not pool.active:
            top.setText(0, _("{pool} (not active)").format(pool=pool.name))
            return
        try:
            volumes = await list_volumes(self._host.session, pool.uuid)
        except HostelryError as error:
            top.setToolTip(0, plain_tip(str(error)))
            self.says.setText(str(error))
            return
        for volume in sorted(volumes, key=lambda one: one.name):
            self._add(top, pool, volume)
        top.setExpanded(True)

    def _add(self, top: QTreeWidgetItem, pool: PoolRecord, volume: VolumeRecord) -> QTreeWidgetItem:
        item = QTreeWidgetItem([volume.name, format_size(volume.capacity), volume.format])
        item.setToolTip(0, plain_tip(volume.path))
        item.setData(0, POOL, pool)
        item.setData(0, VOLUME, volume)
        top.addChild(item)
        return item

    def _enable(self) -> None:
        item = self.tree.currentItem()
        pool = item.data(0, POOL) if item is not None else None
        self.use.setEnabled(item is not None and item.data(0, VOLUME) is not None)
        self.make.setEnabled(isinstance(pool, PoolRecord) and pool.active)
        self.make.setToolTip("" if self.make.isEnabled() else _("Choose the pool above first."))

    async def make_one(self) -> None:
        """In the pool of the chosen row; nothing is overwritten."""
        item = self.tree.currentItem()
        if item is None:
            return
        pool, stem = item.data(0, POOL), self.name.text().strip()
        files = holds_files(pool)
        try:
            size = parse_size(self.amount.text())
            if not stem or "/" in stem:
                raise Invalid(_("A volume's name is not empty and has no slash."))
            new = NewVolume(".qcow2" if files else "", "qcow2" if files else "", size)
            self.make.setEnabled(False)
            volume = await make_volume(self._host.session, pool, stem, new)
        except HostelryError as error:
            self.says.setText(str(error))
            self._enable()
            return
        top = item.parent() or item
        added = self._add(top, pool, volume)
        top.setExpanded(True)
        self.tree.setCurrentItem(added)
        self.says.setText(_("“{name}” was made.").format(name=volume.name))

    def _take(self) -> None:
        item = self.tree.currentItem()
        if item is not None and item.data(0, VOLUME) is not None:
            self.chosen = (item.data(0, POOL), item.data(0, VOLUME))
            self.accept()
