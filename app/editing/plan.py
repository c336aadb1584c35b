"""What applying would do: each change in words, and whether it reaches the running machine now or with its next start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from app.devices.catalogue import type_of
from app.devices.values import read
from app.editing.declared import Declared, Setting
from app.editing.deltas import Delta, DevicePair, counterparts, device_pairs, within
from app.editing.pending import path_of
from app.editing.places import place_of
from app.editing.setters import DEVICE, LASTING, ONCE, setter
from app.editing.spoken import spoken
from app.editing.wording import device_title, label_of
from app.i18n import _
from app.xmldoc.document import Document, Element


class Way(Enum):
    """When a change takes effect."""

    NOW = "now"
    NEXT_START = "next-start"
    OFF = "off"
    """The machine is off: with its definition."""


class Act(Enum):
    """What is done to the running machine."""

    NOTHING = "nothing"
    SET = "set"
    UPDATE = "update"
    DETACH = "detach"
    ATTACH = "attach"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Change:
    """words: "Memory: 1 GiB → 2 GiB".  reason: why not now.  device: its title, "" for settings of the machine.

    path: names only.  place: of the element, in the new definition if it is there.  description: the form's id, "" if none.
    deltas, setting: what it is made of.  old, new: its device or row in both definitions.
    call: those with the same one go to the running machine together, by one of them; "": alone.
    """

    words: str
    way: Way
    act: Act = Act.NOTHING
    reason: str = ""
    device: str = ""
    path: str = ""
    place: str = ""
    description: str = ""
    old: Element | None = None
    new: Element | None = None
    setting: Setting | None = None
    live_name: str = ""
    deltas: tuple[Delta, ...] = field(default=(), repr=False)
    call: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """changes: in the order of the definition.  old, new: both definitions."""

    changes: tuple[Change, ...]
    old: Document
    new: Document

    @property
    def now(self) -> tuple[Change, ...]:
        """Those which reach the running machine, in the order in which they are done to it."""
        return tuple(sorted((one for one in self.changes if one.way is Way.NOW), key=_turn))

    @property
    def later(self) -> tuple[Change, ...]:
        """Those which wait for its next start."""
        return tuple(one for one in self.changes if one.way is Way.NEXT_START)


_TURNS = {Act.SET: 0, Act.UPDATE: 1, Act.MEDIUM: 1, Act.DETACH: 2, Act.ATTACH: 5}
_MEDIA = ("cdrom", "floppy")

PLUGGABLE = frozenset(
    {
        "disk", "interface", "hostdev", "redirdev", "rng", "memory", "input", "shmem", "watchdog", "vsock", "controller", "lease",
        "channel",
    }
)  # fmt: skip
"""What QEMU can plug in at all; the host then says what it cannot."""


def _turn(change: Change) -> int:
    """Controllers come before what stands on them, and go after it."""
    element = change.new if change.new is not None else change.old
    controller = element is not None and element.tag == "controller"
    turn = _TURNS.get(change.act, 9)
    return turn + (controller if change.act is Act.DETACH else -controller if change.act is Act.ATTACH else 0)


def _joined(found: list[Change]) -> list[Change]:
    """A number and its unit are one setting."""
    kept: dict[object, Change] = {}
    for change in found:
        setting = change.setting
        own = setting is None or setting.field is None
        key = len(kept) if own or setting is None else (id(setting.field), place_of(setting.at))
        known = kept.get(key)
        kept[key] = change if known is None else replace(known, deltas=(*known.deltas, *change.deltas))
    return list(kept.values())


def plan(old: Document, new: Document, live: Document | None) -> Plan:
    """old: the definition as it is.  live: the running machine's text, None when off.  Pure."""
    return Plan(tuple(_Planning(old, new, live).changes()), old, new)


class _Planning:
    def __init__(self, old: Document, new: Document, live: Document | None) -> None:
        self._old, self._new, self._live = old, new, live
        self._of_old, self._of_new = Declared(old), Declared(new)
        self._running = counterparts(old, live) if live is not None else {}
        self._new_running = counterparts(new, live) if live is not None else {}

    def changes(self) -> Iterator[Change]:
        yield from self._grouped(_joined([self._value(delta, "") for delta in within(self._old.root, self._new.root)]))
        for two in device_pairs(self._old, self._new):
            if two.old is not None and two.new is not None:
                yield from self._device(two.old, two.new)
            else:
                yield self._whole(two)

    # -- single settings -----------------------------------------------------------------------

    def _value(self, delta: Delta, title: str) -> Change:
        mine = self._of_new.of(delta.new, delta.attribute) if delta.new is not None else None
        theirs = self._of_old.of(delta.old, delta.attribute) if delta.old is not None else None
        setting = mine or theirs
        words = _("{setting}: {before} → {after}").format(
            setting=label_of(setting, delta),
            before=spoken(theirs, self._old, delta.old, delta.attribute, delta.before),
            after=spoken(mine, self._new, delta.new, delta.attribute, delta.after),
        )
        way, reason = self._way(setting, unsaid=delta.after is None)
        name = setting.live if setting is not None else ""
        already = self._already(mine, setting)
        if already:
            way, reason = Way.NOW, ""
        act = Act.SET if way is Way.NOW and not already else Act.NOTHING
        return Change(
            words, way, act, reason, title, path_of(delta), place_of(delta.element),
            setting.description.id if setting is not None else "", theirs.at if theirs is not None else None,
            mine.at if mine is not None else None, setting, name, (delta,),
        )  # fmt: skip

    def _way(self, setting: Setting | None, *, unsaid: bool) -> tuple[Way, str]:
        if self._live is None:
            return Way.OFF, ""
        name = setting.live if setting is not None else ""
        if unsaid and name in LASTING:
            return Way.NEXT_START, _("It cannot be taken back from a running machine; it is as usual after the next start.")
        if name in DEVICE or (name and setter(name) is not None):
            return Way.NOW, ""
        return Way.NEXT_START, _("A running machine cannot take it; it takes effect with the next start.")

    def _already(self, mine: Setting | None, setting: Setting | None) -> bool:
        """Whether the machine runs with the new value, as after taking back what waited."""
        if self._live is None or setting is None or setting.field is None or setting.table is not None:
            return False
        root = setting.at.getparent() is None
        owner = mine.at if mine is not None else None
        there = self._live.root if root else self._new_running.get(owner) if owner is not None else None
        value = read(self._new, setting.field, owner) if owner is not None else None
        if there is None or (owner is None and not root):
            return False
        return read(self._live, setting.field, there) == value and value is not None

    def _grouped(self, found: list[Change], owner: str = "") -> Iterator[Change]:
        """Of a setter that sets everything at once one has the call, the others their words.  owner: the device's place."""
        seen: set[str] = set()
        for change in found:
            name = change.live_name.partition(":")[0]
            if change.act is not Act.SET or name not in ONCE:
                yield change
                continue
            yield replace(change, act=Act.NOTHING if name in seen else Act.SET, call=f"{name} {owner}")
            seen.add(name)

    # -- devices -------------------------------------------------------------------------------

    def _device(self, old: Element, new: Element) -> Iterator[Change]:
        title = device_title(self._new, new)
        found = _joined([replace(self._value(delta, title), old=old, new=new) for delta in within(old, new)])
        if self._live is None:
            yield from found
            return
        there = old in self._running
        updates = [one for one in found if there and self._updates(new, one)]
        act = Act.MEDIUM if any(self._medium(new, one) for one in updates) else Act.UPDATE
        first = True
        for one in self._grouped([one for one in found if one not in updates], place_of(new)):
            yield one if there else self._later(one, _("The running machine does not have this device."))
        for one in updates:
            # The first carries the call, and what else it changes.
            yield replace(
                one, way=Way.NOW, reason="", act=act if first else Act.NOTHING, call=f"update {place_of(new)}",
                deltas=tuple(delta for each in updates for delta in each.deltas) if first else one.deltas,
            )  # fmt: skip
            first = False

    def _updates(self, device: Element, change: Change) -> bool:
        """Whether it goes by updateDeviceFlags."""
        return self._medium(device, change) or (change.live_name in DEVICE and change.act is Act.SET)

    def _medium(self, disk: Element, change: Change) -> bool:
        """What lies in a drive can always be changed."""
        return disk.tag == "disk" and disk.get("device") in _MEDIA and change.path.startswith("devices/disk/source")

    def _later(self, change: Change, reason: str) -> Change:
        return replace(change, way=Way.NEXT_START, act=Act.NOTHING, reason=reason)

    def _whole(self, two: DevicePair) -> Change:
        document, element = (self._new, two.new) if two.new is not None else (self._old, two.old)
        assert element is not None  # noqa: S101 - one of them is there
        kind = type_of(element)
        title = device_title(document, element)
        words = (_("Add {device}") if two.old is None else _("Remove {device}")).format(device=title)
        whole = Change(
            words, Way.OFF, Act.NOTHING, "", title, f"devices/{element.tag!s}", place_of(element), kind.id if kind else "",
            two.old, two.new,
        )  # fmt: skip
        if self._live is None:
            return whole
        if not (kind.hotplug if kind is not None else element.tag in PLUGGABLE):
            return self._later(whole, _("This kind of device can only be added or removed while the machine is off."))
        if two.new is not None:
            there = two.new in self._new_running
            return replace(whole, way=Way.NOW, act=Act.NOTHING if there else Act.ATTACH)
        if element not in self._running:
            return replace(whole, way=Way.NOW)  # it is not there any more
        return replace(whole, way=Way.NOW, act=Act.DETACH)
