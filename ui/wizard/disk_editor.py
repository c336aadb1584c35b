"""The disk: a new image of some size in some pool, the dropped image itself, its copy, or none."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.errors import Invalid
from app.i18n import _
from app.install import storage_plan
from app.install.plan import DiskKind, DiskPlan, Plan
from app.install.sizes import GIB, format_size, parse_size
from app.install.survey import Survey


class DiskEditor(QWidget):
    """edited: the user changed something; ``value`` raises ``Invalid`` for a size that is none."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.amount, self.pool = QComboBox(), QLineEdit(), QComboBox()
        self._in = QLabel(_("in"))
        self._plan = DiskPlan(DiskKind.NONE)
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
        if self._plan.path:
            if survey.local:
                self.kind.addItem(_("This image itself"), DiskKind.USE)
            self.kind.addItem(_("A copy of it"), DiskKind.COPY)
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
        self._fit()
        self.edited.emit()

    def _fit(self) -> None:
        kind = self.kind.currentData()
        self.amount.setVisible(kind is DiskKind.NEW)
        for widget in (self._in, self.pool):
            widget.setVisible(kind in (DiskKind.NEW, DiskKind.COPY))

    def value(self) -> DiskPlan:
        """The disk as it stands in the fields."""
        kind = self.kind.currentData()
        if not isinstance(kind, DiskKind):
            raise Invalid(_("Choose a disk."))
        size = parse_size(self.amount.text()) if kind is DiskKind.NEW else self._plan.size
        return DiskPlan(kind, size, self.pool.currentData() or "", self._plan.path, self._plan.format)
