"""Plugs remembered USB devices into running machines: when a machine starts, and when a device comes."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from app.editing.usb_memory import By, remembered, tend
from app.errors import HostelryError
from app.hosts.tasks import Tasks
from app.model.records import ObjectKind
from app.virt import all_texts, domains, host_devices
from app.virt.subscriptions import EventKind, VirEvent
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.hosts.host import Host
    from app.hosts.host_list import HostList

log = logging.getLogger(__name__)

PAUSE_S = 1.0
"""A device comes in several steps; the guest that starts is not there in the first instant."""

_STARTED, _DEFINED, _CREATED = 2, 0, 0


class UsbKeepers:
    """One for each host of the program; ``close`` ends them."""

    def __init__(self, hosts: HostList) -> None:
        self._of: dict[str, UsbKeeper] = {}
        self._connections = (hosts.added.connect(self._added), hosts.removed.connect(self._removed))
        for host in hosts.hosts:
            self._added(host)

    def _added(self, host: Host) -> None:
        self._of[host.id] = UsbKeeper(host)

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


class UsbKeeper:
    """Of one host.  On the event loop; ``close`` ends it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._tasks = Tasks()
        self._remembering: set[str] = set()
        self._due = False
        self._connections = (host.session.events.connect(self._on_events), host.loaded.connect(self._on_loaded))
        if host.inventory.domains:  # it was faster than we
            self._on_loaded(host)

    def close(self) -> None:
        """Listens no more."""
        for connection in self._connections:
            connection.disconnect()
        self._tasks.stop()

    def _on_loaded(self, _host: Host) -> None:
        self._tasks.start(self._learn(list(self._host.inventory.domains)))

    async def _learn(self, uuids: list[str]) -> None:
        for uuid, text in (await all_texts.read(self._host.session, uuids)).items():
            noted = any(one.by is not By.PRODUCT for one in remembered(Document.parse(text)))
            (self._remembering.add if noted else self._remembering.discard)(uuid)
        self._soon()

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        for event in batch:
            if event.event is not EventKind.LIFECYCLE and event.event is not EventKind.METADATA_CHANGE:
                continue
            if event.kind is ObjectKind.NODEDEV and event.code == _CREATED and event.key.startswith("usb_"):
                self._soon()
                continue
            other = event.event is not EventKind.LIFECYCLE or event.code in (_STARTED, _DEFINED)
            if event.kind is ObjectKind.DOMAIN and other:
                self._tasks.start(self._learn([event.key]))

    def _soon(self) -> None:
        if self._remembering and not self._due:
            self._due = True
            self._tasks.start(self._tend())

    async def _tend(self) -> None:
        await asyncio.sleep(PAUSE_S)
        self._due = False
        # Asked anew: the inventory may not know yet that the machine has started.
        states = await domains.list_states(self._host.session)
        running = [record.uuid for record in states if record.active and record.uuid in self._remembering]
        if not running:
            return
        devices = await host_devices.list_devices(self._host.session)
        for uuid in running:
            try:
                await tend(self._host.session, uuid, devices)
            except HostelryError as error:
                log.warning("%s (%s)", error, error.raw)  # another machine may have it; the user sees it missing in the list
