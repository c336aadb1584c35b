"""Which device of the host is given to the machine: picked from what the host has, with who uses it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from app.devices.description import Section
from app.devices.offers import Named
from app.i18n import _
from app.xmldoc.document import Document, Element
from ui.details.editors.panel import Panel
from ui.details.subject import Subject
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

XML = Qt.ItemDataRole.UserRole
KINDS = {"usb": "usb", "pci": "pci", "scsi": "scsi", "mdev": "mdev"}


class HostDeviceEditor(Panel):
    """Choosing one writes what stands in ``<source>``."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.box = QComboBox()
        self.box.setAccessibleName(_("Device of the host"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        caption = plain_label(_("Device of the &host"))
        caption.setBuddy(self.box)
        self.column.addWidget(caption)
        self.column.addWidget(self.box)
        self.box.activated.connect(self._chosen)
        self._shown: tuple[object, ...] = ()

    def offered(self) -> tuple[Named, ...]:
        """What the host has of this kind."""
        element = self.subject.element
        kind = KINDS.get(str(element.get("type", "")) if element is not None else "", "")
        return tuple(self.subject.offers.names.get(kind, ()))

    def refresh(self) -> bool:
        found, element = self.offered(), self.subject.element
        now = next((place for place, one in enumerate(found) if element is not None and names_same(one, element)), -1)
        state = (found, now, self.subject.locked)
        if state == self._shown:
            return False
        self._shown = state
        self._fill(found, now)
        self.box.setEnabled(bool(found) and not self.subject.locked)
        return True

    def _fill(self, found: tuple[Named, ...], now: int) -> None:
        model = QStandardItemModel(self.box)
        first = QStandardItem(_("As said below") if found else _("The host tells of none"))
        model.appendRow(first)
        for place, one in enumerate(found):
            words = one.words or one.value
            item = QStandardItem(_("{device} ({reason})").format(device=words, reason=one.why_not) if one.why_not else words)
            item.setData(one.xml, XML)
            item.setEnabled(not one.why_not or place == now)
            item.setToolTip(plain_tip(one.why_not or one.value))
            model.appendRow(item)
        self.box.setModel(model)
        self.box.setCurrentIndex(now + 1)

    def _chosen(self, index: int) -> None:
        xml, element = self.box.itemData(index, XML), self.subject.element
        if not xml or element is None:
            return
        self.subject.session.edit(_("Choose a device of the host"), lambda document: put_source(document, element, str(xml)))


def put_source(document: Document, element: Element, inner: str) -> None:
    """Replaces what tells the host's device; what is said beside it (what to do when it is missing) stays."""
    source = document.ensure("source", element)
    fresh = Document.parse(inner if inner.lstrip().startswith("<source") else f"<source>{inner}</source>").root
    for child in list(source):
        document.remove_element(child)
    for child in fresh:
        document.insert(document.fragment(child), "", source)


def names_same(one: Named, element: Element) -> bool:
    """Whether ``element`` is about this device."""
    source = element.find("source")
    if source is None or not one.xml:
        return False
    fresh = Document.parse(one.xml if one.xml.lstrip().startswith("<source") else f"<source>{one.xml}</source>").root
    return bool(len(fresh)) and [_facts(child) for child in fresh] == [_facts(child) for child in source]


def _facts(element: Element) -> tuple[str, dict[str, str]]:
    return str(element.tag), {str(name): str(value).lower() for name, value in element.attrib.items()}
