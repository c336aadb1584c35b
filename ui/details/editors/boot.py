"""The boot order: the machine's devices in the order in which they are tried, by drag or by keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QWidget

from app.devices.description import Section
from app.devices.lookup import devices
from app.editing.places import at_place, place_of
from app.i18n import _
from app.xmldoc.document import Document, Element
from ui.details.editors.panel import Panel
from ui.details.entries import description_of, title_of
from ui.details.subject import Subject
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

BOOTABLE = frozenset({"disk", "interface", "hostdev", "redirdev"})
PLACE = Qt.ItemDataRole.UserRole
MOST_ROWS = 9
_KINDS = {"hd": ("disk", "lun"), "cdrom": ("cdrom",), "fd": ("floppy",)}


class BootList(QListWidget):
    """moved: rows are in another order.  step: Ctrl+Up or Ctrl+Down was pressed."""

    moved = Signal()
    step = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setSpacing(2)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAccessibleName(_("Devices in boot order"))
        self.setToolTip(_("Drag a device, or move it with Ctrl+Up and Ctrl+Down; the space bar says whether it is tried at all"))

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step.emit(by)
        else:
            super().keyPressEvent(event)


class BootEditor(Panel):
    """Ticked devices are tried from above.  Without an order of devices it shows the one by kinds, until the first change."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.list = BootList()
        self.says = plain_label()
        self.says.setWordWrap(True)
        self.up = QPushButton(icon("go-up"), _("Up"))
        self.down = QPushButton(icon("go-down"), _("Down"))
        self._filling = False
        self.setFocusProxy(self.list)
        self._arrange()
        self.list.moved.connect(self._write)
        self.list.step.connect(self.shift)
        self.list.itemChanged.connect(lambda _item: None if self._filling else self._write())
        self.up.clicked.connect(lambda _checked=False: self.shift(-1))
        self.down.clicked.connect(lambda _checked=False: self.shift(1))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.up)
        buttons.addWidget(self.down)
        buttons.addStretch(1)
        self.column.addWidget(self.says)
        self.column.addWidget(self.list)
        self.column.addLayout(buttons)

    def refresh(self) -> bool:
        document = self.subject.document
        wanted = order(document)
        own = any(one.find("boot") is not None for one in devices(document))
        self.says.setText(
            _("Each ticked device is tried from above.")
            if own
            else _("The order goes by kinds of device now; a change here orders devices.")
        )
        rows = [(place_of(one), title(document, one), ticked) for one, ticked in wanted]
        same = len(rows) == self.list.count()
        self._filling = True
        self._fill(rows)
        self._filling = False
        for widget in (self.list, self.up, self.down):
            widget.setEnabled(not self.subject.locked)
        height = max(1, min(MOST_ROWS, len(rows))) * (max(18, self.list.sizeHintForRow(0)) + 4) + 2 * self.list.frameWidth() + 2
        self.list.setFixedHeight(height)
        return not same

    def _fill(self, rows: list[tuple[str, str, bool]]) -> None:
        current = self.list.currentItem()
        chosen = current.text() if current is not None else ""
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        for number, (place, text, ticked) in enumerate(rows):
            item = self.list.item(number) if number < self.list.count() else QListWidgetItem()
            if number >= self.list.count():
                self.list.addItem(item)
            item.setText(text)
            item.setToolTip(plain_tip(text))
            item.setData(PLACE, place)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            if text == chosen:
                self.list.setCurrentItem(item)

    def shift(self, by: int) -> None:
        """The current device one place up or down."""
        row = self.list.currentRow()
        target = row + by
        if row < 0 or not 0 <= target < self.list.count():
            return
        self._filling = True
        item = self.list.takeItem(row)
        self.list.insertItem(target, item)
        self.list.setCurrentItem(item)
        self._filling = False
        self._write()

    def _write(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        places = [(str(item.data(PLACE)), item.checkState() == Qt.CheckState.Checked) for item in items]
        self.subject.session.edit(_("Change the boot order"), lambda document: put_order(document, places))


def title(document: Document, element: Element) -> str:
    """ "Disk vda: 20 GiB ..."."""
    kind = description_of(element)
    summary = kind.summary(document, element)
    name = title_of(kind, document, element)
    return _("{device}: {summary}").format(device=name, summary=summary) if summary else name


def order(document: Document) -> list[tuple[Element, bool]]:
    """The devices that can be booted from, those that are tried first, each with whether it is."""
    found = [one for one in devices(document) if one.tag in BOOTABLE]
    numbered = {one: _number(one) for one in found if one.find("boot") is not None}
    if not numbered:
        numbered = {one: place for place, one in enumerate(_by_kind(document, found))}
    tried = sorted(numbered, key=lambda one: numbered[one])
    return [(one, True) for one in tried] + [(one, False) for one in found if one not in numbered]


def _number(element: Element) -> int:
    text = str(element.find("boot").get("order", ""))  # type: ignore[union-attr]
    return int(text) if text.isdecimal() else 1 << 16


def _by_kind(document: Document, found: list[Element]) -> list[Element]:
    """The first device of each kind that ``<os>`` names."""
    result = []
    for kind in (str(one.get("dev", "")) for one in document.find_all("os/boot")):
        fitting = (
            one
            for one in found
            if (kind == "network" and one.tag == "interface")
            or (one.tag == "disk" and str(one.get("device", "disk")) in _KINDS.get(kind, ()))
        )
        first = next(fitting, None)
        if first is not None and first not in result:
            result.append(first)
    return result


def put_order(document: Document, places: list[tuple[str, bool]]) -> None:
    """Numbers the ticked ones from 1, and takes the order by kinds away: libvirt takes only one of the two."""
    number = 0
    for place, ticked in places:
        element = at_place(document, place)
        if element is None:
            continue
        number += ticked
        document.set("boot/@order", str(number) if ticked else None, element)
        boot = element.find("boot")
        if not ticked and boot is not None:
            document.remove_element(boot)
    if number:
        for one in document.find_all("os/boot"):
            document.remove_element(one)
