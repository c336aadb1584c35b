"""Notices that a machine was changed, by whomever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.errors import NotFound
from app.hosts.tasks import Tasks
from app.model.changes import Change
from app.model.records import ObjectKind
from app.virt.session import SessionState
from app.virt.subscriptions import EventKind, VirEvent

if TYPE_CHECKING:
    from app.hosts.host import Host

PAUSE_S = 0.1
"""Events come in bunches; one reading for all of them."""

CHANGING = frozenset(
    {
        EventKind.LIFECYCLE, EventKind.METADATA_CHANGE, EventKind.DEVICE_ADDED, EventKind.DEVICE_REMOVED, EventKind.TUNABLE,
        EventKind.BALLOON_CHANGE, EventKind.TRAY_CHANGE, EventKind.DISK_CHANGE, EventKind.AGENT_LIFECYCLE,
        EventKind.MEMORY_DEVICE_SIZE_CHANGE, EventKind.BLOCK_JOB,
    }
)  # fmt: skip
"""Events after which a text of the machine may differ."""

Reread = Callable[[bool], Awaitable[None]]
"""Reads the machine again; True: it is gone."""


class Watch:
    """Calls ``reread`` soon after a change, once for many; ``close`` ends it."""

    def __init__(self, host: Host, uuid: str, reread: Reread) -> None:
        self._host = host
        self._uuid = uuid
        self._reread = reread
        self._tasks = Tasks()
        self._due = False
        self._connections = (
            host.session.events.connect(self._on_events),
            host.inventory.changed.connect(self._on_change),
            host.session.state_changed.connect(self._on_state),
        )

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        if any(event.key == self._uuid and event.event in CHANGING for event in batch):
            self.soon()

    def _on_change(self, change: Change) -> None:
        if change.kind is ObjectKind.DOMAIN and self._uuid in change.updated | change.removed | change.added:
            self.soon()

    def _on_state(self, state: SessionState) -> None:
        """What happened while the line was down came by no event."""
        if state is SessionState.CONNECTED:
            self.soon()

    def soon(self) -> None:
        """Reads once more in a moment."""
        if not self._due:
            self._due = True
            self._tasks.start(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(PAUSE_S)
        self._due = False
        if self._host.state is not SessionState.CONNECTED:
            return
        try:
            await self._reread(False)
        except NotFound:
            await self._reread(True)

    def close(self) -> None:
        """Listens no more."""
        for connection in self._connections:
            connection.disconnect()
        self._tasks.stop()
