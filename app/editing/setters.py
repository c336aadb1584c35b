"""How a changed setting reaches a running machine: a libvirt call for each name that descriptions give in ``Field.live``.

"device" is not here: such settings go together in one ``updateDeviceFlags`` (``app.editing.apply``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.devices import cpuset
from app.devices.description import Field
from app.devices.units import to_bytes
from app.devices.values import read
from app.errors import Unsupported
from app.i18n import _
from app.virt import domains, tuning
from app.virt.session import Session
from app.virt.tuning import Parameters
from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

DEVICE = ("device", "interface-link")
"""Names that mean updateDeviceFlags."""

NO_LIMIT = 9007199254740991
"""VIR_DOMAIN_MEMORY_PARAM_UNLIMITED."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One setting that changed.  name: all of ``Field.live``.  new, old: the definition as it is now and as it was.

    at, before: the device, row or root to which ``field`` is relative, in both; None where it is not there.
    """

    session: Session
    uuid: str
    name: str
    new: Document
    old: Document
    at: Element | None
    before: Element | None
    field: Field | None = None

    @property
    def part(self) -> str:
        """The name behind the colon."""
        return self.name.partition(":")[2]

    @property
    def value(self) -> str | None:
        """The new value; None: nothing is said any more."""
        return read(self.new, self.field, self.at) if self.field is not None and self.at is not None else None

    def of_row(self, path: str) -> str:
        """A value of the row, or of the row that was."""
        row, document = (self.at, self.new) if self.at is not None else (self.before, self.old)
        return (document.get(path, None, row) if row is not None else None) or ""


Setter = Callable[[Reach], Awaitable[None]]


async def _vcpus(reach: Reach) -> None:
    count = reach.new.get("vcpu/@current") or reach.new.get("vcpu") or "1"
    await tuning.set_vcpus(reach.session, reach.uuid, int(count))


async def _vcpu(reach: Reach) -> None:
    await tuning.set_vcpu(reach.session, reach.uuid, int(reach.of_row("@id")), reach.of_row("@enabled") != "no")


async def _memory(reach: Reach) -> None:
    for path in ("currentMemory", "memory"):
        size = to_bytes(reach.new.get(path) or "", reach.new.get(f"{path}/@unit") or "KiB")
        if size is not None:
            await tuning.set_memory(reach.session, reach.uuid, size // 1024)
            return


async def _balloon_period(reach: Reach) -> None:
    period = reach.new.get("devices/memballoon/stats/@period") or "0"
    await tuning.set_balloon_period(reach.session, reach.uuid, int(period))


async def _scheduler(reach: Reach) -> None:
    value = reach.value
    if value is None:
        value = {"quota": "-1", "period": "100000"}.get(reach.part.rpartition("_")[2])
    if value is None:
        raise _stays()
    await tuning.set_scheduler(reach.session, reach.uuid, {reach.part: int(value)})


async def _memtune(reach: Reach) -> None:
    """All that changed in one call: each limit must fit the others, whatever the order."""
    limits = {name: (_kib(reach.old, f"memtune/{name}"), _kib(reach.new, f"memtune/{name}")) for name in MEMORY_LIMITS}
    await tuning.set_memory_limits(
        reach.session, reach.uuid, {name: after for name, (before, after) in limits.items() if before != after}
    )


MEMORY_LIMITS = ("hard_limit", "soft_limit", "swap_hard_limit")


def _kib(document: Document, path: str) -> int:
    """A size; no limit where nothing is said."""
    size = to_bytes(document.get(path) or "", document.get(f"{path}/@unit") or "KiB")
    return NO_LIMIT if size is None else min(NO_LIMIT, size // 1024)


async def _blkio(reach: Reach) -> None:
    value = reach.value
    if reach.part == "weight":
        if value is None:
            raise _stays()
        await tuning.set_block_shares(reach.session, reach.uuid, {"weight": int(value)})
        return
    if reach.part != "path":
        await _limit_drive(reach, reach.part, reach.of_row("path"), value or "0")
    elif reach.at is not None and reach.before is not None:
        await _move_limits(reach, reach.before, reach.at)


async def _move_limits(reach: Reach, before: Element, after: Element) -> None:
    """Another drive: that one has the limits now, and the old one none."""
    for row, document, limited in ((before, reach.old, False), (after, reach.new, True)):
        for child in row:
            if isinstance(child.tag, str) and child.tag != "path":
                value = (child.text or "").strip() if limited else "0"
                await _limit_drive(reach, f"device_{child.tag}", document.get("path", "", row) or "", value)


async def _limit_drive(reach: Reach, name: str, path: str, value: str) -> None:
    await tuning.set_block_shares(reach.session, reach.uuid, {name: f"{path},{value}"})


async def _numa(reach: Reach) -> None:
    if reach.value is None:
        raise _stays()
    await tuning.set_numa(reach.session, reach.uuid, {"numa_nodeset": reach.value})


async def _pin(reach: Reach) -> None:
    text = reach.new.get("cputune/emulatorpin/@cpuset") if reach.part == "emulator" else _present(reach, "@cpuset")
    cpus = cpuset.members(text) if text else None
    if reach.part == "emulator":
        await tuning.pin_emulator(reach.session, reach.uuid, cpus)
    elif reach.part == "iothread":
        await tuning.pin_iothread(reach.session, reach.uuid, int(reach.of_row("@iothread")), cpus)
    else:
        await tuning.pin_vcpu(reach.session, reach.uuid, int(reach.of_row("@vcpu")), cpus)


def _present(reach: Reach, path: str) -> str | None:
    return reach.new.get(path, None, reach.at) if reach.at is not None else None


async def _iothreads(reach: Reach) -> None:
    """The numbers that came and went; without a list of them they count from 1."""
    old, new = _thread_numbers(reach.old), _thread_numbers(reach.new)
    for number in sorted(new - old):
        await tuning.add_iothread(reach.session, reach.uuid, number)
    for number in sorted(old - new, reverse=True):
        await tuning.remove_iothread(reach.session, reach.uuid, number)


def _thread_numbers(document: Document) -> set[int]:
    listed = {int(one.get("id") or 0) for one in document.find_all("iothreadids/iothread")}
    count = int(document.get("iothreads") or 0)
    number = 1
    while len(listed) < count:
        listed.add(number)
        number += 1
    return listed


async def _perf(reach: Reach) -> None:
    await tuning.set_perf(reach.session, reach.uuid, {reach.of_row("@name"): (_present(reach, "@enabled") or "no") == "yes"})


async def _disk_limits(reach: Reach) -> None:
    target = reach.of_row("target/@dev")
    await tuning.set_disk_limits(reach.session, reach.uuid, target, _children(reach, "iotune"))


def _children(reach: Reach, path: str) -> Parameters:
    """The elements below ``path``; those that went are 0."""
    found: dict[str, int | str | bool] = {}
    for document, at, now in ((reach.old, reach.before, False), (reach.new, reach.at, True)):
        parent = document.find(path, at) if at is not None else None
        for child in parent if parent is not None else ():
            if isinstance(child.tag, str) and (now or child.tag != "group_name"):
                text = (child.text or "").strip()
                found[child.tag] = (text if child.tag == "group_name" else int(text)) if now else 0
    return found


async def _card_limits(reach: Reach) -> None:
    values: dict[str, int | str | bool] = {}
    for way in ("inbound", "outbound"):
        for document, at, now in ((reach.old, reach.before, False), (reach.new, reach.at, True)):
            limits = document.find(f"bandwidth/{way}", at) if at is not None else None
            for name in ("average", "peak", "burst", "floor") if limits is not None else ():
                if limits is not None and (text := limits.get(name)) is not None:
                    values[f"{way}.{name}"] = int(text) if now else 0
    await tuning.set_card_limits(reach.session, reach.uuid, reach.of_row("mac/@address"), values)


async def _metadata(reach: Reach) -> None:
    if reach.part == "title":
        await domains.set_title(reach.session, reach.uuid, reach.new.get("title") or "")
    elif reach.part == "description":
        await domains.set_metadata(reach.session, reach.uuid, reach.new.get("description") or "")
    else:
        ours = reach.new.find("metadata/hostelry:hostelry")
        text = "" if ours is None else reach.new.fragment(ours)
        await domains.set_metadata(reach.session, reach.uuid, text, namespace=NAMESPACES["hostelry"])


def _stays() -> Unsupported:
    return Unsupported(
        _("What the running machine was given cannot be taken back."),
        why=_("libvirt has no way to say “as usual” to a running machine."),
        next_step=_("It is as usual after the next start; or say a value."),
    )


SETTERS: dict[str, Setter] = {
    "vcpus": _vcpus,
    "vcpu": _vcpu,
    "memory": _memory,
    "balloon-period": _balloon_period,
    "scheduler": _scheduler,
    "memtune": _memtune,
    "blkio": _blkio,
    "numa": _numa,
    "pin": _pin,
    "iothreads": _iothreads,
    "perf": _perf,
    "disk-iotune": _disk_limits,
    "interface-bandwidth": _card_limits,
    "metadata": _metadata,
}
"""By the name before the colon."""

LASTING = frozenset({"scheduler:cpu_shares", "blkio:weight", "numa:nodeset"})
"""Values that libvirt cannot take back from a running machine: "as usual" waits for the next start."""

ONCE = frozenset({"vcpus", "memory", "memtune", "iothreads", "disk-iotune", "interface-bandwidth", "balloon-period"})
"""Those that set everything of their device or machine: called once, however many settings changed."""


def setter(name: str) -> Setter | None:
    """The call for a name; None for one that nobody knows, which then waits for the next start."""
    return SETTERS.get(name.partition(":")[0])
