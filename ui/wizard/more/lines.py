"""The rows of the lists: a further disk, a further card, a shared folder, a port that leads into the guest."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox

from app.errors import Invalid
from app.i18n import _
from app.install import networks, storage_plan
from app.install.plan import DiskKind, DiskPlan, Folder, Forward, NetworkKind, NetworkPlan
from app.install.sizes import parse_size
from app.install.survey import Survey
from ui.wizard.more.line_list import Line
from ui.wizard.network_words import network_words


class DiskLine(Line):
    """A new image in a pool."""

    def __init__(self, survey: Survey) -> None:
        super().__init__()
        self.amount, self.format, self.pool = QLineEdit("20 GiB"), QComboBox(), QComboBox()
        self.amount.setAccessibleName(_("Size of the disk"))
        self.format.setAccessibleName(_("Format of the disk"))
        self.pool.setAccessibleName(_("Storage pool"))
        for form in ("qcow2", "raw"):
            self.format.addItem(form, form)
        best = storage_plan.best_pool(survey)
        for pool in storage_plan.file_pools(survey):
            self.pool.addItem(pool.name, pool.name)
        if not self.pool.count():
            self.pool.addItem(storage_plan.STANDARD_POOL, "")
        self.pool.setCurrentIndex(max(0, self.pool.findData(best.name if best else "")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.amount, 1)
        row.addWidget(self.format)
        row.addWidget(QLabel(_("in")))
        row.addWidget(self.pool, 1)
        self.amount.textEdited.connect(lambda _text: self.edited.emit())
        for box in (self.format, self.pool):
            box.activated.connect(lambda _index: self.edited.emit())

    def value(self) -> DiskPlan:
        return DiskPlan(
            DiskKind.NEW, parse_size(self.amount.text()), self.pool.currentData() or "", format=str(self.format.currentData())
        )


class CardLine(Line):
    """A network of the host."""

    def __init__(self, survey: Survey) -> None:
        super().__init__()
        self.network = QComboBox()
        self.network.setAccessibleName(_("Network"))
        for choice in networks.choices(survey):
            if choice.value.kind is not NetworkKind.NONE:
                self.network.addItem(network_words(choice.value), choice.value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.network, 1)
        self.network.activated.connect(lambda _index: self.edited.emit())

    def value(self) -> NetworkPlan:
        value = self.network.currentData()
        return value if isinstance(value, NetworkPlan) else NetworkPlan(NetworkKind.USER)


class FolderLine(Line):
    """A folder of the host, and the name by which the guest mounts it."""

    def __init__(self) -> None:
        super().__init__()
        self.path, self.tag = QLineEdit(), QLineEdit()
        self.path.setAccessibleName(_("Folder of the host"))
        self.path.setPlaceholderText("/srv/shared")
        self.tag.setAccessibleName(_("Name for the guest"))
        self.tag.setPlaceholderText(_("Name for the guest"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.path, 2)
        row.addWidget(self.tag, 1)
        self.path.textEdited.connect(self._named)
        self.tag.textEdited.connect(lambda _text: self.edited.emit())

    def _named(self, path: str) -> None:
        """The folder's own name is as good as any until the user types another."""
        if not self.tag.isModified():
            self.tag.setText(path.rstrip("/").rpartition("/")[2])
        self.edited.emit()

    def value(self) -> Folder:
        return Folder(self.path.text().strip(), self.tag.text().strip())


class ForwardLine(Line):
    """A port of the host that leads into the guest."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol, self.host, self.guest, self.address = QComboBox(), QSpinBox(), QSpinBox(), QLineEdit()
        self.protocol.setAccessibleName(_("Protocol"))
        for name in ("tcp", "udp"):
            self.protocol.addItem(name.upper(), name)
        self.host.setAccessibleName(_("Port of the host"))
        self.guest.setAccessibleName(_("Port of the guest"))
        for box, value in ((self.host, 2222), (self.guest, 22)):
            box.setRange(1, 65535)
            box.setValue(value)
            box.valueChanged.connect(lambda _value: self.edited.emit())
        self.address.setAccessibleName(_("Address of the host"))
        self.address.setPlaceholderText(_("All addresses of the host"))
        self.address.setToolTip(_("127.0.0.1: only programs of the host reach the guest"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.protocol, QLabel(_("Host:")), self.host, QLabel(_("→ Guest:")), self.guest):
            row.addWidget(widget)
        row.addWidget(self.address, 1)
        self.protocol.activated.connect(lambda _index: self.edited.emit())
        self.address.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> Forward:
        address = self.address.text().strip()
        if address and not all(char.isalnum() or char in ".:" for char in address):
            raise Invalid(_("“{text}” is no address.").format(text=address), next_step=_("Leave it empty for all addresses."))
        return Forward(self.host.value(), self.guest.value(), str(self.protocol.currentData()), address)
