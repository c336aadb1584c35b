"""A machine's facts, load, addresses, media and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.jobs.job import Job
from app.model.changes import Change
from app.model.definition import VIRT_WORDS, Definition, Drive, read_definition
from app.model.reasons import state_word
from app.model.records import DomainRecord, DomainRef, DomainState, HostId, ObjectKind
from app.model.statistics import Metric
from app.virt import domains
from app.virt.domains import SOURCE_WORDS
from ui.aio import spawn
from ui.models.units import memory_size, percent, rate
from ui.widgets.facts import Facts
from ui.widgets.notes import Notes
from ui.widgets.plot import Plot
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.actions.context import Context
    from app.hosts.host import Host

REREAD_MS = 400
ADDRESSES_EVERY_MS = 10_000
PICTURE_PX = 320


class Overview(QScrollArea):
    """``media``: the button of the drives' menu.

    Reads the definition when it is first shown and again when the machine changes; nothing while hidden."""

    def __init__(self, host: Host, ref: DomainRef, ctx: Context, media: QWidget) -> None:
        super().__init__()
        self._media = media
        self._host, self._ref, self._ctx = host, ref, ctx
        self._definition = Definition()
        self._stale = True
        self._soon = QTimer(self, singleShot=True, interval=REREAD_MS)
        self._soon.timeout.connect(self._reread)
        self._again = QTimer(self, interval=ADDRESSES_EVERY_MS)
        self._again.timeout.connect(self._ask_addresses)
        self._make()
        self._links = [
            host.inventory.changed.connect(self._inventory_changed),
            host.statistics.sampled.connect(self._sampled),
            ctx.jobs.finished.connect(self._job_finished),
        ]
        host.statistics.deepen(ref.uuid)
        self._show_record()

    def _make(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.facts, self.addresses, self.devices = Facts(), Facts(), Facts()
        self.notes = Notes(self._host, self._ref)
        self.picture = QLabel(alignment=Qt.AlignmentFlag.AlignLeft)
        self.picture.setAccessibleName(_("The machine's screen, small"))
        self.picture.hide()
        self.plots = {
            Metric.CPU: Plot(_("CPU"), percent, top=100),
            Metric.MEMORY: Plot(_("Memory"), percent, top=100),
            Metric.DISK: Plot(_("Disk"), rate, least_top=10_000),
            Metric.NET: Plot(_("Network"), rate, least_top=10_000),
        }
        self._sections = [
            Section(_("Machine"), self.facts),
            Section(_("Load"), self._plot_grid()),
            Section(_("Addresses"), self.addresses),
            Section(_("Drives and network cards"), self.devices, self._media),
            Section(_("Notes"), self.notes),
        ]
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(18)
        column.addWidget(self.picture)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(inner)

    def _plot_grid(self) -> QWidget:
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for number, plot in enumerate(self.plots.values()):
            grid.addWidget(plot, number // 2, number % 2)
        return grid_widget

    # what it shows

    @property
    def record(self) -> DomainRecord | None:
        """None once the machine is gone."""
        return self._host.inventory.domains.get(self._ref.uuid)

    def _show_record(self) -> None:
        record = self.record
        if record is None:
            return
        put, definition = self.facts.put, self._definition
        titled = _("{title} ({name})").format(title=record.title, name=record.name)
        put("name", _("Name"), titled if record.title else record.name)
        put("state", _("State"), state_word(record))
        put("os", _("System"), _os_name(definition.os_id), tip=definition.os_id)
        put("memory", _("Memory"), _memory(record))
        put("vcpus", _("Processors"), str(record.vcpus) if record.vcpus else "", tip=_("libvirt: vCPUs"))
        put("virt", _("Runs by"), _(VIRT_WORDS.get(definition.virt_type, definition.virt_type)))
        put("firmware", _("Firmware"), _firmware(definition))
        put("machine", _("Chipset"), " ".join(part for part in (definition.machine, definition.arch) if part))
        put("autostart", _("Autostart"), {True: _("Yes"), False: _("No")}.get(record.autostart, ""))  # type: ignore[arg-type]
        put("saved", _("Saved state"), _("Will be restored at the next start") if record.managed_save else "")
        put("uuid", _("UUID"), record.uuid)
        put("host", _("Host"), self._host.label or self._host.uri, tip=self._host.uri)

    def _show_devices(self) -> None:
        for number, drive in enumerate(self._definition.drives):
            self.devices.put(f"drive{number}", _drive_label(drive), drive.source or _("Empty"), tip=drive.source)
        for number, card in enumerate(self._definition.cards):
            plugged = _("{kind} “{source}”").format(kind=card.kind, source=card.source) if card.source else card.kind
            value = ", ".join(part for part in (plugged, card.model, card.mac) if part)
            self.devices.put(f"card{number}", _("Network card"), value)
        self._sections[3].setVisible(bool(self._definition.drives or self._definition.cards))

    def _show_addresses(self, found: Sequence[domains.Address]) -> None:
        for number in range(8):
            one = found[number] if number < len(found) else None
            text = _("{address} – {source}").format(address=one.address, source=_(SOURCE_WORDS[one.source])) if one else ""
            self.addresses.put(str(number), one.interface if one else "", text, tip=one.mac if one else "")
        self._sections[2].setVisible(bool(found))

    def _show_load(self) -> None:
        for metric, plot in self.plots.items():
            plot.show_values(self._host.statistics.history(self._ref.uuid, metric))

    # when

    def _inventory_changed(self, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN and self._ref.uuid in change.updated | change.added:
            self._show_record()
            self._read_soon()

    def _job_finished(self, job: Job) -> None:
        """Not every change has an event: a medium in a drive changes nothing that the list shows."""
        record = self.record
        if record is not None and job.host_id == self._ref.host_id and job.subject == record.name:
            self._read_soon()

    def _read_soon(self) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _sampled(self, _host_id: HostId, uuids: frozenset[str]) -> None:
        if self._ref.uuid in uuids and self.isVisible():
            self._show_load()

    def showEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().showEvent(event)
        self._show_load()
        if self._stale:
            self._soon.start(0)
        self._again.start()

    def hideEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().hideEvent(event)
        self._again.stop()

    def _reread(self) -> None:
        self._stale = False
        spawn(self._read(), self, name="read a definition")

    def _ask_addresses(self) -> None:
        spawn(self._read_addresses(), self, name="read addresses")

    async def _read(self) -> None:
        try:
            self._definition = read_definition(await domains.xml(self._host.session, self._ref.uuid))
        except HostelryError as error:
            self.facts.put("problem", _("Problem"), str(error), tip=error.raw)
            self._stale = True
            return
        self.facts.put("problem", "", "")
        self._show_record()
        self._show_devices()
        await self.notes.load()
        await self._read_addresses()

    async def _read_addresses(self) -> None:
        record = self.record
        if record is None or record.state is not DomainState.RUNNING:
            self._show_addresses(())
            return
        try:
            self._show_addresses(await domains.addresses(self._host.session, self._ref.uuid))
        except HostelryError:
            self._show_addresses(())

    async def read_picture(self) -> None:
        """A small picture of the screen, for when the console is not beside it."""
        record = self.record
        self.picture.setVisible(False)
        if record is None or record.state not in (DomainState.RUNNING, DomainState.PAUSED):
            return
        try:
            _mime, data = await domains.screenshot(self._host.session, self._ref.uuid)
        except HostelryError:
            return
        picture = QPixmap()
        if picture.loadFromData(data):
            ratio = self.devicePixelRatioF()
            small = picture.scaledToWidth(round(PICTURE_PX * ratio), Qt.TransformationMode.SmoothTransformation)
            small.setDevicePixelRatio(ratio)
            self.picture.setPixmap(small)
            self.picture.setVisible(True)

    def end(self) -> None:
        """Stops listening; the long history is given up."""
        self._host.statistics.deepen(self._ref.uuid, False)
        for link in self._links:
            link.disconnect()


def _memory(record: DomainRecord) -> str:
    now, most = record.memory_kib, record.max_memory_kib
    if now and most and now != most:
        return _("{now} of at most {most}").format(now=memory_size(now), most=memory_size(most))
    return memory_size(most or now)


def _firmware(definition: Definition) -> str:
    if not definition.virt_type or definition.virt_type in ("lxc", "test"):
        return ""
    if definition.uefi:
        return _("UEFI with Secure Boot") if definition.secure_boot else _("UEFI")
    return _("BIOS")


def _os_name(os_id: str) -> str:
    """``http://ubuntu.com/ubuntu/24.04`` as ``Ubuntu 24.04``."""
    parts = [part for part in os_id.split("/") if part][2:]
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def _drive_label(drive: Drive) -> str:
    words = {"cdrom": _("CD drive {target}"), "floppy": _("Floppy drive {target}"), "lun": _("Disk {target}")}
    return words.get(drive.device, _("Disk {target}")).format(target=drive.target)
