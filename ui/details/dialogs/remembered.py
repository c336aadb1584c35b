"""USB devices of the host that a machine remembers: by product, by serial number, or by port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editing.usb_memory import BY_WORDS, By, UsbMemory, forget, memory_of, port_of, remember, remembered
from app.errors import HostelryError
from app.i18n import _
from app.virt.host_devices import HostDevice, list_devices
from ui.aio import ask, spawn
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.editing.session import EditSession

MEMORY = Qt.ItemDataRole.UserRole
ENTRIES = ("hostdev-usb", "metadata")
"""Rows of the list whose menu leads here: the devices themselves, and where what is remembered stands."""


def add_to(menu: QMenu, session: EditSession, parent: QWidget) -> None:
    """An entry of a row's menu."""
    entry = menu.addAction(icon("drive-removable-media-usb"), _("Remembered &USB devices…"))
    entry.triggered.connect(lambda _checked=False: spawn(show(session, parent), parent, name="remembered devices"))


async def show(session: EditSession, parent: QWidget) -> None:
    """Until it is closed."""
    dialog = RememberedDialog(session, parent.window())
    spawn(dialog.load(), dialog, name="list USB devices")
    await ask(dialog)


class RememberedDialog(QDialog):
    """Each change is an edit of the session at once: it is undone and applied like any other."""

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Remembered USB devices"))
        self._session = session
        self._devices: list[HostDevice] = []
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Device"), _("What is meant")])
        self.tree.setAccessibleName(_("Remembered USB devices"))
        self.tree.setRootIsDecorated(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.forget = QPushButton(icon("list-remove"), _("&Forget"))
        self.device, self.by = QComboBox(), QComboBox()
        self.add = QPushButton(icon("list-add"), _("&Remember"))
        self.says = plain_label(_("Asking the host for its devices…"))
        self._arrange()
        self._connections = [session.changed.connect(self.refresh)]
        self.finished.connect(lambda _result: self._end())
        self.refresh()
        self.resize(640, 420)

    def _arrange(self) -> None:
        text = plain_label(
            _(
                "The machine gets these whenever they are there: libvirt plugs in a device by its product when the machine "
                "starts; by serial number or port this program does, while it runs."
            )
        )
        text.setWordWrap(True)
        self.says.setWordWrap(True)
        rows = QFormLayout()
        for words, box in ((_("&Device of the host:"), self.device), (_("&Meant is:"), self.by)):
            box.setAccessibleName(words.replace("&", "").rstrip(":"))
            rows.addRow(words, box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.add, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.forget, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self.tree, 1)
        column.addLayout(rows)
        column.addWidget(self.says)
        column.addWidget(buttons)
        self.device.currentIndexChanged.connect(lambda _index: self._offer_ways())
        self.tree.itemSelectionChanged.connect(self._enable)
        self.add.clicked.connect(lambda _checked=False: self._remember())
        self.forget.clicked.connect(lambda _checked=False: self._forget())

    async def load(self) -> None:
        """The host's USB devices; why there are none to choose, if so."""
        try:
            found = await list_devices(self._session.host.session)
        except HostelryError as error:
            self.says.setText(str(error))
            return
        self.offer([one for one in found if one.kind == "usb_device" and (port_of(one) or one.serial)])

    def offer(self, devices: list[HostDevice]) -> None:
        """Those that can be chosen."""
        self._devices = devices
        self.device.clear()
        for one in devices:
            name = " ".join(part for part in (one.vendor, one.product) if part) or f"{one.vendor_id}:{one.product_id}"
            self.device.addItem(_("{device}, port {port}").format(device=name, port=port_of(one)) if port_of(one) else name)
        self.says.setText("" if devices else _("No USB device is plugged into the host."))
        self._enable()

    def _offer_ways(self) -> None:
        self.by.clear()
        device = self._device()
        if device is None:
            return
        for by in By:
            memory = memory_of(device, by)
            if by is By.PRODUCT or (memory.serial if by is By.SERIAL else memory.port):
                self.by.addItem(_(BY_WORDS[by]), by.value)

    def _device(self) -> HostDevice | None:
        index = self.device.currentIndex()
        return self._devices[index] if 0 <= index < len(self._devices) else None

    def refresh(self) -> None:
        """As the document says now."""
        self.tree.clear()
        for memory in remembered(self._session.document):
            item = QTreeWidgetItem([memory.title or f"{memory.vendor}:{memory.product}", meant(memory)])
            item.setData(0, MEMORY, memory)
            for column in (0, 1):
                item.setToolTip(column, plain_tip(item.text(column)))
            self.tree.addTopLevelItem(item)
        self._enable()

    def _enable(self) -> None:
        free = not self._session.broken and not self._session.read_only
        self.add.setEnabled(free and self._device() is not None)
        self.forget.setEnabled(free and bool(self.tree.selectedItems()))

    def _remember(self) -> None:
        device, by = self._device(), self.by.currentData()
        if device is not None and by:
            memory = memory_of(device, By(by))
            label = _("Remember {device}").format(device=memory.title or device.name)
            self._session.edit(label, lambda document: remember(document, memory))

    def _forget(self) -> None:
        for item in self.tree.selectedItems():
            memory = item.data(0, MEMORY)
            label = _("Forget {device}").format(device=item.text(0))
            self._session.edit(label, lambda document, memory=memory: forget(document, memory))  # type: ignore[misc]

    def _end(self) -> None:
        for connection in self._connections:
            connection.disconnect()


def meant(memory: UsbMemory) -> str:
    """In words: which device it is."""
    if memory.by is By.SERIAL:
        return _("the device with the serial number {serial}").format(serial=memory.serial)
    if memory.by is By.PORT:
        return _("whatever is plugged into the port {port}").format(port=memory.port)
    return _(BY_WORDS[By.PRODUCT])
