"""Panels with a few ready answers above the rows: processors' topology, firmware, Hyper-V."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QRadioButton, QWidget

from app.devices.description import Field, Section
from app.devices.values import write
from app.i18n import _, ngettext
from app.xmldoc.document import Document
from ui.details.editors.panel import Panel
from ui.details.subject import Subject
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

Values = Mapping[str, str | None]
"""By the path of a field of the section; None: nothing is said."""

_AT = "cpu/topology/@"
PARTS = ("sockets", "dies", "clusters", "cores", "threads")


class Presets(Panel):
    """``put`` writes several fields of the section as one step."""

    def put(self, label: str, values: Values) -> None:
        """Only fields of this section are written."""
        fields = {item.path: item for item in self.section.items if isinstance(item, Field)}

        def change(document: Document) -> None:
            for path, value in values.items():
                if path in fields:
                    write(document, fields[path], document.root, value)

        self.subject.session.edit(label, change)

    def get(self, path: str) -> str | None:
        """What the document says."""
        return self.subject.document.get(path)


class TopologyEditor(Presets):
    """The product beside the number of processors, and the usual shapes."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.says = Hint()
        self.shapes = QGridLayout()
        self.one = self._shape(_("One socket"), _("One socket with all cores: what most systems and licences like best"))
        self.pairs = self._shape(_("With hyper-threads"), _("One socket, two threads in each core; only with pinned processors"))
        self.many = self._shape(_("Sockets only"), _("Each processor is a socket of its own: how it is when nothing is said"))
        self.none = self._shape(_("Not said"), _("The hypervisor decides"))
        self.shapes.setColumnStretch(2, 1)
        self.column.addWidget(self.says)
        self.column.addLayout(self.shapes)
        self.one.clicked.connect(lambda _checked=False: self._put(1, self.count(), 1))
        self.pairs.clicked.connect(lambda _checked=False: self._put(1, self.count() // 2, 2))
        self.many.clicked.connect(lambda _checked=False: self._put(self.count(), 1, 1))
        self.none.clicked.connect(
            lambda _checked=False: self.put(_("Change the topology"), {f"{_AT}{part}": None for part in PARTS})
        )

    def _shape(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(plain_tip(tip))
        button.setAutoDefault(False)
        place = self.shapes.count()
        self.shapes.addWidget(button, place // 2, place % 2)
        return button

    def count(self) -> int:
        """How many processors there can be at most."""
        text = self.get("vcpu") or "1"
        return int(text) if text.isdecimal() else 1

    def _put(self, sockets: int, cores: int, threads: int) -> None:
        values: dict[str, str | None] = {f"{_AT}{part}": None for part in PARTS}
        values |= {f"{_AT}sockets": str(sockets), f"{_AT}cores": str(cores), f"{_AT}threads": str(threads)}
        for part in ("dies", "clusters"):
            if self.get(f"{_AT}{part}") is not None:
                values[f"{_AT}{part}"] = "1"
        self.put(_("Change the topology"), values)

    def refresh(self) -> bool:
        before, count = self.says.text, self.count()
        numbers = {part: self.get(f"{_AT}{part}") for part in PARTS}
        self.pairs.setEnabled(count % 2 == 0 and not self.subject.locked)
        for button in (self.one, self.many, self.none):
            button.setEnabled(not self.subject.locked)
        if not any(numbers.values()):
            text = ngettext("{count} socket with one core each.", "{count} sockets with one core each.", count)
            self.says.say(text.format(count=count))
            return before != self.says.text
        product = 1
        for text_of in numbers.values():
            product *= int(text_of) if text_of is not None and text_of.isdecimal() else 1
        shape = " × ".join(number for number in numbers.values() if number)
        if product == count:
            self.says.say(_("{shape} = {count} processors: it fits.").format(shape=shape, count=count), "dialog-ok-apply")
        else:
            words = _("{shape} = {product}, but the machine has {count} processors at most; the two must be the same.")
            self.says.say(words.format(shape=shape, product=product, count=count), "dialog-error")
        return before != self.says.text


class FirmwareEditor(Presets):
    """BIOS, UEFI, or UEFI with Secure Boot, in plain words."""

    SECURE = "os/firmware/feature[@name='secure-boot']/@enabled"
    KEYS = "os/firmware/feature[@name='enrolled-keys']/@enabled"
    WAYS: tuple[tuple[str, dict[str, str | None]], ...] = (
        ("bios", {"os/@firmware": "bios", SECURE: None, KEYS: None}),
        ("uefi", {"os/@firmware": "efi", SECURE: None, KEYS: None}),
        ("secure", {"os/@firmware": "efi", SECURE: "yes", KEYS: "yes"}),
    )

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        words = {
            "bios": (_("&BIOS"), _("For old systems")),
            "uefi": (_("&UEFI"), _("For all newer systems")),
            "secure": (_("UEFI with &Secure Boot"), _("For Windows 11; it also wants a TPM, which is added as hardware")),
        }
        row = QHBoxLayout()
        self.buttons: dict[str, QRadioButton] = {}
        for name, values in self.WAYS:
            button = QRadioButton(words[name][0])
            button.setToolTip(plain_tip(words[name][1]))
            button.clicked.connect(lambda _checked=False, values=values: self._choose(values))
            button.setAutoExclusive(False)
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.note = Hint()
        self.column.addWidget(self.note)

    def _choose(self, values: dict[str, str | None]) -> None:
        """What libvirt chooses for itself is taken away: it would contradict."""
        files = {path: None for path in ("os/loader", "os/nvram") if self.get(path) is not None}
        self.put(_("Change the firmware"), {**values, **files})
        self.refresh()

    def refresh(self) -> bool:
        before = self.note.text
        now = self.now()
        for name, button in self.buttons.items():
            button.setChecked(name == now)
            button.setEnabled(not self.subject.locked)
        if not now and self.get("os/loader"):
            self.note.say(_("A firmware file is named below; choosing here lets libvirt find one."))
        elif now == "secure" and self.subject.document.find("devices/tpm") is None:
            self.note.say(_("Windows 11 also wants a TPM: “Add hardware”, TPM."), "dialog-information")
        else:
            self.note.say("")
        return before != self.note.text

    def now(self) -> str:
        """Which of the ways the document has; "" for another one."""
        if self.get("os/@firmware") == "efi":
            return "secure" if self.get(self.SECURE) == "yes" else "uefi"
        return "bios" if self.get("os/@firmware") == "bios" else ""


class HypervEditor(Presets):
    """One switch for all that Windows should have."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.all = QCheckBox(_("Everything that makes Windows faster"))
        self.all.setToolTip(_("Switches the recommended ones below on or off together"))
        self.all.clicked.connect(lambda _checked=False: self._toggle())
        self.column.addWidget(self.all)

    def _paths(self) -> list[str]:
        from app.devices.groups.hyperv import RECOMMENDED  # noqa: PLC0415 (the list belongs to the description)

        known = {item.path for item in self.section.items}
        return [path for name in RECOMMENDED if (path := f"features/hyperv/{name}/@state") in known]

    def _toggle(self) -> None:
        on = not all(self.get(path) == "on" for path in self._paths())
        values: dict[str, str | None] = {path: "on" if on else None for path in self._paths()}
        retries = "features/hyperv/spinlocks/@retries"
        if "features/hyperv/spinlocks/@state" in values:
            values[retries] = (self.get(retries) or "8191") if on else None
        self.put(_("Switch Hyper-V features on") if on else _("Switch Hyper-V features off"), values)
        self.refresh()

    def refresh(self) -> bool:
        on = sum(self.get(path) == "on" for path in self._paths())
        states = Qt.CheckState
        some = states.PartiallyChecked if on else states.Unchecked
        self.all.setTristate(0 < on < len(self._paths()))
        self.all.setCheckState(states.Checked if on and on == len(self._paths()) else some)
        self.all.setEnabled(not self.subject.locked)
        return False
