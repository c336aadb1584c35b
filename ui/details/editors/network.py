"""What a network card is connected to: one list of the host's networks, bridges and cards, and when to take which."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.devices.choosing import too_new
from app.devices.description import Section
from app.devices.offers import Named, Offers
from app.i18n import N_, _
from app.xmldoc.document import Document, Element
from ui.details.editors.panel import Panel
from ui.details.subject import Subject
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

PLACE = Qt.ItemDataRole.UserRole
PASST_SINCE = (9, 0, 0)


@dataclass(frozen=True, slots=True)
class Way:
    """A usual kind of connection.  attribute: of ``<source>``, what names the place.  names: the host's list of such places."""

    kind: str
    words: str
    when: str
    attribute: str = ""
    names: str = ""


WAYS = (
    Way("network", N_("Virtual network “{name}”"),
        N_("The usual choice: works everywhere, also over Wi-Fi. With NAT the guest reaches the world, and only the host and "
           "other guests reach it."), "network", "networks"),
    Way("bridge", N_("Bridge “{name}” of the host"),
        N_("For servers: the guest is in the host's own network and gets its address there."), "bridge", "bridges"),
    Way("direct", N_("Network card “{name}” of the host (macvtap)"),
        N_("In the host's network without a bridge. The host itself mostly cannot reach the guest; not for Wi-Fi."),
        "dev", "interfaces"),
    Way("user", N_("User network"),
        N_("Needs no rights on the host. The guest reaches the world; from outside only forwarded ports reach it.")),
)  # fmt: skip
_RARE = N_("For special networks; the rows below have its settings.")
KEPT = ("network", "portgroup", "bridge", "dev", "mode", "name", "path", "type", "macTableManager", "switchid", "portid",
        "portgroupid", "connectionid", "address", "port", "missing", "managed")  # fmt: skip
"""Attributes of ``<source>`` that belong to one kind only."""


class Places(QComboBox):
    """The wheel scrolls the page; undo is the whole view's."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class Forwarding(QWidget):
    """One more port that is forwarded.  wanted: protocol, port of the host, port in the guest."""

    wanted = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.protocol = QComboBox()
        self.protocol.addItems(["TCP", "UDP"])
        self.protocol.setAccessibleName(_("Protocol"))
        self.host, self.guest = _port(_("Port of the host"), "2222"), _port(_("Port in the guest"), "22")
        self.add = QPushButton(icon("list-add"), _("Forward"))
        self.add.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.protocol)
        row.addWidget(self.host)
        row.addWidget(plain_label("→"))
        row.addWidget(self.guest)
        row.addWidget(self.add)
        row.addStretch(1)
        for line in (self.host, self.guest):
            line.textChanged.connect(lambda _text: self.enable())
            line.returnPressed.connect(self._ask)
        self.add.clicked.connect(lambda _checked=False: self._ask())

    def enable(self, on: bool = True) -> None:
        """Both ports are needed."""
        self.add.setEnabled(on and self.host.hasAcceptableInput() and self.guest.hasAcceptableInput())

    def _ask(self) -> None:
        if self.add.isEnabled():
            self.wanted.emit(self.protocol.currentText().lower(), self.host.text(), self.guest.text())


class NetworkEditor(Panel):
    """Choosing a place sets kind and source in one step, and takes away what only the old kind has."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.box = Places()
        self.box.setAccessibleName(_("The card is connected to"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.says, self.ports = Hint(), Hint()
        self.forward = Forwarding()
        caption = plain_label(_("The card is connected to"))
        caption.setBuddy(self.box)
        for widget in (caption, self.box, self.says, self.ports, self.forward):
            self.column.addWidget(widget)
        self._shown: tuple[object, ...] = ()
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._chosen)
        self.forward.wanted.connect(self._forward)

    def refresh(self) -> bool:
        element = self.subject.element
        if element is None:
            return False
        kind = str(element.get("type", ""))
        lines = tuple(forwards(self.subject.document, element))
        state = (kind, place_named(element), lines, self.subject.offers, self.subject.locked)
        if state == self._shown:
            return False
        self._shown = state
        self._fill(element)
        self.box.setEnabled(not self.subject.locked)
        way = next((one for one in WAYS if one.kind == kind), None)
        self.says.say(_(way.when) if way is not None else _(_RARE))
        self._show_ports(kind, lines)
        return True

    def _show_ports(self, kind: str, lines: tuple[str, ...]) -> None:
        reason = no_passt(self.subject.offers)
        self.forward.setVisible(kind == "user" and not reason)
        self.forward.enable(not self.subject.locked)
        if kind != "user":
            self.ports.say("")
        elif reason:
            self.ports.say(_("No port can be forwarded: {reason}").format(reason=reason), "dialog-information")
        elif lines:
            self.ports.say(_("Forwarded: {ports}. “User network” below has them in a table.").format(ports=", ".join(lines)))
        else:
            self.ports.say(_("Forward a port of the host to the guest; the program passt does it:"))

    def _fill(self, element: Element) -> None:
        model = QStandardItemModel(self.box)
        now = -1
        for way in WAYS:
            for named in places(way, element, self.subject.offers):
                item = QStandardItem(in_words(way, named))
                item.setData((way.kind, named.value), PLACE)
                item.setEnabled(not named.why_not)
                item.setToolTip(plain_tip(named.why_not or _(way.when)))
                if (way.kind, named.value) == (str(element.get("type", "")), place_named(element)):
                    now = model.rowCount()
                model.appendRow(item)
        if now < 0:
            now = model.rowCount()
            model.appendRow(QStandardItem(_("Something else, as said below")))
        self.box.setModel(model)
        self.box.setCurrentIndex(now)

    def _chosen(self, index: int) -> None:
        chosen, element = self.box.itemData(index, PLACE), self.subject.element
        if not chosen or element is None:
            return
        kind, name = chosen
        if (kind, name) != (str(element.get("type", "")), place_named(element)):
            self.subject.session.edit(_("Connect a network card"), lambda document: connect(document, element, kind, name))

    def _forward(self, protocol: str, host: str, guest: str) -> None:
        element = self.subject.element
        if element is None:
            return
        xml = f"<portForward proto='{protocol}'><range start='{int(host)}' to='{int(guest)}'/></portForward>"

        def change(document: Document) -> None:
            document.set("backend/@type", "passt", element)
            document.insert(xml, "", element)

        self.subject.session.edit(_("Forward a port"), change)
        self.forward.host.clear()
        self.forward.guest.clear()
        self.forward.host.setFocus(Qt.FocusReason.OtherFocusReason)


def in_words(way: Way, named: Named) -> str:
    """What the list shows: the quotation marks are about the name alone, not about what the host says of it."""
    words = _(way.words).format(name=named.value)
    return named.words.replace(named.value, words, 1) if named.value in named.words else words


def places(way: Way, element: Element, offers: Offers) -> list[Named]:
    """What the host has of this kind, and where the card is now."""
    if not way.names:
        return [Named("", "")]
    found = list(offers.names.get(way.names, ()))
    here = place_named(element)
    if element.get("type") == way.kind and here and here not in [one.value for one in found]:
        found.append(Named(here))
    return found


def place_named(element: Element) -> str:
    """The name of the network, bridge or card; "" for kinds that have none."""
    way = next((one for one in WAYS if one.kind == element.get("type")), None)
    source = element.find("source")
    return str(source.get(way.attribute, "")) if way is not None and way.attribute and source is not None else ""


def connect(document: Document, element: Element, kind: str, name: str) -> None:
    """Another place; of the same kind only its name changes."""
    way = next(one for one in WAYS if one.kind == kind)
    if element.get("type") != kind:
        _leave_kind(document, element, kind)
        document.set("@type", kind, element)
        if kind == "direct":
            document.set("source/@mode", "bridge", element)
    if way.attribute:
        document.set(f"source/@{way.attribute}", name, element)
        document.remove("source/@portgroup", element)


def _leave_kind(document: Document, element: Element, kind: str) -> None:
    """Takes away what libvirt refuses with another kind."""
    source = element.find("source")
    if source is not None:
        for name in KEPT:
            document.remove(f"source/@{name}", element)
        for child in list(source):
            document.remove_element(child)
        if not source.attrib:
            document.remove_element(source)
    document.remove("@managed", element)
    if kind != "user":
        for one in document.find_all("portForward", element):
            document.remove_element(one)
        backend = element.find("backend")
        if backend is not None and backend.get("type") == "passt":
            document.remove_element(backend)


def forwards(document: Document, element: Element) -> list[str]:
    """Each in a few words: “TCP 2222 → 22”."""
    found = []
    for one in document.find_all("portForward", element):
        for span in one.findall("range"):
            start, to = str(span.get("start", "")), str(span.get("to", "") or span.get("start", ""))
            words = f"{str(one.get('proto', '')).upper()} {start} → {to}"
            found.append(words)
    return found


def no_passt(offers: Offers) -> str:
    """Why the host cannot forward ports; "" if it can or does not tell."""
    if offers.lists("interface/backendType", "passt") is False:
        return _("The host does not have the program passt.")
    return too_new(PASST_SINCE, offers)


def _port(name: str, example: str) -> QLineEdit:
    line = QLineEdit()
    line.setValidator(QIntValidator(1, 65535, line))
    line.setPlaceholderText(example)
    line.setAccessibleName(name)
    line.setToolTip(name)
    line.setMaximumWidth(90)
    return line
