"""Which device of the host is given to the machine: a tree of what the host has, by IOMMU group, with who uses it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.devices.description import Section
from app.devices.offers import Named
from app.editing.session import EditSession
from app.i18n import _
from app.xmldoc.document import Document, Element
from ui.aio import spawn
from ui.details.dialogs.remembered import show
from ui.details.editors.panel import Panel
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

XML = Qt.ItemDataRole.UserRole
KINDS = {"usb": "usb", "pci": "pci", "scsi": "scsi", "mdev": "mdev"}
MOST_ROWS = 9


class Devices(QTreeWidget):
    """A device is taken by Return or a double click; undo is the whole view's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        elif item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.itemActivated.emit(item, 0)
        else:
            super().keyPressEvent(event)


class Readable(QStyledItemDelegate):
    """Rows that cannot be chosen say why: in the colour of hints, unless the theme's own for disabled rows is clearer."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        palette, base = option.palette, option.palette.color(QPalette.ColorRole.Base).lightness()
        colours = (
            palette.color(QPalette.ColorGroup.Normal, QPalette.ColorRole.PlaceholderText),
            palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text),
        )
        clear = max(colours, key=lambda colour: abs(colour.lightness() - base) * colour.alphaF())
        option.palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, clear)


class HostDeviceEditor(Panel):
    """The device that the machine has bears a tick.  Taking another one writes what stands in ``<source>``."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.tree, self.says = Devices(), Hint()
        self.tree.setHeaderLabels([_("Device of the host"), _("Can it be given?")])
        self.tree.setAccessibleName(_("Device of the host"))
        self.tree.setUniformRowHeights(True)
        self.tree.setItemDelegate(Readable(self.tree))
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.header().setStretchLastSection(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.tree.setToolTip(_("A double click or Return gives the machine this device"))
        caption = plain_label(_("Device of the host"))
        caption.setBuddy(self.tree)
        self.remember = QPushButton(icon("drive-removable-media-usb"), _("Re&membered USB devices…"))
        self.remember.setToolTip(_("Devices that the machine gets whenever they are there, by serial number or by port"))
        self.remember.clicked.connect(lambda _checked=False: self._show_remembered())
        for widget in (caption, self.tree, self.says):
            self.column.addWidget(widget)
        self.column.addWidget(self.remember, 0, Qt.AlignmentFlag.AlignLeading)
        self.setFocusProxy(self.tree)
        self.tree.itemActivated.connect(lambda item, _column: self._chosen(item))
        self._shown: tuple[object, ...] = ()

    def offered(self) -> tuple[Named, ...]:
        """What the host has of this kind."""
        element = self.subject.element
        kind = KINDS.get(str(element.get("type", "")) if element is not None else "", "")
        return tuple(self.subject.offers.names.get(kind, ()))

    def refresh(self) -> bool:
        found, element = self.offered(), self.subject.element
        now = next((one for one in found if element is not None and names_same(one, element)), None)
        state = (found, now, self.subject.locked)
        if state == self._shown:
            return False
        self._shown = state
        whole = isinstance(self.subject.session, EditSession)  # not the sketch of a device that is being added
        self.remember.setVisible(whole and element is not None and element.get("type") == "usb")
        self.remember.setEnabled(not self.subject.locked)
        self.tree.clear()
        for one in found:
            self._add(one, now)
        self.tree.expandAll()
        self.tree.setVisible(bool(found))
        self.tree.setEnabled(not self.subject.locked)
        self._say(found, now)
        return True

    def _say(self, found: tuple[Named, ...], now: Named | None) -> None:
        if not found:
            self.says.say(_("The host lists no such device; the rows below can name any."), "dialog-information")
        elif now is None:
            self.says.say(_("The device that is named below is not among those of the host now."), "dialog-warning")
        elif now.group and len([one for one in found if one.group == now.group]) > 1:
            self.says.say(_("All devices of an IOMMU group leave the host together: they can go to this machine only."))
        else:
            self.says.say("")

    def _add(self, one: Named, now: Named | None) -> None:
        can = one.why_not or (_("The machine has it") if one is now else _("Yes"))
        item = QTreeWidgetItem([one.words or one.value, can])
        item.setData(0, XML, one.xml)
        for column in (0, 1):
            item.setToolTip(column, plain_tip(f"{one.words or one.value}\n{can}"))
        if one is now:
            item.setIcon(0, icon("dialog-ok-apply"))
        elif one.why_not:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        self._owner(one).addChild(item)
        if one is now:
            self.tree.setCurrentItem(item)

    def _owner(self, one: Named) -> QTreeWidgetItem:
        """The row of its IOMMU group."""
        if not one.group:
            return self.tree.invisibleRootItem()
        title = _("IOMMU group {number}").format(number=one.group)
        found = self.tree.findItems(title, Qt.MatchFlag.MatchExactly)
        if found:
            return found[0]
        made = QTreeWidgetItem([title, ""])
        made.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(made)
        return made

    def _chosen(self, item: QTreeWidgetItem) -> None:
        xml, element = item.data(0, XML), self.subject.element
        if not xml or element is None or item.isDisabled():
            return
        self.subject.session.edit(_("Choose a device of the host"), lambda document: put_source(document, element, str(xml)))

    def _show_remembered(self) -> None:
        if isinstance(self.subject.session, EditSession):
            spawn(show(self.subject.session, self), self, name="remembered devices")

    def height_for(self, lay: Lay, width: int) -> int:
        if not self.tree.isHidden():
            count = len(self.offered()) + self.tree.topLevelItemCount()
            row = max(self.tree.sizeHintForRow(0), lay.line + 4)
            head = self.tree.header().sizeHint().height() + 2 * self.tree.frameWidth() + 4
            self.tree.setFixedHeight(row * max(3, min(MOST_ROWS, count)) + head)
            self.tree.header().resizeSection(0, width * 3 // 5)
        return super().height_for(lay, width)


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
