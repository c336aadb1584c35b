"""What waits for the next start: properties of which the running machine has another value than its definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.devices import cpuset
from app.editing.added_live import is_added
from app.editing.declared import Declared, Setting
from app.editing.deltas import WHOLE, Delta, DevicePair, device_pairs, within
from app.editing.places import place_of
from app.editing.spoken import spoken
from app.editing.wording import device_title, label_of
from app.i18n import _
from app.virt.texts import Texts
from app.xmldoc.document import Document, Element

BALLOON_SLACK = 0.05
"""The balloon is never quite where it was told to be."""

USUAL_PERIOD, NO_QUOTA = "100000", 17592186044415
"""Of the host's scheduler, in microseconds."""


@dataclass(frozen=True, slots=True)
class Pending:
    """label, live, next: words for people.  device: its title, "" for the machine's own settings.

    path: "devices/disk/source/@file", names only.  place: of the element in the definition (``app.editing.places``), or in the
    running machine's text if only that has it.  description: its id, "" where no form has it.
    """

    label: str
    live: str
    next: str
    device: str
    path: str
    place: str
    description: str = ""


def waiting(read: Texts, cpus: int = 0) -> tuple[Pending, ...]:
    """Of both texts as they were read; nothing waits for a machine that is off or has no definition.  cpus: of the host."""
    if not read.live or not read.persistent:
        return ()
    return pending_of(Document.parse(read.live), Document.parse(read.base), cpus)


def pending_of(live: Document, base: Document, cpus: int = 0) -> tuple[Pending, ...]:
    """In the order of the definition.  cpus: how many processors the host has; 0: not known."""
    comparing = _Comparing(live, base, cpus)
    return tuple(dict.fromkeys([*comparing.machine(), *comparing.devices()]))


class _Comparing:
    """live: what runs.  base: the definition."""

    def __init__(self, live: Document, base: Document, cpus: int) -> None:
        self._live, self._base, self._cpus = live, base, cpus
        self._of_live, self._of_base = Declared(live), Declared(base)

    def machine(self) -> Iterator[Pending]:
        for delta in within(self._live.root, self._base.root):
            path = path_of(delta)
            own = is_added(path, delta, self._live) or _balloon(path, delta, self._live) or _taken_back(path, delta, self._cpus)
            if not own:
                yield self._value(delta, path, "")

    def devices(self) -> Iterator[Pending]:
        for two in device_pairs(self._live, self._base):
            if two.old is not None and two.new is not None:
                for delta in within(two.old, two.new):
                    path = path_of(delta)
                    if not is_added(path, delta, self._live):
                        yield self._value(delta, path, device_title(self._base, two.new))
            elif not is_libvirts_own(two):
                yield self._whole(two)

    def _value(self, delta: Delta, path: str, title: str) -> Pending:
        mine = self._of_base.of(delta.new, delta.attribute) if delta.new is not None else None
        theirs = self._of_live.of(delta.old, delta.attribute) if delta.old is not None else None
        either = mine or theirs
        words = (
            spoken(theirs, self._live, delta.old, delta.attribute, delta.before),
            spoken(mine, self._base, delta.new, delta.attribute, delta.after),
        )
        return Pending(label_of(either, delta), *words, title, path, place_of(delta.element), _id(either))

    def _whole(self, two: DevicePair) -> Pending:
        document, element = (self._base, two.new) if two.new is not None else (self._live, two.old)
        assert element is not None  # noqa: S101 - one of them is there
        words = (_("not there"), _("added")) if two.old is None else (_("there"), _("removed"))
        return Pending(_("Device"), *words, device_title(document, element), f"devices/{element.tag!s}", place_of(element))


def is_libvirts_own(two: DevicePair) -> bool:
    """Devices that libvirt adds to a running machine by itself."""
    return two.new is None and two.old is not None and two.old.tag in ("audio", "emulator")


def _id(setting: Setting | None) -> str:
    return setting.description.id if setting is not None else ""


def path_of(delta: Delta) -> str:
    """Names from below the root, without numbers: "devices/disk/source/@file"."""
    names: list[str] = []
    element: Element | None = delta.element
    while element is not None and element.getparent() is not None:
        names.insert(0, str(element.tag).rpartition("}")[2])
        element = element.getparent()
    if delta.attribute not in ("", WHOLE):
        names.append(f"@{delta.attribute.rpartition('}')[2]}")
    return "/".join(names)


def _taken_back(path: str, delta: Delta, cpus: int) -> bool:
    """What a running machine says after it was told "as usual": a pin on all of the host's processors, a quota without limit."""
    before = delta.before or ""
    if delta.after is not None:
        return False
    if re.fullmatch(r"cputune/([a-z]+_)?period", path):
        return before == USUAL_PERIOD
    if re.fullmatch(r"cputune/([a-z]+_)?quota", path):
        return before.startswith("-") or (before.isdecimal() and int(before) >= NO_QUOTA)
    if delta.new is not None or delta.old is None or not re.fullmatch(r"cputune/(vcpu|emulator|iothread)pin(/.*)?", path):
        return False
    return cpuset.members(str(delta.old.get("cpuset", ""))) == frozenset(range(cpus))


def _balloon(path: str, delta: Delta, live: Document) -> bool:
    """A guest that has not yet given back, or takes a little more than it was told."""
    if path != "currentMemory" or not (delta.before or "").isdecimal() or not (delta.after or "").isdecimal():
        return False
    now, then = int(delta.before or 0), int(delta.after or 0)
    whole = live.get("memory") or ""
    return abs(now - then) <= BALLOON_SLACK * then or (whole.isdecimal() and now >= int(whole) > then)
