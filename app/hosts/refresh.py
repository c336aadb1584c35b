"""Keeping the inventory true: whole listings after connecting, then re-reads of what events name.

Order after connecting: names and states (one call), so that the list can be painted; then memory, vCPUs and flags in
bulk; then networks, pools, secrets and devices, when their events are registered.  The event of a guest's life is
registered before the first listing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from app.errors import Disconnected, HostelryError
from app.hosts.tasks import Tasks
from app.model.inventory import Inventory
from app.model.records import DomainRecord, ObjectKind
from app.virt import domains, networks, nodedevs, storage
from app.virt.session import Session
from app.virt.subscriptions import EventKind, VirEvent

log = logging.getLogger(__name__)

COALESCE_S = 0.05
"""At most one re-read in this time; the first after a pause is made at once."""

POLL_S = 5.0
"""Between two listings of a driver that sends no events."""

SLOW_READ_S = 600.0
"""Between two whole readings of a driver that does, for what no event tells (autostart of a guest)."""

REREAD = frozenset(
    {
        EventKind.LIFECYCLE,
        EventKind.METADATA_CHANGE,
        EventKind.BALLOON_CHANGE,
        EventKind.PMWAKEUP,
        EventKind.PMSUSPEND,
        EventKind.PMSUSPEND_DISK,
        EventKind.DEVICE_ADDED,
        EventKind.DEVICE_REMOVED,
        EventKind.JOB_COMPLETED,
        EventKind.AGENT_LIFECYCLE,
        EventKind.TUNABLE,
    }
)
"""Events of a guest after which its record may differ."""


class Refresher:
    """One host's; ``start`` after connecting, ``stop`` when the connection is gone."""

    def __init__(self, session: Session, inventory: Inventory, listed: Callable[[], Awaitable[None]]) -> None:
        self._session = session
        self._inventory = inventory
        self._listed = listed
        self._tasks = Tasks()
        self._dirty: set[str] = set()
        self._dirty_kinds: set[ObjectKind] = set()
        self._reading: asyncio.Task[None] | None = None
        self._title_known: set[str] = set()
        self._gate = asyncio.Lock()
        session.events.connect(self._on_events)

    def start(self) -> None:
        """Reads everything, then keeps it true."""
        self._dirty.clear()
        self._dirty_kinds.clear()
        self._title_known.clear()
        self._gate = asyncio.Lock()
        self._tasks.start(self._run())

    def stop(self) -> None:
        """The connection is down: nothing more can be read."""
        self._tasks.stop()
        self._reading = None

    def look_at(self, uuids: frozenset[str]) -> None:
        """Guests on the screen: on a remote host titles cost a round trip each, so only theirs are read."""
        wanted = [uuid for uuid in uuids - self._title_known if uuid in self._inventory.domains]
        if wanted and not self._session.is_local:
            self._title_known.update(wanted)
            self._tasks.start(self._read_titles(wanted))

    async def _run(self) -> None:
        first = True
        while True:
            try:
                await self.read_all(first=first)
                first = False
                interval_s = SLOW_READ_S if self._session.has_events else POLL_S
            except HostelryError as error:
                # The connection holds (else this task ends with it), but the host did not answer this time.
                log.warning("%s (%s)", error, error.raw)
                interval_s = POLL_S
            await asyncio.sleep(interval_s)

    async def read_all(self, *, first: bool = False) -> None:
        """Everything anew; ``first`` tells the host when the list is there."""
        async with self._gate:
            self._inventory.replace(ObjectKind.DOMAIN, self._titled(await domains.list_states(self._session)))
        if first:
            self._tasks.start(self._after_list())
        async with self._gate:
            records = await domains.read_records(self._session)
            self._inventory.replace(ObjectKind.DOMAIN, self._titled(records))
        if first:
            await self._session.subscribed()
        await self._read_kinds(set(ObjectKind) - {ObjectKind.DOMAIN})
        if self._inventory.domains and self._session.is_local:
            await self._read_titles(list(self._inventory.domains))

    async def _after_list(self) -> None:
        await self._listed()

    # -- events --------------------------------------------------------------------------------

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        for event in batch:
            if event.kind is not ObjectKind.DOMAIN:
                self._dirty_kinds.add(event.kind)
            elif event.event in REREAD:
                self._dirty.add(event.key)
        self._begin()

    def reread(self, uuids: Iterable[str]) -> None:
        """Soon, with what is dirty already: after a change that no event tells (autostart, a saved state discarded)."""
        self._dirty.update(uuids)
        self._begin()

    def _begin(self) -> None:
        if (self._dirty or self._dirty_kinds) and self._reading is None:
            self._reading = self._tasks.start(self._reread())

    async def _reread(self) -> None:
        """Reads what is dirty until nothing is, at most once in COALESCE_S."""
        try:
            while self._dirty or self._dirty_kinds:
                uuids, self._dirty = self._dirty, set()
                kinds, self._dirty_kinds = self._dirty_kinds, set()
                if uuids:
                    await self._reread_domains(uuids)
                if kinds:
                    await self._read_kinds(kinds)
                await asyncio.sleep(COALESCE_S)
        finally:
            self._reading = None

    async def _reread_domains(self, uuids: set[str]) -> None:
        async with self._gate:
            records = await domains.read_records(self._session, uuids)
            gone = uuids - {record.uuid for record in records}
            self._inventory.merge(ObjectKind.DOMAIN, self._titled(records), gone)
        await self._read_titles([record.uuid for record in records])

    async def _read_kinds(self, kinds: set[ObjectKind]) -> None:
        """One kind that cannot be read (a driver's daemon that does not run) does not keep the others away."""
        for kind in ObjectKind:
            if kind in kinds:
                try:
                    await self._read_kind(kind)
                except Disconnected:
                    raise
                except HostelryError as error:
                    log.warning("%s (%s)", error, error.raw)

    async def _read_kind(self, kind: ObjectKind) -> None:
        if kind is ObjectKind.NETWORK:
            self._inventory.replace(kind, await networks.list_records(self._session))
        elif kind is ObjectKind.POOL:
            self._inventory.replace(kind, await storage.list_records(self._session))
        elif kind is ObjectKind.SECRET:
            self._inventory.replace(kind, await nodedevs.list_secrets(self._session))
        elif kind is ObjectKind.NODEDEV:
            self._inventory.replace(kind, await nodedevs.list_records(self._session))

    # -- titles --------------------------------------------------------------------------------

    def _titled(self, records: list[DomainRecord]) -> list[DomainRecord]:
        """The records with the titles that are known: no bulk call brings those."""
        known = self._inventory.domains
        return [
            replace(record, title=old.title) if (old := known.get(record.uuid)) is not None and old.title else record
            for record in records
        ]

    async def _read_titles(self, uuids: list[str]) -> None:
        titles = await domains.titles(self._session, uuids)
        changed = [
            replace(record, title=titles.get(uuid, ""))
            for uuid in uuids
            if (record := self._inventory.domains.get(uuid)) is not None and record.title != titles.get(uuid, "")
        ]
        if changed:
            self._inventory.merge(ObjectKind.DOMAIN, changed)
