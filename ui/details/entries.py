"""What the list of the details view shows: the machine's groups of settings, then its devices, in three bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from app.devices import catalogue
from app.devices.description import Band, Description, DeviceType, Field, Group, Section, items
from app.devices.lookup import devices, same_device
from app.devices.values import read
from app.editing.pending import Pending
from app.editing.places import place_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element
from ui.details.subject import Edited

BANDS: dict[Band, str] = {Band.MACHINE: N_("Machine"), Band.DEVICES: N_("Devices"), Band.STORAGE: N_("Drives and network")}


class Badge(Enum):
    """Marks beside a row, each with an icon of its own shape."""

    EDITED = "document-edit"
    PENDING = "appointment-soon"
    MISSING = "dialog-warning"
    WRONG = "dialog-error"
    LIVE = "media-playback-start"


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
    driver = session.offers.driver
    return [group for group in catalogue.GROUPS if not group.drivers or not driver or driver in group.drivers]


def title_of(kind: DeviceType, document: Document, element: Element) -> str:
    """ "Disk vda"; where there are several without a title of their own, the kind's name."""
    return (kind.title(document, element) if kind.title is not None else "") or _(kind.name)


class Listing:
    """Makes the entries; what an element needs is computed again only when its text has changed."""

    def __init__(self) -> None:
        self._edited: dict[str, tuple[str, str, bool]] = {}

    def entries(
        self, session: Edited, base: Document | None, wrong: Iterable[str] = (), pending: Iterable[Pending] = ()
    ) -> list[Entry]:
        """In the order of the list.  wrong: places with texts that make no value.  pending: of the session."""
        faults, waits = list(wrong), list(pending)
        found = [self._group(group, session, base, faults, waits) for group in groups(session)]
        for element in devices(session.document):
            found.append(self._device(element, session, base, faults, waits))
        order = list(BANDS)
        return sorted(found, key=lambda entry: order.index(entry.band))

    def _group(self, group: Group, session: Edited, base: Document | None, faults: list[str], waits: list[Pending]) -> Entry:
        document, badges = session.document, []
        if faults and any(not place.startswith("devices/") for place in faults) and _owns(group, document, faults):
            badges.append(Badge.WRONG)
        if base is not None and _group_differs(group, document, base):
            badges.append(Badge.EDITED)
        if any(one.description == group.id for one in waits):
            badges.append(Badge.PENDING)
        return Entry(
            group.id, group.band, group.icon, _(group.name), group.summary(document, document.root), "", group, tuple(badges)
        )

    def _device(self, element: Element, session: Edited, base: Document | None, faults: list[str], waits: list[Pending]) -> Entry:
        document, place, kind = session.document, place_of(element), description_of(element)
        badges, why = [], ""
        if any(one == place or one.startswith(f"{place}/") for one in faults):
            badges.append(Badge.WRONG)
        if base is not None and _device_differs(element, document, base):
            badges.append(Badge.EDITED)
        if any(one.place == place or one.place.startswith(f"{place}/") for one in waits):
            badges.append(Badge.PENDING)
        why = missing(kind, document, element, session)
        if why:
            badges.append(Badge.MISSING)
        if session.live is not None and not badges and same_device(document, element, session.live) is not None:
            badges.append(Badge.LIVE)
        title = title_of(kind, document, element)
        return Entry(place, kind.band, kind.icon, title, kind.summary(document, element), place, kind, tuple(badges), why)


def missing(kind: DeviceType, document: Document, element: Element, session: Edited) -> str:
    """What the host does not have though the device names it, as a sentence; "" if nothing."""
    for item in items(kind):
        if not isinstance(item, Field) or item.names not in CHECKED or item.names not in session.offers.names:
            continue
        value = read(document, item, element)
        if value and value not in {named.value for named in session.offers.names[item.names]}:
            return _("The host has no “{name}”.").format(name=value)
    return ""


def _group_differs(group: Group, document: Document, base: Document) -> bool:
    for item in items(group):
        if isinstance(item, Field):
            if read(document, item, document.root) != read(base, item, base.root):
                return True
        else:
            mine, theirs = document.find_all(item.path), base.find_all(item.path)
            if [document.fragment(one) for one in mine] != [base.fragment(one) for one in theirs]:
                return True
    return False


def _device_differs(element: Element, document: Document, base: Document) -> bool:
    found = same_device(document, element, base)
    return found is None or document.fragment(found).split() != document.fragment(element).split()


def _owns(group: Group, document: Document, places: list[str]) -> bool:
    for item in items(group):
        if isinstance(item, Field):
            if "" in places:
                return True
        elif any(place_of(one) in places for one in document.find_all(item.path)):
            return True
    return False
