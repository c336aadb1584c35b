"""Guests that stopped soon after their start because KVM could not run them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.hosts.tasks import Tasks
from app.i18n import _
from app.model.inventory import Inventory
from app.model.records import DomainRecord, DomainState, ObjectKind
from app.signal import Signal
from app.virt import domains
from app.virt.safe_xml import parse
from app.virt.session import Session
from app.virt.subscriptions import EventKind, VirEvent

SOON_S = 30.0
"""A guest that ends later has run."""

FROZEN_SOON_S = 600.0
"""A guest that KVM stops in mid-work was let down by it: a kernel unpacks for a minute where the processor is emulated,
and an installer's menu waits for somebody."""

# virDomainEventType and details
STARTED, SUSPENDED, RESUMED, STOPPED, CRASHED = 2, 3, 4, 5, 8
STOPPED_CRASHED, STOPPED_FAILED = 2, 5
# virDomainPausedReason: a hypervisor that stops with an internal error is paused for an unknown reason.
PAUSED_UNKNOWN, PAUSED_CRASHED = 0, 10


@dataclass(frozen=True, slots=True)
class StartFailure:
    """Why a guest stopped.  after_s: seconds since its start; stopped: it is off, else it is frozen; reason: a sentence."""

    uuid: str
    after_s: float
    stopped: bool
    reason: str


class StartFailures(Mapping[str, StartFailure]):
    """By UUID; an entry goes at the guest's next start.  ``changed`` tells the UUID."""

    def __init__(self, session: Session, inventory: Inventory) -> None:
        self.changed: Signal[[str]] = Signal()
        self._session = session
        self._inventory = inventory
        self._started_s: dict[str, float] = {}
        self._failures: dict[str, StartFailure] = {}
        self._tasks = Tasks()
        session.events.connect(self._on_events)

    def __getitem__(self, uuid: str) -> StartFailure:
        return self._failures[uuid]

    def __iter__(self) -> Iterator[str]:
        return iter(self._failures)

    def __len__(self) -> int:
        return len(self._failures)

    async def examine(self, uuid: str) -> StartFailure | None:
        """Looks at a guest that is frozen already, as when its console is opened later."""
        record = self._inventory.domains.get(uuid)
        if uuid not in self._failures and record is not None and _frozen(record):
            await self._judge(uuid, stopped=False, after_s=0.0)
        return self._failures.get(uuid)

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        for event in batch:
            if event.kind is ObjectKind.DOMAIN and event.event is EventKind.LIFECYCLE:
                self._on_lifecycle(event)

    def _on_lifecycle(self, event: VirEvent) -> None:
        now_s = time.monotonic()
        if event.code == STARTED:
            self._started_s[event.key] = now_s
            self._drop(event.key)
            return
        if event.code == RESUMED:
            self._drop(event.key)
            return
        after_s = now_s - self._started_s.get(event.key, -math.inf)
        if event.code == STOPPED and after_s <= SOON_S and event.detail in (STOPPED_CRASHED, STOPPED_FAILED):
            self._tasks.start(self._judge(event.key, stopped=True, after_s=after_s))
        elif event.code in (SUSPENDED, CRASHED) and after_s <= FROZEN_SOON_S:
            self._tasks.start(self._judge_paused(event.key, after_s))

    def _drop(self, uuid: str) -> None:
        if self._failures.pop(uuid, None) is not None:
            self.changed.emit(uuid)

    async def _judge_paused(self, uuid: str, after_s: float) -> None:
        for record in await domains.read_records(self._session, [uuid]):
            if _frozen(record):
                await self._judge(uuid, stopped=False, after_s=after_s)

    async def _judge(self, uuid: str, *, stopped: bool, after_s: float) -> None:
        if parse(await domains.xml(self._session, uuid)).get("type") != "kvm":
            return
        reason = _("The processor could not run the guest's code with KVM on this host.")
        self._failures[uuid] = StartFailure(uuid, after_s, stopped, reason)
        self.changed.emit(uuid)


def _frozen(record: DomainRecord) -> bool:
    return record.state is DomainState.CRASHED or (
        record.state is DomainState.PAUSED and record.reason in (PAUSED_UNKNOWN, PAUSED_CRASHED)
    )
