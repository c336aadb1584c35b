"""One saved connection: its session, what it has, and how that is kept up to date."""

from __future__ import annotations

from app.errors import HostelryError
from app.hosts.polling import AddressPoller, StatsPoller
from app.hosts.refresh import Refresher
from app.hosts.start_failures import StartFailures
from app.model.changes import Change
from app.model.inventory import Inventory
from app.model.records import HostId, HostRecord, ObjectKind
from app.model.statistics import Statistics
from app.signal import Signal
from app.virt import capabilities, kvm
from app.virt.credentials import CredentialAsker
from app.virt.guest import Address
from app.virt.kvm import Accel, AccelChoice
from app.virt.session import Session, SessionState


class Host:
    """See docs/architecture.md.  Everything on the event loop's thread.

    watched: someone looks at the statistics; ``visible``: UUIDs of the guests that are on the screen, for which
    the expensive counters and the addresses are read too.  poll_interval_s: between two samples.
    addresses: by UUID, of visible running guests; ``addresses_changed`` tells which differ.
    start_failures: why guests stopped soon after their start, by UUID.
    """

    def __init__(
        self,
        uri: str,
        *,
        label: str = "",
        autoconnect: bool = True,
        ask: CredentialAsker | None = None,
        accel_choice: AccelChoice = AccelChoice.AUTO,
    ) -> None:
        self.id: HostId = uri
        self.uri = uri
        self.label = label or uri
        self.autoconnect = autoconnect
        self.accel_choice = accel_choice
        self.session = Session(uri, ask=ask)
        self.inventory = Inventory(self.id)
        self.statistics = Statistics(self.id)
        self.record: HostRecord | None = None
        self.accel = Accel.unknown()
        self.changed: Signal[[Host]] = Signal()
        self.loaded: Signal[[Host]] = Signal()
        self.start_failures = StartFailures(self.session, self.inventory)
        self._refresher = Refresher(self.session, self.inventory, self._on_listed)
        self._stats = StatsPoller(self.session, self.inventory, self.statistics)
        self._addresses = AddressPoller(self.session, self.inventory)
        self.addresses_changed: Signal[[frozenset[str]]] = self._addresses.changed
        self.session.state_changed.connect(self._on_state)
        self.inventory.changed.connect(self._on_change)

    @property
    def state(self) -> SessionState:
        """Where the connection is."""
        return self.session.state

    @property
    def error(self) -> HostelryError | None:
        """Why it is not connected, if it failed or was lost."""
        return self.session.error

    @property
    def addresses(self) -> dict[str, tuple[Address, ...]]:
        """Network addresses of visible running guests, with their source."""
        return self._addresses.found

    @property
    def watched(self) -> bool:
        """Statistics are polled only while True."""
        return self._stats.watched

    @watched.setter
    def watched(self, on: bool) -> None:
        self._stats.watch(on)
        self._addresses.watch(on)

    @property
    def visible(self) -> frozenset[str]:
        """Guests on the screen."""
        return self._stats.visible

    @visible.setter
    def visible(self, uuids: frozenset[str]) -> None:
        self._stats.visible = uuids
        self._addresses.look_at(uuids)
        self._refresher.look_at(uuids)

    @property
    def poll_interval_s(self) -> float:
        """Seconds between two samples of the statistics."""
        return self._stats.interval_s

    @poll_interval_s.setter
    def poll_interval_s(self, seconds: float) -> None:
        self._stats.interval_s = max(0.5, seconds)

    def begin(self) -> None:
        """Starts connecting in a thread; needs no running loop.  ``connect`` must follow when there is one."""
        self.session.begin()

    async def connect(self) -> None:
        """Connects, or waits for a try under way; raises ``HostelryError``."""
        await self.session.open()

    async def disconnect(self) -> None:
        """Closes the connection and forgets what was read; the guests run on."""
        await self.session.close()
        self.inventory.clear()

    async def refresh(self) -> None:
        """Reads everything anew."""
        await self._refresher.read_all()

    def reread(self, *uuids: str) -> None:
        """Reads these guests anew soon: after a change that no event tells."""
        if self.state is SessionState.CONNECTED:
            self._refresher.reread(uuids)

    def set_label(self, label: str) -> None:
        """Gives the host another name in the list."""
        self.label = label or self.uri
        self.changed.emit(self)

    def _on_change(self, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN:
            self.statistics.forget(change.removed)

    def _on_state(self, state: SessionState) -> None:
        if state is SessionState.CONNECTED:
            self._refresher.start()
            self._stats.start()
            self._addresses.start()
        else:
            self._refresher.stop()
            self._stats.stop()
            self._addresses.stop()
            self.statistics.interrupted()
        self.changed.emit(self)

    async def _on_listed(self) -> None:
        """The list is there: now the facts, which cost more round trips."""
        self.loaded.emit(self)
        self.record = await capabilities.host_facts(self.session)
        self.statistics.host_cpus = self.record.cpus
        self.changed.emit(self)
        self.accel = await kvm.verdict(self.session, self.accel_choice)
        self.changed.emit(self)

    async def set_accel_choice(self, choice: AccelChoice) -> None:
        """The connection's own setting: by what was found out, or always one of the two."""
        self.accel_choice = choice
        if self.state is SessionState.CONNECTED:
            self.accel = await kvm.verdict(self.session, choice)
        self.changed.emit(self)

    async def probe_kvm(self) -> Accel:
        """Runs the functional probe (about a second) and takes its result; raises ``HostelryError`` if it cannot run."""
        works = await kvm.probe(self.session)
        self.accel = await kvm.verdict(self.session, self.accel_choice, probed=works)
        self.changed.emit(self)
        return self.accel
