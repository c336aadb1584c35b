"""The folded rows of the page: kind of machine, screen, drivers, further devices, folders, profile, title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from app.i18n import _
from app.install import drivers, networks, platforms
from app.install.choices import Acceleration, Graphics, NetworkKind
from app.install.plan import ACCELERATION_WORDS, GRAPHICS_WORDS, NetworkPlan, Plan
from app.install.profile.profile import Profile
from app.install.sources.machine import Clone
from app.install.survey import Survey
from ui.wizard.more.disk_options import DiskOptions
from ui.wizard.more.line_list import LineList
from ui.wizard.more.lines import CardLine, DiskLine, FolderLine, ForwardLine
from ui.wizard.more.platform import PlatformEditor
from ui.wizard.row import Row

_NAMES = {"disk_options": "disk", "forwards": "network"}
"""Rows whose answers belong to a field of the plan under another name."""


class MoreRows(QWidget):
    """edited: the plan's field of that name was changed here."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._survey = Survey("")
        self.platform, self.accel, self.graphics, self.drivers = PlatformEditor(), QComboBox(), QComboBox(), QComboBox()
        self.disk_options = DiskOptions()
        self.more_disks = LineList(_("Add a disk"), lambda: DiskLine(self._survey))
        self.more_networks = LineList(_("Add a network card"), lambda: CardLine(self._survey))
        self.forwards = LineList(_("Add a port"), ForwardLine)
        self.folders = LineList(_("Add a folder"), FolderLine)
        self.profile, self.title = QComboBox(), QLineEdit()
        self.autostart = QCheckBox(_("Start it &with the host"))
        self.accel.setToolTip(_("How the guest's processor is run (libvirt: domain type)"))
        self.title.setPlaceholderText(_("A line about it, for lists (libvirt: title)"))
        self.title.setMaxLength(200)
        self.grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(self.fontMetrics().height() // 4)
        self.rows = self._make_rows(grid)
        self._listen()
        self.set_profiles(())

    def _make_rows(self, grid: QGridLayout) -> dict[str, Row]:
        entries: tuple[tuple[str, str, QWidget], ...] = (
            ("profile", _("P&rofile:"), self.profile),
            ("platform", _("&Kind of machine:"), self.platform),
            ("accel", _("&Acceleration:"), self.accel),
            ("graphics", _("&Screen:"), self.graphics),
            ("drivers", _("Dri&vers:"), self.drivers),
            ("disk_options", _("D&isk:"), self.disk_options),
            ("more_disks", _("More disks:"), self.more_disks),
            ("more_networks", _("More cards:"), self.more_networks),
            ("forwards", _("Ports:"), self.forwards),
            ("folders", _("Shared folders:"), self.folders),
            ("title", _("T&itle:"), self.title),
            ("autostart", _("Autostart:"), self.autostart),
        )
        return {name: Row(grid, text, editor, focus=_focus(editor)) for name, text, editor in entries}

    def _listen(self) -> None:
        tell: Callable[[str], Callable[..., None]] = lambda name: lambda *_args: self.edited.emit(name)  # noqa: E731
        for name in ("accel", "graphics", "drivers", "profile"):
            getattr(self, name).activated.connect(tell(name))
        for name in ("platform", "disk_options", "more_disks", "more_networks", "forwards", "folders"):
            getattr(self, name).edited.connect(tell(_NAMES.get(name, name)))
        self.title.textEdited.connect(tell("title"))
        self.autostart.toggled.connect(tell("autostart"))

    # showing

    def show_plan(self, plan: Plan, survey: Survey) -> None:
        """Fills the lists; what the user adds to stays as it is."""
        self._survey = survey
        self.platform.show_plan(plan, survey)
        self._fill_accel(plan, survey)
        abilities = survey.at(plan.platform.value, plan.accel.value)
        lacking = _("This host's hypervisor has no such screen.")
        offered = abilities.graphics
        entries = [
            (_(words), kind, lacking if offered and kind is not Graphics.NONE and kind.value not in offered else "")
            for kind, words in GRAPHICS_WORDS.items()
        ]
        fill(self.graphics, entries, plan.graphics.value)
        self._fill_drivers(plan, survey)
        self.disk_options.show_disk(plan.disk.value)
        with QSignalBlocker(self.autostart):
            self.autostart.setChecked(plan.autostart)
        self._show_rows(plan)

    def _show_rows(self, plan: Plan) -> None:
        whole = plan.platform.value.os_type != "exe"
        practice = plan.accel.value is Acceleration.PRACTICE
        self.rows["platform"].show(self.platform.several)
        self.rows["accel"].show(self.accel.count() > 1)
        self.rows["graphics"].show(whole)
        self.rows["drivers"].show(plan.system.name.family == "winnt" and whole)
        self.rows["disk_options"].show(plan.disk.value.kind.value in ("new", "copy"))
        self.rows["more_disks"].show(whole)
        self.rows["forwards"].show(plan.network.value.kind is NetworkKind.USER)
        self.rows["folders"].show(whole and not practice)
        if isinstance(plan.source, Clone):  # everything else is the original's
            for name in self.rows.keys() - {"profile", "autostart"}:
                self.rows[name].show(False)
        else:
            self.rows["title"].show(True)
            self.rows["more_networks"].show(True)

    def _fill_accel(self, plan: Plan, survey: Survey) -> None:
        chosen = plan.accel.value
        offered = next(
            (one.accels for one in platforms.choices(survey) if one.platform.arch == plan.platform.value.arch
             and one.platform.os_type == plan.platform.value.os_type), (),
        )  # fmt: skip
        kinds = [Acceleration.PRACTICE] if chosen is Acceleration.PRACTICE else [Acceleration.KVM, Acceleration.EMULATION]
        if chosen not in kinds:
            kinds = list(offered) or [chosen]
        missing = {
            Acceleration.KVM: _("This host offers no KVM for this kind of machine."),
            Acceleration.EMULATION: _("No emulator is installed on this host."),
        }
        there = set(offered) or set(survey.abilities)
        entries = [
            (_(ACCELERATION_WORDS[kind]), kind, "" if kind in there or kind is chosen else missing.get(kind, ""))
            for kind in kinds
        ]
        fill(self.accel, entries, chosen)

    def _fill_drivers(self, plan: Plan, survey: Survey) -> None:
        found = [(disc.path.rpartition("/")[2], disc.path, "") for disc in drivers.found(survey)]
        fill(self.drivers, [(_("None"), "", ""), *found], plan.drivers.value)

    def set_profiles(self, profiles: Sequence[Profile]) -> None:
        """Those that may be chosen."""
        chosen = self.profile.currentData()
        self.profile.clear()
        self.profile.addItem(_("As recommended"), None)
        for profile in profiles:
            self.profile.addItem(profile.name if profile.own else _(profile.name), profile)
        self.profile.setCurrentIndex(max(0, self.profile.findData(chosen)))

    # reading

    def read(self, name: str) -> Any:
        """What the field of that name is now; may raise ``Invalid``."""
        if name in ("more_disks", "more_networks", "folders"):
            return getattr(self, name).values()
        if name == "title":
            return self.title.text().strip()
        if name == "autostart":
            return self.autostart.isChecked()
        box: QComboBox = getattr(self, name)
        return box.currentData()

    def with_forwards(self, network: NetworkPlan) -> NetworkPlan:
        """A user mode network with the table of ports; others as they are."""
        if network.kind is not NetworkKind.USER or not self.forwards.lines:
            return network
        return networks.user_mode(self._survey, self.forwards.values())

    def summary(self, plan: Plan) -> str:
        """What is inside, in a few words."""
        if isinstance(plan.source, Clone):
            return _("as the original")
        parts = [_(GRAPHICS_WORDS[plan.graphics.value])]
        if self.platform.several:
            parts.insert(0, self.platform.kind.currentText())
        if plan.accel.value is Acceleration.EMULATION:
            parts.append(_("emulated: many times slower"))
        if plan.autostart:
            parts.append(_("starts with the host"))
        return " · ".join(parts)


def _focus(editor: QWidget) -> QWidget:
    return editor.focusProxy() or editor


def fill(box: QComboBox, entries: list[tuple[str, Any, str]], chosen: Any) -> None:
    """Words, value and, for those that cannot be chosen, why not."""
    box.clear()
    model = box.model()
    for number, (words, value, why_not) in enumerate(entries):
        box.addItem(words, value)
        if why_not and isinstance(model, QStandardItemModel):
            item = model.item(number)
            item.setEnabled(value == chosen)
            item.setToolTip(why_not)
    box.setCurrentIndex(next((i for i in range(box.count()) if box.itemData(i) == chosen), 0))
