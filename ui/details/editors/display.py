"""Who can reach the guest's screen: a few plain answers, what each means, and a password where one is needed."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from app.devices.description import Section
from app.i18n import N_, _
from app.xmldoc.document import Document, Element
from ui.details.editors.panel import Panel
from ui.details.subject import Subject
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (what a machine may say, not where we listen)
LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
PASSWORD_LENGTH = {"vnc": 8}
"""VNC uses no more."""

WAYS: tuple[tuple[str, str, str], ...] = (
    ("host", N_("Programs on the host, and those who come to it by SSH"),
        N_("The safe choice: this program tunnels through its connection by itself.")),
    ("all", N_("Every computer that can reach the host"),
        N_("For viewers elsewhere. Whoever reaches the port is let in, unless a password is set.")),
    ("libvirt", N_("Nobody by network, only programs that ask libvirt on the host"),
        N_("No port is opened. Screens of this host in this program still work; from another computer they do not.")),
    ("default", N_("As the host is set up"),
        N_("Nothing is said here; the host's qemu.conf decides, as a rule for programs on the host only.")),
)  # fmt: skip


class DisplayEditor(Panel):
    """One radio button for each answer; anything else that a machine has stays as it is, and is said."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.buttons: dict[str, QRadioButton] = {}
        group = QVBoxLayout()
        group.setSpacing(2)
        for name, words, help in WAYS:
            button = QRadioButton(_(words))
            button.setToolTip(plain_tip(_(help)))
            button.setAccessibleDescription(_(help))
            button.setAutoExclusive(False)
            button.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            self.buttons[name] = button
            group.addWidget(button)
        self.fixed, self.free = QPushButton(_("Use port 5900")), QPushButton(_("Let libvirt choose the port"))
        self.password = QPushButton(icon("dialog-password"), _("Set a random password"))
        self.says = Hint()
        row = QHBoxLayout()
        for push in (self.fixed, self.free, self.password):
            push.setAutoDefault(False)
            row.addWidget(push)
        row.addStretch(1)
        self.column.addLayout(group)
        self.column.addWidget(self.says)
        self.column.addLayout(row)
        self.setFocusProxy(self.buttons["host"])
        self._connect()

    def _connect(self) -> None:
        self.fixed.clicked.connect(lambda _checked=False: self._edit(_("Fix the port"), fix_port))
        self.free.clicked.connect(lambda _checked=False: self._edit(_("Let libvirt choose the port"), free_port))
        self.password.clicked.connect(lambda _checked=False: self._edit(_("Set a password"), set_password))

    def _edit(self, label: str, change: Callable[[Document, Element], None]) -> None:
        element = self.subject.element
        if element is not None:
            self.subject.session.edit(label, lambda document: change(document, element))

    def _choose(self, name: str) -> None:
        if name != reached(self.subject.element):
            self._edit(_("Choose who reaches the screen"), lambda document, element: reach(document, element, name))
        self.refresh()

    def refresh(self) -> bool:
        element = self.subject.element
        if element is None:
            return False
        kind, now = str(element.get("type", "")), reached(element)
        network = kind in ("vnc", "spice", "rdp")
        before = (self.isHidden(), self.says.text, self.buttons["host"].isHidden())
        for name, button in self.buttons.items():
            button.setVisible(network and (name != "libvirt" or kind != "rdp"))
            button.setChecked(name == now)
            button.setEnabled(not self.subject.locked)
        self._show_buttons(element, network and now not in ("libvirt", "socket"))
        self._say(element, now, network)
        return before != (self.isHidden(), self.says.text, self.buttons["host"].isHidden())

    def _show_buttons(self, element: Element, ports: bool) -> None:
        """Those that would change something."""
        open_now = not self.subject.locked
        automatic = is_free(element)
        self.fixed.setVisible(ports and automatic)
        self.fixed.setText(_("Use port {port} always").format(port=first_port(self.subject.document, element)))
        self.free.setVisible(ports and not automatic)
        self.password.setVisible(element.get("type") in ("vnc", "spice"))
        for push in (self.fixed, self.free, self.password):
            push.setEnabled(open_now)

    def _say(self, element: Element, now: str, network: bool) -> None:
        secret = bool(element.get("passwd"))
        if not network:
            self.says.say("")
        elif now == "all" and not secret:
            self.says.say(_("Everybody who reaches the host can see and use this machine: set a password."), "dialog-warning")
        elif now == "all" and element.get("type") == "vnc":
            text = _("VNC sends what is seen and typed without encryption, unless the host's qemu.conf turns TLS on.")
            self.says.say(text, "dialog-information")
        elif now in ("socket", ""):
            self.says.say(_("It waits at an address, network or socket of its own, as the table below says."))
        else:
            self.says.say(next(_(help) for name, _words, help in WAYS if name == now))


def reached(element: Element | None) -> str:
    """Which of the answers the display has; "socket" or "" for another one."""
    if element is None:
        return ""
    listens = element.findall("listen")
    if len(listens) > 1:
        return ""
    if not listens:
        old = element.get("listen")
        return "socket" if element.get("socket") else "default" if old is None else _of_address(str(old))
    kind = str(listens[0].get("type", ""))
    if kind in ("none", "socket"):
        return "libvirt" if kind == "none" else "socket"
    if kind == "network":
        return ""
    address = listens[0].get("address") or element.get("listen")
    return "default" if not address else _of_address(str(address))


def _of_address(address: str) -> str:
    return "host" if address in LOCAL else "all" if address in ANYWHERE else ""


def reach(document: Document, element: Element, way: str) -> None:
    """Says where it waits, in the new form; the old attributes go, as libvirt wants both to say the same."""
    for one in document.find_all("listen", element):
        document.remove_element(one)
    for name in ("listen", "socket"):
        document.remove(f"@{name}", element)
    address = {"host": "127.0.0.1", "all": "0.0.0.0"}.get(way)  # noqa: S104
    before = element[0] if len(element) else None
    if address is not None:
        document.insert(f"<listen type='address' address='{address}'/>", "", element, before)
    elif way == "libvirt":
        document.insert("<listen type='none'/>", "", element, before)
        for name in ("port", "tlsPort", "websocket", "autoport"):
            document.remove(f"@{name}", element)
    if way != "libvirt" and element.get("port") is None and element.get("autoport") is None:
        free_port(document, element)


def is_free(element: Element) -> bool:
    """Whether libvirt chooses the port at each start."""
    return element.get("autoport") == "yes" or str(element.get("port", "-1")) == "-1"


def first_port(document: Document, element: Element) -> int:
    """From 5900 on, the first that no other display of this machine has; of other machines nothing is known."""
    base = 3389 if element.get("type") == "rdp" else 5900
    taken = {
        str(one.get(name)) for one in document.find_all("devices/graphics") if one is not element for name in ("port", "tlsPort")
    }
    return next(port for port in range(base, base + 100) if str(port) not in taken)


def fix_port(document: Document, element: Element) -> None:
    """The same at each start."""
    document.set("@port", str(first_port(document, element)), element)
    document.set("@autoport", "no", element)


def free_port(document: Document, element: Element) -> None:
    """Another one at each start."""
    document.set("@port", "-1", element)
    document.set("@autoport", "yes", element)
    document.remove("@tlsPort", element)


def set_password(document: Document, element: Element) -> None:
    """One that nobody guesses; “Access” below shows it."""
    length = PASSWORD_LENGTH.get(str(element.get("type", "")), 16)
    document.set("@passwd", "".join(secrets.choice(LETTERS) for _place in range(length)), element)
