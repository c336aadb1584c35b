"""What kind of machine: its architecture and its machine type."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.i18n import _
from app.install import platforms
from app.install.choices import Acceleration, Platform
from app.install.plan import Plan
from app.install.survey import Survey


class PlatformEditor(QWidget):
    """edited: another one was chosen; ``value`` is it and ``accel`` what runs it best."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.machine = QComboBox(), QComboBox()
        self.kind.setAccessibleName(_("Architecture"))
        self.machine.setAccessibleName(_("Machine type"))
        self.machine.setToolTip(_("What the machine's board is like (libvirt: machine)"))
        self.machine.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.machine.setMinimumContentsLength(14)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.kind, 1)
        row.addWidget(self.machine, 1)
        self.setFocusProxy(self.kind)
        self._choices: list[platforms.Choice] = []
        self.kind.activated.connect(lambda _index: self._kind_chosen())
        self.machine.activated.connect(lambda _index: self.edited.emit())

    def show_plan(self, plan: Plan, survey: Survey) -> None:
        """All that the host's capabilities list."""
        self._choices = platforms.choices(survey)
        wanted = plan.platform.value
        with QSignalBlocker(self.kind):
            self.kind.clear()
            for number, choice in enumerate(self._choices):
                self.kind.addItem(choice.words, number)
            same = [n for n, choice in enumerate(self._choices) if _kind(choice.platform) == _kind(wanted)]
            self.kind.setCurrentIndex(same[0] if same else 0)
        self._fill_machines(wanted.machine)

    def _chosen(self) -> platforms.Choice | None:
        number = self.kind.currentIndex()
        return self._choices[number] if 0 <= number < len(self._choices) else None

    def _fill_machines(self, wanted: str = "") -> None:
        choice = self._chosen()
        self.machine.clear()
        self.machine.addItem(_("Recommended type"), "")
        for name in choice.machines if choice else ():
            self.machine.addItem(name, name)
        self.machine.setCurrentIndex(max(0, self.machine.findData(wanted)))

    def _kind_chosen(self) -> None:
        self._fill_machines()
        self.edited.emit()

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self._choices) > 1 or self.machine.count() > 2

    def value(self) -> Platform:
        """As it is chosen now."""
        choice = self._chosen()
        base = choice.platform if choice else Platform()
        return Platform(base.arch, base.os_type, str(self.machine.currentData() or ""))

    def accel(self, now: Acceleration) -> Acceleration:
        """``now`` where it runs this kind, else the best."""
        choice = self._chosen()
        return now if choice is None or now in choice.accels or not choice.accels else choice.accels[0]


def _kind(platform: Platform) -> tuple[str, str]:
    return (platform.arch, platform.os_type)
