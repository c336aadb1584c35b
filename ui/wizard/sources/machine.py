"""Another machine of the host: copied, or as what a new one stands on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.install.profile import template
from app.install.sources.machine import Clone
from app.virt import all_texts, domains
from app.xmldoc import Document
from ui.aio import spawn
from ui.icons import icon
from ui.wizard.sources.editor import Desk, SourceEditor


class MachineEditor(SourceEditor):
    """Templates come first, and are linked unless the user wants a whole copy."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.machines = QComboBox()
        self.machines.setAccessibleName(_("Machine"))
        self.machines.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.machines.setMinimumContentsLength(20)
        self.full, self.linked = QRadioButton(_("&Whole copy")), QRadioButton(_("&Linked"))
        self.full.setToolTip(_("Every disk is copied; both machines are independent"))
        self.linked.setToolTip(_("Made at once: only changes are stored, and the original's disks must stay as they are"))
        self.full.setChecked(True)
        row = QHBoxLayout()
        row.addWidget(self.machines, 1)
        row.addWidget(self.full)
        row.addWidget(self.linked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.hint)
        self._templates: frozenset[str] = frozenset()
        self.machines.activated.connect(lambda _index: self._read())
        self.linked.toggled.connect(self._way_chosen)

    def begin(self) -> None:
        self._fill()
        self._read()
        spawn(self._find_templates(), self)

    def _fill(self) -> None:
        chosen = self.machines.currentData()
        self.machines.clear()
        listed = [one for one in self.desk.host.inventory.domains.values() if one.persistent]
        for one in sorted(listed, key=lambda one: (one.uuid not in self._templates, one.name.lower())):
            is_one = one.uuid in self._templates
            words = _("{name} (template)").format(name=one.name) if is_one else one.name
            self.machines.addItem(icon("edit-copy" if is_one else "computer"), words, one.uuid)
        self.machines.setCurrentIndex(max(0, self.machines.findData(chosen)))

    async def _find_templates(self) -> None:
        """Which machines are marked as templates stands in their definitions."""
        host = self.desk.host
        try:
            texts = await all_texts.read(host.session, list(host.inventory.domains), persistent_only=True)
        except HostelryError:
            return  # the list is as good without
        found = frozenset(uuid for uuid, text in texts.items() if template.is_template(Document.parse(text)))
        if found != self._templates:
            first = not self._templates and self.machines.currentIndex() == 0
            self._templates = found
            self._fill()
            if first:
                self.machines.setCurrentIndex(0)
                self.linked.setChecked(True)
                self._read()

    def choose(self, uuid: str, *, linked: bool) -> None:
        """As if the user had chosen it."""
        self.linked.setChecked(linked)
        self.machines.setCurrentIndex(max(0, self.machines.findData(uuid)))
        self._read()

    def _read(self) -> None:
        self.say(None, _("Choose a machine."))
        uuid = self.machines.currentData()
        if uuid:
            self.hint.say(_("Reading the machine…"))
            spawn(self._take(str(uuid)), self)

    async def _take(self, uuid: str) -> None:
        host = self.desk.host
        record = host.inventory.domains.get(uuid)
        try:
            text = await domains.xml(host.session, uuid, inactive=True, secure=True)
        except HostelryError as error:
            self.hint.say(str(error), "dialog-error")
            return
        if uuid != self.machines.currentData():
            return
        self.hint.say("")
        self.say(Clone(text, self.linked.isChecked(), bool(record and record.active)))

    def _way_chosen(self, linked: bool) -> None:
        if isinstance(self.source, Clone):
            self.say(replace(self.source, linked=linked))
