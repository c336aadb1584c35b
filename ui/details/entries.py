"""What the list of the details view shows: the machine's groups of settings, then its devices, in three bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from app.devices import catalogue
from app.devices.description import Band, Description, DeviceType, Field, Group, Section, Table, items
from app.devices.lookup import devices, same_device
from app.devices.values import read
from app.editing.pending import Pending
from app.editing.places import place_of
from app.i18n import N_, _
from app.xmldoc import paths
from app.xmldoc.document import Document, Element
from ui.details.comparing import Comparison, raw
from ui.details.subject import Edited

BANDS: dict[Band, str] = {Band.MACHINE: N_("Machine"), Band.STORAGE: N_("Drives and network"), Band.DEVICES: N_("Devices")}


class Badge(Enum):
    """Marks beside a row, each with an icon of its own shape."""

    EDITED = "document-edit"
    PENDING = "appointment-soon"
    MISSING = "dialog-warning"
    WRONG = "dialog-error"
    LIVE = "emblem-live"


BADGE_WORDS: dict[Badge, str] = {
    Badge.EDITED: N_("Edited here, not applied yet"),
    Badge.PENDING: N_("Changes wait for the next start"),
    Badge.MISSING: N_("The host does not have what it needs"),
    Badge.WRONG: N_("Something here must be corrected"),
    Badge.LIVE: N_("In use by the running machine"),
}
CHECKED = frozenset({"networks", "pools", "nwfilters", "secrets", "bridges"})
"""Lists of the host that are whole: what is not in them is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.  key: "cpu", "devices/disk[2]".  place: of its element; "" for the root.  title, summary, why: translated."""

    key: str
    band: Band
    icon: str
    title: str
    summary: str
    place: str
    description: Description
    badges: tuple[Badge, ...] = ()
    why: str = ""

    def tip(self) -> str:
        """All of it in lines."""
        lines = [self.title, self.summary, *(_(BADGE_WORDS[badge]) for badge in self.badges), self.why]
        return "\n".join(line for line in lines if line)


def unknown(tag: str) -> DeviceType:
    """Stands for an element below ``<devices>`` that has no description: it is shown, can be removed, and has no fields."""
    return DeviceType(
        f"unknown-{tag}", tag, "dialog-question", Band.DEVICES, (Section(tag, ()),), lambda _document, _element: "",
        N_("There is no form for it. Everything that it has is in the inspector below and in the XML tab."), tag=tag,
    )  # fmt: skip


_UNKNOWN: dict[str, DeviceType] = {}


def description_of(element: Element) -> DeviceType:
    """Of an element below ``<devices>``."""
    found = catalogue.type_of(element)
    if found is None:
        found = _UNKNOWN.setdefault(str(element.tag), unknown(str(element.tag)))
    return found


def groups(session: Edited) -> list[Group]:
    """Those that this machine's driver has."""
    return [one for one in catalogue.GROUPS if session.offers.is_of(one.drivers)]


def title_of(kind: DeviceType, document: Document, element: Element) -> str:
    """ "Disk vda"; where there are several without a title of their own, the kind's name."""
    return (kind.title(document, element) if kind.title is not None else "") or _(kind.name)


class Listing:
    """Makes the entries of one session."""

    def __init__(self) -> None:
        self._live: Document | None = None
        self._in_use: dict[bytes, bool] = {}
        self.changes = 0
        """How many differences there were when the entries were last made."""

    def entries(
        self, session: Edited, base: Document | None, wrong: Iterable[tuple[str, str]] = (), pending: Iterable[Pending] = ()
    ) -> list[Entry]:
        """In the order of the list.  wrong: place and path of each text that makes no value.  pending: of the session."""
        facts = _Facts(session, base, list(wrong), list(pending), Comparison(session.document, base))
        self.changes = facts.comparison.count()
        found = [self._group(group, facts) for group in groups(session)]
        found += [self._device(element, facts) for element in devices(session.document)]
        order = list(BANDS)
        return sorted(found, key=lambda entry: order.index(entry.band))

    def _group(self, group: Group, facts: _Facts) -> Entry:
        document, badges = facts.session.document, []
        if facts.wrong and _owns(group, facts.wrong):
            badges.append(Badge.WRONG)
        touched = (
            any(_root_of(item.path) in facts.comparison.changed for item in items(group)) if facts.comparison.changed else False
        )
        if facts.base is not None and touched and _group_differs(group, document, facts.base):
            badges.append(Badge.EDITED)
        if any(one.description == group.id for one in facts.pending):
            badges.append(Badge.PENDING)
        summary = group.summary(document, document.root)
        return Entry(group.id, group.band, group.icon, _(group.name), summary, "", group, tuple(badges))

    def _device(self, element: Element, facts: _Facts) -> Entry:
        document, place, kind = facts.session.document, place_of(element), description_of(element)
        why = missing(kind, document, element, facts.session)
        marks = {
            Badge.WRONG: any(_inside(one, place) for one, _path in facts.wrong),
            Badge.EDITED: facts.comparison.differs(element),
            Badge.PENDING: any(_inside(one.place, place) for one in facts.pending),
            Badge.MISSING: bool(why),
        }
        badges = tuple(badge for badge, on in marks.items() if on)
        if not badges and self._runs(element, facts.session):
            badges = (Badge.LIVE,)
        title = title_of(kind, document, element)
        return Entry(place, kind.band, kind.icon, title, kind.summary(document, element), place, kind, badges, why)

    def _runs(self, element: Element, session: Edited) -> bool:
        """Whether the running machine has it; looked for once for each text."""
        if session.live is None:
            return False
        if session.live is not self._live:
            self._live = session.live
            self._in_use.clear()
        text = raw(element)
        if text not in self._in_use:
            self._in_use[text] = same_device(session.document, element, session.live) is not None
        return self._in_use[text]


@dataclass(frozen=True)
class _Facts:
    """Of one time that the entries are made."""

    session: Edited
    base: Document | None
    wrong: list[tuple[str, str]]
    pending: list[Pending]
    comparison: Comparison


def _inside(place: str, owner: str) -> bool:
    return place == owner or place.startswith(f"{owner}/")


def missing(kind: DeviceType, document: Document, element: Element, session: Edited) -> str:
    """What the host does not have though the device names it, as a sentence; "" if nothing."""
    for item in _checked(kind):
        if item.names not in session.offers.names:
            continue
        value = read(document, item, element)
        if value and value not in {named.value for named in session.offers.names[item.names]}:
            return _("The host has no “{name}”.").format(name=value)
    return ""


_checkable: dict[int, tuple[Field, ...]] = {}


def _checked(kind: DeviceType) -> tuple[Field, ...]:
    """Its fields that name something of a list that is whole; descriptions live as long as the program."""
    if id(kind) not in _checkable:
        _checkable[id(kind)] = tuple(item for item in items(kind) if isinstance(item, Field) and item.names in CHECKED)
    return _checkable[id(kind)]


def _root_of(path: str) -> str:
    """The name of the element below the root in which a path begins, as lxml has it; "" for the root's own attribute."""
    steps = paths.parse(path).steps
    return paths.qualified(steps[0].name) if steps else ""


def _group_differs(group: Group, document: Document, base: Document) -> bool:
    for item in items(group):
        if isinstance(item, Field):
            if read(document, item, document.root) != read(base, item, base.root):
                return True
        else:
            mine, theirs = document.find_all(item.path), base.find_all(item.path)
            if [raw(one) for one in mine] != [raw(one) for one in theirs]:
                return True
    return False


def _owns(group: Group, wrong: list[tuple[str, str]]) -> bool:
    """Whether one of the texts is a field's or a row's of this group."""
    for place, path in wrong:
        if place.startswith("devices/"):
            continue
        bare = "/".join(part.partition("[")[0] for part in place.split("/"))
        for item in items(group):
            if item.path == path if not place else isinstance(item, Table) and item.path.partition("[")[0] == bare:
                return True
    return False
