"""Watches all hosts for machines that are being installed, and does what is due when they start and go off."""

from __future__ import annotations

import asyncio

from app.errors import HostelryError
from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.hosts.tasks import Tasks
from app.install import completion
from app.install.seed import removal
from app.model.changes import Change
from app.model.records import DomainRef, HostId, ObjectKind
from app.settings import options
from app.settings.store import Settings
from app.signal import Signal

SEED_S = 30.0
"""Between two questions to a guest whether its first settings are done."""


class Attendant:
    """One for the program.  Machines with something to be done are remembered in the state file, so that those that went off
    while the program did not run are found without asking every machine of a host; what is to be done stands in themselves.

    finished: a machine's installation is complete.
    """

    def __init__(self, hosts: HostList, settings: Settings) -> None:
        self.finished: Signal[[DomainRef]] = Signal()
        self._settings = settings
        self._tasks = Tasks()
        self._active: dict[HostId, frozenset[str]] = {}
        self._asked: set[DomainRef] = set()
        for host in hosts.hosts:
            self._attend(host)
        hosts.added.connect(self._attend)

    def close(self) -> None:
        """At the program's end."""
        self._tasks.stop()

    @property
    def watched(self) -> list[DomainRef]:
        """Machines that are being installed, as far as this program knows."""
        listed = self._settings.get(options.BEING_INSTALLED)
        return [DomainRef(*entry) for entry in listed if isinstance(entry, list) and len(entry) == 2]

    def _remember(self, ref: DomainRef, on: bool) -> None:
        rest = [list(entry) for entry in self.watched if entry != ref]
        if on or len(rest) < len(self.watched):
            self._settings.set(options.BEING_INSTALLED, [*rest, list(ref)] if on else rest)

    def _attend(self, host: Host) -> None:
        host.inventory.changed.connect(lambda change: self._changed(host, change))
        host.loaded.connect(self._loaded)

    def _loaded(self, host: Host) -> None:
        """After connecting: what happened meanwhile."""
        self._active[host.id] = _running(host)
        for ref in self.watched:
            if ref.host_id == host.id:
                self._tasks.start(self._look(host, ref))

    def _changed(self, host: Host, change: Change) -> None:
        if change.kind is not ObjectKind.DOMAIN or host.id not in self._active:
            return
        before, now = self._active[host.id], _running(host)
        self._active[host.id] = now
        for uuid in (change.added & host.inventory.domains.keys()) | (before ^ now):
            if uuid in host.inventory.domains:
                self._tasks.start(self._look(host, DomainRef(host.id, uuid)))
        for uuid in change.removed:
            self._remember(DomainRef(host.id, uuid), False)

    async def _look(self, host: Host, ref: DomainRef) -> None:
        """What is due for one machine as it is now."""
        record = host.inventory.domains.get(ref.uuid)
        if record is None:
            self._remember(ref, False)
            return
        seed = await removal.read(host.session, ref.uuid) is not None
        if not seed and not await completion.pending(host.session, ref.uuid):
            self._remember(ref, False)
            return
        self._remember(ref, True)
        if record.active:
            if ref not in self._asked:
                self._asked.add(ref)
                try:
                    await self._while_running(host, ref, seed)
                finally:
                    self._asked.discard(ref)
            return
        done = await completion.went_off(host.session, record)
        if seed:
            await removal.tend(host.session, ref.uuid, active=False, shut_down=removal.shut_itself_down(record))
        if done.changed:
            self._remember(ref, False)
            host.reread(ref.uuid)
            self.finished.emit(ref)

    async def _while_running(self, host: Host, ref: DomainRef, seed: bool) -> None:
        """Asks the guest now and then until its first settings are done; ends when the machine does."""
        while seed and (record := host.inventory.domains.get(ref.uuid)) is not None and record.active:
            try:
                if await removal.tend(host.session, ref.uuid, active=True) is not None:
                    self.finished.emit(ref)
                seed = await removal.read(host.session, ref.uuid) is not None
            except HostelryError:
                return  # the connection or the machine is gone: the next event brings us back
            if not seed and not await completion.pending(host.session, ref.uuid):
                self._remember(ref, False)
            await asyncio.sleep(SEED_S if seed else 0)


def _running(host: Host) -> frozenset[str]:
    return frozenset(uuid for uuid, record in host.inventory.domains.items() if record.active)
