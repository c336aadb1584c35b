"""A host's tab: its facts, whether KVM works there, its load, and what to do when it is not connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.actions.context import Selection
from app.errors import HostelryError
from app.i18n import _
from app.model.changes import Change
from app.model.records import DomainState, HostId, ObjectKind
from app.model.statistics import Metric
from app.virt.kvm import AccelChoice
from ui.aio import spawn
from ui.icons import icon
from ui.models.units import memory_size, percent, rate
from ui.plain import label as plain_label
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.plot import Plot
from ui.widgets.section import Section
from ui.windows.page import Page, PageKey
from ui.windows.repair import buttons_for, headline

if TYPE_CHECKING:
    from app.actions.context import Context
    from app.hosts.host import Host


RUNNING = (DomainState.RUNNING, DomainState.BLOCKED)


class HostPage(Page):
    """Facts while connected; else the error by its cause, with the repair."""

    def __init__(self, host: Host, ctx: Context) -> None:
        super().__init__(PageKey(host.id))
        self.host, self._ctx = host, ctx
        self._away = EmptyState()
        self._make()
        self._places = QStackedLayout(self)
        self._places.addWidget(self._here)
        self._places.addWidget(self._away)
        self._links = [
            host.changed.connect(self._host_changed),
            host.inventory.changed.connect(self._inventory_changed),
            host.statistics.sampled.connect(self._sampled),
        ]
        self._host_changed(host)

    def _make(self) -> None:
        self.facts, self.networks, self.pools = Facts(), Facts(), Facts()
        self.plots = {
            Metric.CPU: Plot(_("CPU, all machines"), percent, top=100),
            Metric.DISK: Plot(_("Disk"), rate, least_top=10_000),
            Metric.NET: Plot(_("Network"), rate, least_top=10_000),
        }
        inner = QWidget()
        inner.setMaximumWidth(900)
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(18)
        for section in (
            Section(_("Host"), self.facts),
            Section(_("Acceleration"), self._make_accel()),
            Section(_("Load"), self._make_plots()),
            Section(_("Virtual networks"), self.networks),
            Section(_("Storage pools"), self.pools),
        ):
            column.addWidget(section)
        column.addStretch(1)
        self._here = QScrollArea()
        self._here.setWidgetResizable(True)
        self._here.setFrameShape(QScrollArea.Shape.NoFrame)
        self._here.setWidget(inner)

    def _make_accel(self) -> QWidget:
        self._verdict = plain_label()
        self._verdict.setWordWrap(True)
        self._verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._choice = QComboBox()
        self._choice.setAccessibleName(_("What new machines use"))
        words = {
            AccelChoice.AUTO: _("As found out"),
            AccelChoice.KVM: _("Always KVM"),
            AccelChoice.EMULATION: _("Always emulation"),
        }
        for choice in AccelChoice:
            self._choice.addItem(words[choice], choice)
        self._choice.activated.connect(lambda _index: spawn(self._choose_accel(), self, name="choose acceleration"))
        self._probe = QPushButton(icon("system-run"), _("&Test KVM now"))
        self._probe.setToolTip(_("Runs a tiny machine for a second, to see whether KVM really works on this host"))
        self._probe.clicked.connect(lambda: spawn(self.test_kvm(), self, name="test KVM"))
        label = QLabel(_("New machines use:"))
        label.setBuddy(self._choice)
        row = QHBoxLayout()
        for part in (label, self._choice, self._probe):
            row.addWidget(part)
        row.addStretch(1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._verdict)
        column.addLayout(row)
        return content

    def _make_plots(self) -> QWidget:
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        for number, plot in enumerate(self.plots.values()):
            grid.addWidget(plot, 0, number)
        return content

    # actions

    async def test_kvm(self) -> None:
        """Runs the probe; the verdict tells what came of it."""
        self._probe.setEnabled(False)
        self._verdict.setText(_("Testing…"))
        try:
            await self.host.probe_kvm()
        except HostelryError as error:
            await self._ctx.ui.show_error(error)
        finally:
            self._probe.setEnabled(True)
            self._host_changed(self.host)

    async def _choose_accel(self) -> None:
        choice = self._choice.currentData()
        saved = self._ctx.settings.connection(self.host.uri)
        if saved is not None:
            self._ctx.settings.put_connection(saved.with_accel(choice.value))
        try:
            await self.host.set_accel_choice(choice)
        except HostelryError as error:
            await self._ctx.ui.show_error(error)

    # what it shows

    def title(self) -> str:
        return self.host.label

    def icon(self) -> QIcon:
        return icon("network-server" if self.host.state.name == "CONNECTED" else "network-offline")

    def tip(self) -> str:
        return _("{label}: {uri}").format(label=self.host.label, uri=self.host.uri)

    def _host_changed(self, _host: Host) -> None:
        connected = self.host.state.name == "CONNECTED"
        self._places.setCurrentIndex(0 if connected else 1)
        if connected:
            self._show_facts()
            self._show_lists()
        else:
            self._show_away()
        self.changed.emit()

    def _show_away(self) -> None:
        title, text = headline(self.host)
        self._away.say("network-offline", title, text, buttons_for(self.host, self._ctx, self))

    def _show_facts(self) -> None:
        record, put = self.host.record, self.facts.put
        put("uri", _("Address"), self.host.uri)
        if record is not None:
            put("name", _("Name"), record.hostname)
            put("cpu", _("Processors"), _("{count} × {model}").format(count=record.cpus, model=record.cpu_model or record.arch))
            put("memory", _("Memory"), memory_size(record.memory_kib))
            put("driver", _("Hypervisor"), f"{record.driver} {_version(record.hypervisor_version)}".strip())
            put("libvirt", _("libvirt"), _version(record.libvirt_version))
        running = sum(1 for domain in self.host.inventory.domains.values() if domain.state in RUNNING)
        total = len(self.host.inventory.domains)
        put("machines", _("Machines"), _("{running} of {total} running").format(running=running, total=total))
        self._verdict.setText(self.host.accel.reason or _("Not found out yet."))
        self._choice.setCurrentIndex(self._choice.findData(self.host.accel_choice))

    def _show_lists(self) -> None:
        inventory = self.host.inventory
        for network in inventory.networks.values():
            state = _("active") if network.active else _("inactive")
            self.networks.put(network.uuid, network.name, ", ".join(part for part in (state, network.bridge) if part))
        for pool in inventory.pools.values():
            self.pools.put(pool.uuid, pool.name, _pool_words(pool.active, pool.available, pool.capacity), tip=pool.target_path)
        if not inventory.networks:
            self.networks.put("", "", _("None"))
        if not inventory.pools:
            self.pools.put("", "", _("None"))

    def _inventory_changed(self, change: Change) -> None:
        for uuid in change.removed:
            self.networks.put(uuid, "", "")
            self.pools.put(uuid, "", "")
        if change.kind in (ObjectKind.NETWORK, ObjectKind.POOL, ObjectKind.DOMAIN) and self.isVisible():
            self._show_facts()
            self._show_lists()

    def _sampled(self, _host_id: HostId, _uuids: frozenset[str]) -> None:
        if self.isVisible():
            for metric, plot in self.plots.items():
                plot.show_values(self.host.statistics.total_history(metric))

    def drop_target(self) -> Host:
        return self.host

    def selection(self) -> Selection:
        return Selection(hosts=(self.host,))

    def end(self) -> None:
        super().end()
        for link in self._links:
            link.disconnect()


def _version(number: int) -> str:
    """libvirt's 9003000-like numbers as 9.3.0."""
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}" if number else ""


def _pool_words(active: bool, available: int | None, capacity: int | None) -> str:
    if not active:
        return _("inactive")
    if available is None or capacity is None:
        return _("active")
    return _("{free} free of {size}").format(free=memory_size(available // 1024), size=memory_size(capacity // 1024))
