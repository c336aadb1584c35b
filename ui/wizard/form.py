"""The rows of the page: shows a plan, and says what the user made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from app.errors import Invalid
from app.i18n import _
from app.install import firmware, networks
from app.install.plan import (
    ACCELERATION_WORDS,
    FIRMWARE_WORDS,
    Acceleration,
    Firmware,
    NetworkKind,
    NetworkPlan,
    Plan,
    Problem,
)
from app.install.sizes import MIB, format_size, parse_size
from app.install.survey import Survey
from ui.wizard.disk_editor import DiskEditor
from ui.wizard.row import Row
from ui.wizard.system_box import SystemBox


class Form(QWidget):
    """edited: one field by its name in ``Plan`` was changed by the user.  ``faults``: fields whose text makes no value."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.memory, self.vcpus = QLineEdit(), QLineEdit(), QSpinBox()
        self.os, self.disk = SystemBox(), DiskEditor()
        self.network, self.firmware, self.accel = QComboBox(), QComboBox(), QComboBox()
        self.faults: dict[str, str] = {}
        self._filling = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setVerticalSpacing(self.fontMetrics().height() // 4)
        self.rows = {
            "name": Row(self._grid, _("&Name:"), self.name),
            "os": Row(self._grid, _("Operating &system:"), self.os),
            "memory": Row(self._grid, _("&Memory:"), self.memory),
            "vcpus": Row(self._grid, _("&Processors:"), self.vcpus),
            "disk": Row(self._grid, _("&Disk:"), self.disk, focus=self.disk.kind),
            "network": Row(self._grid, _("Ne&twork:"), self.network),
            "firmware": Row(self._grid, _("&Firmware:"), self.firmware),
            "accel": Row(self._grid, _("&Acceleration:"), self.accel),
        }
        self._dress()
        self._listen()

    def _dress(self) -> None:
        self.memory.setToolTip(_("For example 4 GiB or 512 MiB"))
        self.vcpus.setRange(1, 512)
        self.vcpus.setToolTip(_("Virtual processors (libvirt: vcpu)"))
        self.accel.setToolTip(_("How the guest's processor is run (libvirt: domain type)"))
        self.name.setMaxLength(200)
        for box in (self.network, self.firmware, self.accel):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(20)

    def _listen(self) -> None:
        tell: Callable[[str], Callable[..., None]] = lambda name: lambda *_args: self._tell(name)  # noqa: E731
        self.name.textEdited.connect(tell("name"))
        self.memory.textEdited.connect(tell("memory"))
        self.vcpus.valueChanged.connect(tell("vcpus"))
        self.disk.edited.connect(tell("disk"))
        for name, box in (("network", self.network), ("firmware", self.firmware), ("accel", self.accel)):
            box.activated.connect(tell(name))

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
        self.vcpus.setMaximum(survey.of(plan.accel.value).max_vcpus or 512)
        self.vcpus.setValue(plan.vcpus.value)
        if "disk" not in self.faults:
            self.disk.show_plan(plan, survey)
        self._fill_networks(plan.network.value, survey)
        self._fill_firmware(plan.firmware.value, plan, survey)
        self._fill_accel(plan.accel.value, survey)
        self._filling = False

    def _fill_networks(self, chosen: NetworkPlan, survey: Survey) -> None:
        self.network.clear()
        for choice in networks.choices(survey):
            self.network.addItem(_network_words(choice.value), choice.value)
        self.network.setCurrentIndex(next((i for i in range(self.network.count()) if self.network.itemData(i) == chosen), 0))

    def _fill_firmware(self, chosen: Firmware, plan: Plan, survey: Survey) -> None:
        abilities = survey.of(plan.accel.value)
        entries = [(_(words), kind, firmware.why_not(kind, abilities)) for kind, words in FIRMWARE_WORDS.items()]
        _fill(self.firmware, entries, chosen)
        self.rows["firmware"].show(plan.accel.value is not Acceleration.PRACTICE)

    def _fill_accel(self, chosen: Acceleration, survey: Survey) -> None:
        kinds = [Acceleration.PRACTICE] if chosen is Acceleration.PRACTICE else [Acceleration.KVM, Acceleration.EMULATION]
        missing = {
            Acceleration.KVM: _("This host offers no KVM."),
            Acceleration.EMULATION: _("No emulator is installed on this host."),
        }
        entries = [
            (_(ACCELERATION_WORDS[kind]), kind, "" if kind in survey.abilities or kind is chosen else missing.get(kind, ""))
            for kind in kinds
        ]
        _fill(self.accel, entries, chosen)

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
            return self.disk.value()
        box: QComboBox = {"network": self.network, "firmware": self.firmware, "accel": self.accel}[name]
        return box.currentData()

    def say(self, plan: Plan, problems: list[Problem], *, tried: bool) -> None:
        """Reasons below the fields; blocking problems only after the first try, warnings and impossible text at once."""
        for name, row in self.rows.items():
            found = next((p for p in problems if p.field == name and (tried or not p.blocks)), None)
            fault = self.faults.get(name, "")
            reason = getattr(plan, name).reason
            if fault:
                row.say(reason, fault, blocks=True)
            else:
                row.say(reason, found.text if found else "", blocks=bool(found and found.blocks))

    def first_wrong(self, problems: list[Problem]) -> str:
        """The name of the first field that stops the machine from being made, in the order of the page; "" if none."""
        wrong = set(self.faults) | {problem.field for problem in problems if problem.blocks}
        return next((name for name in ("medium", *self.rows) if name in wrong), "")


def _fill(box: QComboBox, entries: list[tuple[str, Any, str]], chosen: Any) -> None:
    """Choices; one with a reason against it is shown disabled with the reason as its tooltip."""
    box.clear()
    model = box.model()
    for number, (words, value, why_not) in enumerate(entries):
        box.addItem(words, value)
        if why_not and isinstance(model, QStandardItemModel):
            item = model.item(number)
            item.setEnabled(value == chosen)
            item.setToolTip(why_not)
    box.setCurrentIndex(next((i for i in range(box.count()) if box.itemData(i) == chosen), 0))


def _network_words(plan: NetworkPlan) -> str:
    if plan.kind is NetworkKind.NETWORK:
        text = _("Virtual network “{name}” (off)") if plan.start else _("Virtual network “{name}”")
        return text.format(name=plan.source)
    if plan.kind is NetworkKind.BRIDGE:
        return _("Bridge “{name}”").format(name=plan.source)
    if plan.kind is NetworkKind.DIRECT:
        return _("Adapter “{name}” (macvtap)").format(name=plan.source)
    return _("User mode") if plan.kind is NetworkKind.USER else _("No network")
