"""The corpus: a directory of machines, and values that are legal for a field of one of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from app.devices.catalogue import GROUPS, type_of
from app.devices.checks import problem, why_not
from app.devices.description import Description, Field, Kind, Table, items
from app.devices.lookup import devices
from app.devices.offers import Offers
from app.xmldoc import paths
from app.xmldoc.document import Document, Element
from app.xmldoc.schema import ValueInfo, load
from app.xmldoc.schema.sample import candidates

FOLDER = Path(os.environ.get("HOSTELRY_CORPUS") or Path(__file__).parents[2] / "data" / "domains")
DRIVERS = {
    "kvm": "QEMU",
    "qemu": "QEMU",
    "hvf": "QEMU",
    "xen": "Xen",
    "lxc": "LXC",
    "test": "Test",
    "bhyve": "BHYVE",
    "vz": "vz",
    "vmware": "ESX",
}
GIB = 1 << 30
_BY_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("example", "another"),
    Kind.LINES: ("one\ntwo <three> & 'four'", "five"),
    Kind.SECRET: ("a-secret", "other"),
    Kind.PRESENCE: ("yes",),
    Kind.MAC: ("52:54:00:00:fa:ce", "52:54:00:00:fa:cf"),
    Kind.UUID: ("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "6695eb01-f6a4-8304-79aa-97f2502e193f"),
    Kind.PATH: ("/srv/a file", "/srv/another"),
    Kind.CPUSET: ("0-1", "2"),
    Kind.CHOICE: ("example", "another"),
}


def machines(folder: Path = FOLDER) -> list[Path]:
    """Every file below ``folder`` whose root element is <domain>."""
    return [path for path in sorted(folder.rglob("*.xml")) if _root(path) == "domain"]


def _root(path: Path) -> str:
    try:
        return str(etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True)).tag)
    except etree.XMLSyntaxError:
        return "domain"  # the test says what is wrong with it


@dataclass(frozen=True)
class Spot:
    """One field where it can be read and written: of a group, a device, or a row of a table of one of them."""

    description: Description
    device: Element
    field: Field
    at: Element
    place: tuple[str, ...]
    """Tags from <domain> to ``at``."""
    key: str
    applies: bool

    def __str__(self) -> str:
        return f"{self.key} in <{self.device.tag}>"


def spots(document: Document) -> Iterator[Spot]:
    """Every field of every description that fits something of the machine."""
    for description, element in described(document):
        place = ("domain",) if element is document.root else ("domain", "devices", str(element.tag))
        for item in items(description):
            applies = not why_not(item.when, document, element)
            if isinstance(item, Field):
                yield Spot(description, element, item, element, place, f"{description.id}: {item.path}", applies)
            else:
                yield from _cells(document, description, element, item, place, applies)


def _cells(
    document: Document, description: Description, element: Element, table: Table, place: tuple[str, ...], applies: bool
) -> Iterator[Spot]:
    below = (*place, *(paths.qualified(step.name) for step in paths.parse(table.path).steps))
    for row in document.find_all(table.path, element):
        for column in table.columns:
            here = applies and not why_not(column.when, document, row)
            yield Spot(description, element, column, row, below, f"{description.id}: {table.path}: {column.path}", here)


def described(document: Document) -> Iterator[tuple[Description, Element]]:
    """The groups that its driver has, and its devices."""
    driver = DRIVERS.get(document.get("@type") or "", "")
    for group in GROUPS:
        if not group.drivers or driver in group.drivers:
            yield group, document.root
    for element in devices(document):
        kind = type_of(element)
        if kind is not None:
            yield kind, element


def other_value(spot: Spot, now: str | None, document: Document, offers: Offers) -> str | None:
    """A value that differs, that the schema allows (if it knows the place) and that the field does not complain of."""
    if spot.field.kind is Kind.PRESENCE:
        return "yes" if now is None else None
    allowed = _schema_value(spot.place, spot.field.path)
    found = (
        one
        for one in _candidates(spot.field, now, allowed)
        if one != now and not problem(spot.field, one, document, spot.at, offers)
    )
    legal = (one for one in found if allowed is None or allowed.allows(_as_written(spot, one)))
    return next(legal, None)


def _candidates(field: Field, now: str | None, allowed: ValueInfo | None) -> Iterator[str]:
    yield from (choice.value for choice in field.choices)
    if field.kind is Kind.SWITCH:
        yield from (field.on, field.off)
    elif field.kind is Kind.INTEGER:
        low = field.minimum if field.minimum is not None else 1
        yield from (str(low), str(low + 1))
    elif field.kind is Kind.SIZE:
        if now is not None and now.isdecimal() and int(now):
            yield str(int(now) * 2)  # the same unit will do
        low = -(-(field.minimum or 1) // GIB) * GIB
        yield from (str(low), str(low + GIB), "4096", "1")
    if allowed is not None:
        yield from candidates(allowed)
    yield from _BY_KIND.get(field.kind, ())


def _as_written(spot: Spot, value: str) -> str:
    """A size stands in the document as a number in its unit: any number will do."""
    return "1048576" if spot.field.kind is Kind.SIZE else value


@cache
def _schema_value(place: tuple[str, ...], path: str) -> ValueInfo | None:
    """What libvirt's schema allows there; None for what it does not know (newer settings, our own)."""
    parsed = paths.parse(path)
    node = load("domain").at((*place, *(paths.qualified(step.name) for step in parsed.steps)))
    if not node.known or node.any:
        return None
    if not parsed.attribute:
        return node.text
    info = node.attribute(paths.qualified(parsed.attribute))
    return None if info is None else info.value
