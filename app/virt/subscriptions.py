"""Which events a session listens to, and the record that each becomes.

Callbacks run on ``VirEventThread`` and only build a record and queue it.  A driver that lacks a kind
of event says so once and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.model.records import ObjectKind
from app.virt.binding import constant, libvirt
from app.virt.errors import is_lost


class EventKind(Enum):
    """What happened; the value is the libvirt constant's middle part."""

    LIFECYCLE = "LIFECYCLE"
    METADATA_CHANGE = "METADATA_CHANGE"
    REBOOT = "REBOOT"
    TRAY_CHANGE = "TRAY_CHANGE"
    DISK_CHANGE = "DISK_CHANGE"
    DEVICE_ADDED = "DEVICE_ADDED"
    DEVICE_REMOVED = "DEVICE_REMOVED"
    DEVICE_REMOVAL_FAILED = "DEVICE_REMOVAL_FAILED"
    AGENT_LIFECYCLE = "AGENT_LIFECYCLE"
    IO_ERROR = "IO_ERROR_REASON"
    BALLOON_CHANGE = "BALLOON_CHANGE"
    BLOCK_JOB = "BLOCK_JOB_2"
    JOB_COMPLETED = "JOB_COMPLETED"
    PMWAKEUP = "PMWAKEUP"
    PMSUSPEND = "PMSUSPEND"
    PMSUSPEND_DISK = "PMSUSPEND_DISK"
    TUNABLE = "TUNABLE"
    GRAPHICS = "GRAPHICS"
    WATCHDOG = "WATCHDOG"
    RTC_CHANGE = "RTC_CHANGE"
    CONTROL_ERROR = "CONTROL_ERROR"
    MIGRATION_ITERATION = "MIGRATION_ITERATION"
    BLOCK_THRESHOLD = "BLOCK_THRESHOLD"
    MEMORY_FAILURE = "MEMORY_FAILURE"
    MEMORY_DEVICE_SIZE_CHANGE = "MEMORY_DEVICE_SIZE_CHANGE"
    NIC_MAC_CHANGE = "NIC_MAC_CHANGE"
    REFRESH = "REFRESH"
    UPDATE = "UPDATE"
    VALUE_CHANGED = "VALUE_CHANGED"


@dataclass(frozen=True, slots=True)
class VirEvent:
    """One event.  key: UUID (name for node devices); code, detail: libvirt's event numbers where the kind has them;
    args: the rest of what the callback got, plain values in libvirt's order."""

    kind: ObjectKind
    key: str
    name: str
    event: EventKind
    code: int = 0
    detail: int = 0
    args: tuple[Any, ...] = ()


Queue = Callable[[VirEvent], None]
"""Takes a record on VirEventThread; must not block."""

Deregister = Callable[[], object]
"""Undoes one registration; a blocking libvirt call."""


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value for value in values if isinstance(value, (int, str, dict, float, bool, type(None), list, tuple)))


def _domain_callback(event: EventKind, queue: Queue) -> Callable[..., None]:
    def on_vir_event_thread(_conn: object, domain: Any, *args: Any) -> None:
        numbers = [value for value in args[:2] if isinstance(value, int)] + [0, 0]
        queue(VirEvent(ObjectKind.DOMAIN, domain.UUIDString(), domain.name(), event, numbers[0], numbers[1], _plain(args[:-1])))

    return on_vir_event_thread


def _object_callback(kind: ObjectKind, event: EventKind, queue: Queue) -> Callable[..., None]:
    def on_vir_event_thread(_conn: object, obj: Any, *args: Any) -> None:
        numbers = [value for value in args[:2] if isinstance(value, int)] + [0, 0]
        name = obj.usageID() if kind is ObjectKind.SECRET else obj.name()
        key = name if kind is ObjectKind.NODEDEV else obj.UUIDString()
        queue(VirEvent(kind, key, name, event, numbers[0], numbers[1]))

    return on_vir_event_thread


_DOMAIN_KINDS = tuple(kind for kind in EventKind if kind not in {EventKind.REFRESH, EventKind.UPDATE, EventKind.VALUE_CHANGED})

_OTHERS: tuple[tuple[ObjectKind, str, str, EventKind], ...] = (
    (ObjectKind.NETWORK, "network", "VIR_NETWORK_EVENT_ID_LIFECYCLE", EventKind.LIFECYCLE),
    (ObjectKind.POOL, "storagePool", "VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE", EventKind.LIFECYCLE),
    (ObjectKind.POOL, "storagePool", "VIR_STORAGE_POOL_EVENT_ID_REFRESH", EventKind.REFRESH),
    (ObjectKind.NODEDEV, "nodeDevice", "VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE", EventKind.LIFECYCLE),
    (ObjectKind.NODEDEV, "nodeDevice", "VIR_NODE_DEVICE_EVENT_ID_UPDATE", EventKind.UPDATE),
    (ObjectKind.SECRET, "secret", "VIR_SECRET_EVENT_ID_LIFECYCLE", EventKind.LIFECYCLE),
    (ObjectKind.SECRET, "secret", "VIR_SECRET_EVENT_ID_VALUE_CHANGED", EventKind.VALUE_CHANGED),
)


def subscribe_lifecycle(conn: libvirt.virConnect, queue: Queue) -> Deregister | None:
    """The one registration that must come before the first listing; None if the driver sends no such event."""
    return _domain(conn, EventKind.LIFECYCLE, queue)


def subscribe_rest(conn: libvirt.virConnect, queue: Queue) -> Iterator[Deregister]:
    """All other registrations, most wanted first; one round trip each.  Ends early if the connection goes."""
    for row in _OTHERS:
        if done := _other(conn, row, queue):
            yield done
    for event in _DOMAIN_KINDS[1:]:
        if done := _domain(conn, event, queue):
            yield done


def _domain(conn: libvirt.virConnect, event: EventKind, queue: Queue) -> Deregister | None:
    event_id = constant(f"VIR_DOMAIN_EVENT_ID_{event.value}", -1)
    if event_id < 0:
        return None
    try:
        handle = conn.domainEventRegisterAny(None, event_id, _domain_callback(event, queue), None)
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return None
    return lambda: conn.domainEventDeregisterAny(handle)


def _other(conn: libvirt.virConnect, row: tuple[ObjectKind, str, str, EventKind], queue: Queue) -> Deregister | None:
    kind, prefix, name, event = row
    event_id = constant(name, -1)
    if event_id < 0:
        return None
    register = getattr(conn, f"{prefix}EventRegisterAny")
    deregister = getattr(conn, f"{prefix}EventDeregisterAny")
    try:
        handle = register(None, event_id, _object_callback(kind, event, queue), None)
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return None
    return lambda: deregister(handle)
