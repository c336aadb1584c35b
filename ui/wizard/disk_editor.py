"""The disk: a new image of some size in some pool, the dropped image itself, its copy, or none."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.errors import Invalid
from app.i18n import N_, _
from app.install import storage_plan
from app.install.plan import DiskKind, DiskPlan, Plan
from app.install.sizes import GIB, format_size, parse_size
from app.install.sources.images import DiskImage, HostImage
from app.install.survey import Survey


class DiskEditor(QWidget):
    """edited: the user changed something; ``value`` raises ``Invalid`` for a size that is none."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.amount, self.pool = QComboBox(), QLineEdit(), QComboBox()
        self._in = QLabel(_("in"))
        self._plan = DiskPlan(DiskKind.NONE)
        self._ways: dict[DiskKind, DiskPlan] = {}
        self.kind.setAccessibleName(_("Disk"))
        self.amount.setAccessibleName(_("Size of the disk"))
        self.amount.setToolTip(_("For example 20 GiB or 500 MB; the file grows to this size as it is filled"))
        self.pool.setAccessibleName(_("Storage pool"))
        self.pool.setToolTip(_("Where the image file is made (libvirt: storage pool)"))
        self.amount.setMaximumWidth(self.fontMetrics().averageCharWidth() * 14)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.pool.setMinimumContentsLength(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in ((self.kind, 0), (self.amount, 0), (self._in, 0), (self.pool, 1)):
            row.addWidget(widget, stretch)
        self.setFocusProxy(self.kind)
        self.kind.activated.connect(self._kind_chosen)
        self.amount.textEdited.connect(self.edited)
        self.pool.activated.connect(self.edited)

    def show_plan(self, plan: Plan, survey: Survey) -> None:
        """Fills everything from the plan."""
        self._plan = plan.disk.value
        self._fill_kinds(plan, survey)
        self._fill_pools(survey)
        if not self.amount.hasFocus():
            self.amount.setText(format_size(self._plan.size) if self._plan.size else format_size(20 * GIB))
        self._fit()

    def _fill_kinds(self, plan: Plan, survey: Survey) -> None:
        self.kind.clear()
        source = plan.source
        self._ways = {}
        if isinstance(source, DiskImage | HostImage):
            for way in source.choices(survey):
                self._ways[way.value.kind] = way.value
                self.kind.addItem(_(_WAYS[way.value.kind]), way.value.kind)
                self.kind.setItemData(self.kind.count() - 1, way.reason, Qt.ItemDataRole.ToolTipRole)
        elif self._plan.path or self._plan.kind not in (DiskKind.NEW, DiskKind.NONE):
            self.kind.addItem(_(_OF_ANOTHER.get(self._plan.kind, "")), self._plan.kind)
        else:
            self.kind.addItem(_("New disk"), DiskKind.NEW)
            self.kind.addItem(_("No disk"), DiskKind.NONE)
        self.kind.setCurrentIndex(max(0, self.kind.findData(self._plan.kind)))

    def _fill_pools(self, survey: Survey) -> None:
        self.pool.clear()
        for pool in storage_plan.file_pools(survey):
            free = _("{free} free").format(free=format_size(pool.available)) if pool.available is not None else _("off")
            self.pool.addItem(_("{pool} ({free})").format(pool=pool.name, free=free), pool.name)
        if storage_plan.best_pool(survey) is None or self.pool.count() == 0:
            self.pool.insertItem(0, _("{pool} (will be made)").format(pool=storage_plan.STANDARD_POOL), "")
        self.pool.setCurrentIndex(max(0, self.pool.findData(self._plan.pool)))

    def _kind_chosen(self) -> None:
        way = self._ways.get(self.kind.currentData())
        if way is not None and way.size:
            self.amount.setText(format_size(way.size))
        self._fit()
        self.edited.emit()

    def _fit(self) -> None:
        kind = self.kind.currentData()
        self.amount.setVisible(kind is DiskKind.NEW or (kind in self._ways and kind is not DiskKind.USE))
        for widget in (self._in, self.pool):
            widget.setVisible(kind in (DiskKind.NEW, DiskKind.COPY, DiskKind.OVERLAY))

    def value(self) -> DiskPlan:
        """The disk as it stands in the fields."""
        kind = self.kind.currentData()
        if not isinstance(kind, DiskKind):
            raise Invalid(_("Choose a disk."))
        base = self._plan if self._plan.kind is kind else self._ways.get(kind, DiskPlan(kind))
        if not self.amount.isVisibleTo(self):
            return replace(base, pool=self.pool.currentData() or "")
        size = parse_size(self.amount.text())
        own = self._ways[kind].size if kind in self._ways else 0
        if size < own and self.amount.text().strip() != format_size(own):
            what = _("The image has {size}, and its disk cannot be smaller.").format(size=format_size(own))
            raise Invalid(what, next_step=_("Give it that much, or more."))
        return replace(base, size=max(size, own), pool=self.pool.currentData() or "")


_WAYS = {
    DiskKind.USE: N_("This image itself"),
    DiskKind.COPY: N_("A copy of it"),
    DiskKind.OVERLAY: N_("A new file on top of it"),
    DiskKind.NEW: N_("New disk"),
    DiskKind.NONE: N_("No disk"),
}
_OF_ANOTHER = {
    DiskKind.USE: N_("The original's disks"),
    DiskKind.COPY: N_("Copies of its disks"),
    DiskKind.OVERLAY: N_("New files on top of its disks"),
}
