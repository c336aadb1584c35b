"""Watches all connected hosts and keeps each new definition of a machine in the history."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from app.editing.history import History, Origin
from app.errors import HostelryError
from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.hosts.tasks import Tasks
from app.model.records import ObjectKind
from app.signal import Connection
from app.virt import all_texts
from app.virt.subscriptions import EventKind, VirEvent
from app.xmldoc.document import Document

log = logging.getLogger(__name__)

PAUSE_S = 1.0
"""After the first event, so that a bunch of changes is read once."""

_TELLING = (EventKind.LIFECYCLE, EventKind.METADATA_CHANGE, EventKind.DEVICE_ADDED, EventKind.DEVICE_REMOVED, EventKind.TUNABLE)


class Recorder:
    """One for the program; ``close`` ends it.  What it reads it reads in the background, and writes only what is new."""

    def __init__(self, hosts: HostList, history: History) -> None:
        self._hosts = hosts
        self._history = history
        self._of: dict[str, _OfHost] = {}
        self._connections = (hosts.added.connect(self._added), hosts.removed.connect(self._removed))
        for host in hosts.hosts:
            self._added(host)

    def _added(self, host: Host) -> None:
        self._of[host.id] = _OfHost(host, self._history)

    def _removed(self, host: Host) -> None:
        if (gone := self._of.pop(host.id, None)) is not None:
            gone.close()

    def close(self) -> None:
        """Listens no more."""
        for connection in self._connections:
            connection.disconnect()
        for one in self._of.values():
            one.close()
        self._of.clear()


class _OfHost:
    def __init__(self, host: Host, history: History) -> None:
        self._host, self._history = host, history
        self._due: set[str] = set()
        self._tasks = Tasks()
        self._connections: tuple[Connection, ...] = (
            host.session.events.connect(self._on_events),
            host.loaded.connect(self._on_loaded),
        )
        if host.inventory.domains:  # it was faster than we
            self._on_loaded(host)

    def close(self) -> None:
        for connection in self._connections:
            connection.disconnect()
        self._tasks.stop()

    def _on_loaded(self, _host: Host) -> None:
        """What changed while nobody looked, and what was never seen before."""
        persistent = [uuid for uuid, record in self._host.inventory.domains.items() if record.persistent]
        self._tasks.start(self._record(persistent, Origin.FOUND))

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        told = {event.key for event in batch if event.kind is ObjectKind.DOMAIN and _tells(event)}
        if told and not self._due:
            self._tasks.start(self._later())
        self._due |= told

    async def _later(self) -> None:
        await asyncio.sleep(PAUSE_S)
        due, self._due = self._due, set()
        for uuid in due:
            origin = Origin.OURS if self._history.is_ours(self._host.id, uuid) else Origin.OUTSIDE
            await self._record([uuid], origin)

    async def _record(self, uuids: Iterable[str], origin: Origin) -> None:
        texts = await all_texts.read(self._host.session, list(uuids), persistent_only=True)
        try:
            await asyncio.to_thread(self._keep, texts, origin)
        except HostelryError as error:
            log.warning("%s (%s)", error, error.raw)  # a full disk here must not stand in anybody's way

    def _keep(self, texts: dict[str, str], origin: Origin) -> None:
        for uuid, text in texts.items():
            name = Document.parse(text).get("name") or ""
            self._history.keep(self._host.id, uuid, name, text, origin=origin)


def _tells(event: VirEvent) -> bool:
    """Whether the definition may be another one now; not by starts and stops, which come often."""
    if event.event is EventKind.LIFECYCLE:
        return event.code == 0  # VIR_DOMAIN_EVENT_DEFINED
    return event.event in _TELLING
