"""A volume of the host's storage: a disk with a system on it, or an empty one."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.install.sizes import format_size
from app.install.sources.images import HostImage
from app.virt import storage
from ui.aio import spawn
from ui.wizard.sources.editor import Desk, SourceEditor


class VolumeEditor(SourceEditor):
    """First the pool, then one of its volumes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.pool, self.volume = QComboBox(), QComboBox()
        self.pool.setAccessibleName(_("Storage pool"))
        self.volume.setAccessibleName(_("Volume"))
        self.volume.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.volume.setMinimumContentsLength(20)
        row = QHBoxLayout()
        row.addWidget(self.pool)
        row.addWidget(self.volume, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.hint)
        self.pool.activated.connect(lambda _index: self._read())
        self.volume.activated.connect(lambda _index: self._chosen())

    def begin(self) -> None:
        self.pool.clear()
        for pool in self.desk.survey.pools:
            if pool.active:
                self.pool.addItem(pool.name, pool.uuid)
        self._read()

    def follow_survey(self) -> None:
        if self.source is None:
            self.begin()

    def _read(self) -> None:
        self.volume.clear()
        self.say(None, _("Choose a volume."))
        if self.pool.count():
            self.hint.say(_("Looking at the pool…"))
            spawn(self._list(str(self.pool.currentData())), self)
        else:
            self.hint.say(_("No storage pool of this host is on. Start one, or choose another source."))
        for box in (self.pool, self.volume):
            box.setEnabled(box.count() > 0)

    async def _list(self, uuid: str) -> None:
        try:
            volumes = await storage.list_volumes(self.desk.host.session, uuid)
        except HostelryError as error:
            self.hint.say(str(error), "dialog-error")
            return
        if uuid != self.pool.currentData():
            return
        self.volume.clear()
        for volume in volumes:
            if volume.format != "iso" and not volume.name.lower().endswith(".iso"):
                words = _("{name} ({size})").format(name=volume.name, size=format_size(volume.capacity))
                self.volume.addItem(words, HostImage(volume.path, volume.format or "raw", volume.capacity))
        nothing = _("This pool has no volume for a disk. Choose another pool, or another source.")
        self.hint.say("" if self.volume.count() else nothing)
        self.volume.setEnabled(self.volume.count() > 0)
        self._chosen()

    def _chosen(self) -> None:
        image = self.volume.currentData()
        if isinstance(image, HostImage):
            self.say(image)
