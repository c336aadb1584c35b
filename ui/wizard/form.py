"""The rows of the page: shows a plan, and says what the user made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.errors import Invalid
from app.i18n import _
from app.install import firmware, networks
from app.install.plan import FIRMWARE_WORDS, Acceleration, Firmware, NetworkPlan, Plan, Problem
from app.install.sizes import MIB, format_size, parse_size
from app.install.sources.machine import Clone
from app.install.survey import Survey
from ui.wizard.disk_editor import DiskEditor
from ui.wizard.fold import Fold
from ui.wizard.more.panel import MoreRows, fill
from ui.wizard.network_words import network_words
from ui.wizard.row import Row
from ui.wizard.system_box import SystemBox


class Form(QWidget):
    """edited: one field by its name in ``Plan`` was changed by the user.  ``faults``: fields whose text makes no value."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.memory, self.vcpus = QLineEdit(), QLineEdit(), QSpinBox()
        self.os, self.disk = SystemBox(), DiskEditor()
        self.network, self.firmware = QComboBox(), QComboBox()
        self.faults: dict[str, str] = {}
        self._filling = False
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(self.fontMetrics().height() // 4)
        own = {
            "name": Row(grid, _("&Name:"), self.name),
            "os": Row(grid, _("Operating &system:"), self.os),
            "memory": Row(grid, _("&Memory:"), self.memory),
            "vcpus": Row(grid, _("&Processors:"), self.vcpus),
            "disk": Row(grid, _("&Disk:"), self.disk, focus=self.disk.kind),
            "network": Row(grid, _("Ne&twork:"), self.network),
            "firmware": Row(grid, _("&Firmware:"), self.firmware),
        }
        self.more = MoreRows()
        self.fold = Fold(_("Mor&e"), self.more)
        self.rows: dict[str, Row] = {**own, **self.more.rows}
        self.accel = self.more.accel
        widest = max(row.label.sizeHint().width() for row in self.rows.values())
        for part in (grid, self.more.grid):  # so that the fields of both stand in one line
            part.setColumnMinimumWidth(0, widest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.fold)
        self._dress()
        self._listen()

    def _dress(self) -> None:
        self.memory.setToolTip(_("For example 4 GiB or 512 MiB"))
        self.vcpus.setRange(1, 512)
        self.vcpus.setToolTip(_("Virtual processors (libvirt: vcpu)"))
        self.name.setMaxLength(200)
        for box in (self.network, self.firmware):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(20)

    def _listen(self) -> None:
        tell: Callable[[str], Callable[..., None]] = lambda name: lambda *_args: self._tell(name)  # noqa: E731
        self.name.textEdited.connect(tell("name"))
        self.memory.textEdited.connect(tell("memory"))
        self.vcpus.valueChanged.connect(tell("vcpus"))
        self.disk.edited.connect(tell("disk"))
        for name, box in (("network", self.network), ("firmware", self.firmware)):
            box.activated.connect(tell(name))
        self.more.edited.connect(self._tell)

    def _tell(self, name: str) -> None:
        if not self._filling:
            self.edited.emit(name)

    def show_plan(self, plan: Plan, survey: Survey, os_text: str) -> None:
        """Fills every field that the user is not typing in."""
        self._filling = True
        for name, edit, text in (("name", self.name, plan.name.value), ("memory", self.memory, format_size(plan.memory_bytes))):
            if name not in self.faults and not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                edit.setText(text)
        self.os.show_system(plan.system.name.id, os_text)
        self.vcpus.setMaximum(survey.at(plan.platform.value, plan.accel.value).max_vcpus or 512)
        self.vcpus.setValue(plan.vcpus.value)
        if "disk" not in self.faults:
            self.disk.show_plan(plan, survey)
        self._fill_networks(plan.network.value, survey)
        self._fill_firmware(plan.firmware.value, plan, survey)
        self.more.show_plan(plan, survey)
        if isinstance(plan.source, Clone):
            self.rows["firmware"].show(False)
        for name in ("os", "network"):
            self.rows[name].show(not isinstance(plan.source, Clone))
        self.fold.say(self.more.summary(plan))
        self._filling = False

    def _fill_networks(self, chosen: NetworkPlan, survey: Survey) -> None:
        self.network.clear()
        for choice in networks.choices(survey):
            self.network.addItem(network_words(choice.value), choice.value)
        alike = [i for i in range(self.network.count()) if _same_network(self.network.itemData(i), chosen)]
        self.network.setCurrentIndex(alike[0] if alike else 0)

    def _fill_firmware(self, chosen: Firmware, plan: Plan, survey: Survey) -> None:
        abilities = survey.at(plan.platform.value, plan.accel.value)
        entries = [(_(words), kind, firmware.why_not(kind, abilities)) for kind, words in FIRMWARE_WORDS.items()]
        fill(self.firmware, entries, chosen)
        whole = plan.accel.value in (Acceleration.KVM, Acceleration.EMULATION, Acceleration.HVF)
        self.rows["firmware"].show(whole)

    def read(self, name: str) -> Any:
        """The value in the field ``name``; raises ``Invalid`` (also noted in ``faults``) for text that is none."""
        try:
            value = self._read(name)
        except Invalid as fault:
            self.faults[name] = str(fault)
            raise
        self.faults.pop(name, None)
        return value

    def _read(self, name: str) -> Any:
        if name == "name":
            return self.name.text().strip()
        if name == "memory":
            size = parse_size(self.memory.text())
            return max(1, size // MIB)
        if name == "vcpus":
            return self.vcpus.value()
        if name == "disk":
            return self.more.disk_options.fit(self.disk.value())
        if name == "network":
            return self.more.with_forwards(self.network.currentData())
        return self.firmware.currentData() if name == "firmware" else self.more.read(name)

    def say(self, plan: Plan, problems: list[Problem], *, tried: bool) -> None:
        """Reasons below the fields; blocking problems only after the first try, warnings and impossible text at once."""
        for name, row in self.rows.items():
            found = next((p for p in problems if p.field == name and (tried or not p.blocks)), None)
            fault = self.faults.get(name, "")
            reason = str(getattr(getattr(plan, name, None), "reason", ""))
            if fault:
                row.say(reason, fault, blocks=True)
            else:
                row.say(reason, found.text if found else "", blocks=bool(found and found.blocks))

    def first_wrong(self, problems: list[Problem]) -> str:
        """The name of the first field that stops the machine from being made, in the order of the page; "" if none."""
        wrong = set(self.faults) | {problem.field for problem in problems if problem.blocks}
        return next((name for name in ("medium", *self.rows, "seed") if name in wrong), "")


def _same_network(one: NetworkPlan, other: NetworkPlan) -> bool:
    """Whatever ports lead into it."""
    return (one.kind, one.source) == (other.kind, other.source)
