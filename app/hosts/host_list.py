"""All saved connections, in the order in which they are shown."""

from __future__ import annotations

import asyncio

from app.hosts.host import Host
from app.hosts.tasks import Tasks, all_ended
from app.model.records import DomainRecord, DomainRef, HostId
from app.settings.connections import SavedConnection
from app.signal import Signal
from app.virt.credentials import CredentialAsker
from app.virt.kvm import AccelChoice

CLOSE_WAIT_S = 2.0


class HostList:
    """The hosts.  ask: answers the questions of every host's connection.

    changed: what is saved differs (added, removed, renamed, another setting); ``saved()`` is what to save.
    """

    def __init__(self, *, ask: CredentialAsker | None = None) -> None:
        self.hosts: list[Host] = []
        self.added: Signal[[Host]] = Signal()
        self.removed: Signal[[Host]] = Signal()
        self.changed: Signal[[]] = Signal()
        self._ask = ask
        self._by_id: dict[HostId, Host] = {}
        self._tasks = Tasks()

    def get(self, host_id: HostId) -> Host:
        """The host; ``KeyError`` if there is none of that id."""
        return self._by_id[host_id]

    def __contains__(self, host_id: HostId) -> bool:
        return host_id in self._by_id

    def add(self, uri: str, *, label: str = "", autoconnect: bool = True, accel: str = "auto") -> Host:
        """A new host at the end; the one that is there already if its address is known.  Does not connect."""
        if (known := self._by_id.get(uri)) is not None:
            return known
        host = Host(uri, label=label, autoconnect=autoconnect, ask=self._ask, accel_choice=AccelChoice(accel))
        self.hosts.append(host)
        self._by_id[host.id] = host
        self.added.emit(host)
        self.changed.emit()
        return host

    def remove(self, host_id: HostId) -> None:
        """Takes a host from the list and closes its connection behind it; the host itself and its guests are not touched."""
        host = self._by_id.pop(host_id)
        self.hosts.remove(host)
        self.removed.emit(host)
        self.changed.emit()
        self._tasks.start(host.disconnect())

    def rename(self, host_id: HostId, label: str) -> None:
        """Another name in the list."""
        self.get(host_id).set_label(label)
        self.changed.emit()

    def domain(self, ref: DomainRef) -> DomainRecord | None:
        """The guest's record; None if the host or the guest is gone."""
        host = self._by_id.get(ref.host_id)
        return host.inventory.domains.get(ref.uuid) if host is not None else None

    def saved(self) -> list[SavedConnection]:
        """All connections as they are kept in the settings."""
        return [
            SavedConnection(host.uri, "" if host.label == host.uri else host.label, host.autoconnect, host.accel_choice.value)
            for host in self.hosts
        ]

    async def close(self) -> None:
        """Closes all connections, at the program's end; a host that hangs is not waited for longer than two seconds."""
        for host in self.hosts:
            host.watched = False
        for closing in [asyncio.ensure_future(host.session.close()) for host in self.hosts]:
            await closing
        await all_ended(CLOSE_WAIT_S)
