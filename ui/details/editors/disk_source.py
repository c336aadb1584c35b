"""The volume of a disk: picked from the host's pools, or made there."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.devices.description import Field, Section
from app.devices.values import write
from app.i18n import _
from app.install.pools import holds_files
from app.model.records import PoolRecord
from app.virt.storage import VolumeRecord
from app.xmldoc.document import Document, Element
from ui.aio import ask, spawn
from ui.details.dialogs.volumes import VolumeDialog
from ui.details.editors.panel import Panel
from ui.details.subject import Subject
from ui.icons import icon

FORMATS = ("raw", "qcow2", "qed", "vmdk", "vdi", "vpc", "vhdx")
"""Those that can be said of a disk; an ISO image is raw."""


class DiskSourceEditor(Panel):
    """A button; what it does is seen in the fields below."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.pick = QPushButton(icon("drive-harddisk"), _("Choose or ma&ke a volume…"))
        self.pick.setAutoDefault(False)
        self.pick.setToolTip(_("Of the storage pools of the machine's host"))
        self.pick.clicked.connect(lambda _checked=False: spawn(self.choose(), self, name="choose a volume"))
        row = QHBoxLayout()
        row.addWidget(self.pick)
        row.addStretch(1)
        self.column.addLayout(row)

    def refresh(self) -> bool:
        self.pick.setEnabled(not self.subject.locked and self.subject.session.host.state.name == "CONNECTED")
        return False

    async def choose(self) -> None:
        """By the dialog."""
        document = self.subject.document
        dialog = VolumeDialog(self.subject.session.host, document.get("name") or "disk", self.window())
        spawn(dialog.load(), dialog, name="list volumes")
        await ask(dialog)
        element, chosen = self.subject.element, dialog.chosen
        if chosen is None or element is None:
            return
        pool, volume = chosen
        fields = {item.path: item for item in self.section.items if isinstance(item, Field)}
        label = _("Use the volume “{name}”").format(name=volume.name)
        self.subject.session.edit(label, lambda edited: use(edited, element, fields, pool, volume))


def use(document: Document, element: Element, fields: dict[str, Field], pool: PoolRecord, volume: VolumeRecord) -> None:
    """As a volume if the disk is one already, else by its path; with its format, where the section has a field for it."""
    as_volume = document.get("@type", None, element) == "volume"
    kind = "volume" if as_volume else "file" if holds_files(pool) else "block"
    values = {
        "@type": kind,
        "source/@pool": pool.name if as_volume else None,
        "source/@volume": volume.name if as_volume else None,
        "source/@file": volume.path if kind == "file" else None,
        "source/@dev": volume.path if kind == "block" else None,
    }
    if volume.format in FORMATS or volume.format == "iso":
        values["driver/@type"] = "raw" if volume.format == "iso" else volume.format
    for path, value in values.items():
        if path in fields:
            write(document, fields[path], element, value)
