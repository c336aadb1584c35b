"""Every machine of a directory, by every description: what is only looked at stays as it is, what is changed changes alone.

``HOSTELRY_CORPUS=/etc/libvirt/qemu python -m pytest tests/unit/devices/test_corpus.py`` does it with your own machines.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from app.devices.catalogue import ALL
from app.devices.checks import problem, why_not
from app.devices.choosing import options
from app.devices.description import DeviceType, Field, Kind, Table, items
from app.devices.offers import Offers
from app.devices.values import read, write
from app.xmldoc import paths
from app.xmldoc.diff import differences
from app.xmldoc.document import Document, Element
from tests.unit.devices.corpus import FOLDER, Spot, described, machines, other_value, spots

MACHINES = machines()
OFTEN = int(os.environ.get("HOSTELRY_CORPUS_OFTEN", "3"))
"""On how many machines a setting that none of them has is set; what a machine has is changed on each."""
ALIKE = 2
"""How many devices of one machine have the same field changed."""
MISSED = 0.3
"""Columns of tables that are empty everywhere, devices that libvirt 9 does not know, values that nobody can make up."""
LARGE = 6000
_tried: Counter[str] = Counter()
_changed: set[str] = set()


def _name(path: Path) -> str:
    return str(path.relative_to(FOLDER)).removesuffix(".xml")


each_machine = pytest.mark.parametrize("path", MACHINES, ids=_name)


def test_there_are_machines() -> None:
    assert MACHINES, f"no machines in {FOLDER}"


@each_machine
def test_looking_at_everything_changes_nothing(path: Path) -> None:
    document = Document.parse(path.read_bytes())
    text, offers = document.to_text(), Offers()
    for description, element in described(document):
        assert description.summary(document, element) is not None
        if isinstance(description, DeviceType) and description.title is not None:
            assert description.title(document, element)
    for spot in spots(document):
        value = read(document, spot.field, spot.at)
        found = options(spot.field, document, spot.at, offers)
        assert spot.field.kind is not Kind.CHOICE or value is None or value in [one.value for one in found if not one.why_not], (
            spot
        )
        assert isinstance(problem(spot.field, value, document, spot.at, offers), str)
        assert isinstance(why_not(spot.field.when, document, spot.at), str)
        write(document, spot.field, spot.at, value)
    assert document.to_text() == text
    assert _encoded(text, path) == path.read_bytes()


@each_machine
def test_what_libvirt_accepts_is_not_called_wrong(path: Path) -> None:
    """At no field of a machine that the schema accepts stands a complaint."""
    if "invalid" in path.parts:
        pytest.skip("there is something wrong with it")
    document = Document.parse(path.read_bytes())
    complaints = []
    for spot in spots(document):
        value = read(document, spot.field, spot.at)
        if value is not None and (why := problem(spot.field, value, document, spot.at, Offers())):
            complaints.append(f"{spot}: {value!r}: {why}")
    assert complaints == []


@each_machine
def test_a_change_changes_that_and_nothing_else(path: Path) -> None:
    document = Document.parse(path.read_bytes())
    text, whole = document.to_text(), _bytes(document.root)
    here: Counter[str] = Counter()
    for number, spot in enumerate(list(spots(document))):
        now = read(document, spot.field, spot.at)
        if not _wanted(spot, now) or here[spot.key] >= ALIKE:
            continue
        here[spot.key] += 1
        new = other_value(spot, now, document, Offers())
        if new is None and not (spot.field.kind is Kind.PRESENCE and now):
            continue
        _changed.add(spot.key)
        if new is None or _cannot_come_back(document, spot, now):
            copy = Document.parse(path.read_bytes())
            _change(copy, list(spots(copy))[number], new)
        else:
            _change(document, spot, new)
            write(document, spot.field, spot.at, now)
            assert _bytes(document.root) == whole, f"{spot}: {new!r} and back to {now!r}"
    assert document.to_text() == text


@each_machine
def test_a_new_row_is_added_and_taken_away(path: Path) -> None:
    document = Document.parse(path.read_bytes())
    text = document.to_text()
    for description, element in described(document):
        for table in (item for item in items(description) if isinstance(item, Table) and item.new):
            key = f"{description.id}: {table.path}"
            if why_not(table.when, document, element) or _tried[key] >= OFTEN:
                continue
            _tried[key] += 1
            copy = Document.parse(path.read_bytes())
            at = (
                copy.root
                if element is document.root
                else copy.root.getroottree().find(document.root.getroottree().getelementpath(element))
            )
            assert at is not None
            before, parent = _flat(copy.root), table.path.rpartition("/")[0]
            row = copy.insert(table.new, parent, at)
            added = _flat(copy.root)
            assert row in copy.find_all(table.path, at), key
            assert before.items() <= added.items(), key
            assert _notes(copy) == _notes(document)
            copy.remove_element(row)
            left = {value for place, value in _flat(copy.root).items() - before.items() if value}
            assert all(f"'{value}'" in parent for value in left), key  # sysinfo[@type='smbios'] stays for the next row
    assert document.to_text() == text


def test_most_settings_were_changed_somewhere() -> None:
    """Runs last: the corpus would prove little if hardly anything in it could be set."""
    if FOLDER.name != "domains" or len(_changed) < 100:
        pytest.skip("only with the whole corpus of this repository")
    declared = {
        f"{one.id}: {item.path}" if isinstance(item, Field) else f"{one.id}: {item.path}: {column.path}"
        for one in ALL
        for item in items(one)
        for column in ([item] if isinstance(item, Field) else item.columns)
    }
    missed = sorted(declared - _changed)
    assert len(missed) <= len(declared) * MISSED, missed


def _wanted(spot: Spot, now: str | None) -> bool:
    if now is not None:
        return True
    if not spot.applies and re.search(r"\[\d+\]", spot.field.path):  # the second cannot be without the first
        return False
    if _tried[spot.key] >= (OFTEN if spot.applies else 1):  # once even where the form would have it disabled
        return False
    _tried[spot.key] += 1
    return True


def _change(document: Document, spot: Spot, new: str | None) -> None:
    """Writes, and looks whether that and no more is different."""
    outside, inside, notes = _outside(document, spot.device), _flat(spot.device), _notes(document)
    pristine = _alone(spot.device)
    ways = _way(document, spot)
    write(document, spot.field, spot.at, new)
    assert read(document, spot.field, spot.at) == new, f"{spot}: not what was written: {new!r}"
    assert _outside(document, spot.device) == outside, f"{spot}: something outside"
    after = _flat(spot.device)
    _only_there({place for place, _value in inside.items() ^ after.items()}, ways | _way(document, spot), inside, after, spot)
    assert _notes(document) == notes, f"{spot}: a comment"
    changed = _alone(spot.device)
    assert pristine is None or changed is None or differences(pristine, changed) or spot.field.kind is Kind.PRESENCE, (
        f"{spot}: no difference is told"
    )


def _outside(document: Document, device: Element) -> list[bytes]:
    """Everything of the machine beside ``device``, to the byte."""
    if device is document.root:
        nodes = (node for holder in document.root.iterchildren("devices") for node in holder if node.tag != "emulator")
        return [etree.tostring(node, with_tail=False) for node in nodes]  # the emulator is a setting of the machine
    parent = device.getparent()
    assert parent is not None
    others = [node for holder in (document.root, parent) for node in holder if node is not device and node is not parent]
    texts = [(node.text or "", node.tail or "") for node in (document.root, parent)]
    return [*map(etree.tostring, others), str(texts).encode(), (device.tail or "").encode()]


def _alone(device: Element) -> Document | None:
    """A copy of the device, or of a small machine; the devices of a large one would take the test minutes."""
    text = etree.tostring(device, with_tail=False)
    return Document.parse(text) if len(text) < LARGE else None


def _way(document: Document, spot: Spot) -> set[str]:
    """The places that the field may make, change and take away: those on its way, and its unit."""
    steps = re.split(r"/(?![^\[]*\])", spot.field.path) if spot.field.path else []
    found, way = set(), ""
    if not steps or spot.field.path.startswith("@"):
        found.add(_place(spot.at, spot.device))
    for step in steps:
        holder = document.find(way, spot.at) if way else spot.at
        if step.startswith("@"):
            if holder is not None:
                found.add(f"{_place(holder, spot.device)}/@{paths.qualified(step[1:])}")
            continue
        way = f"{way}/{step}" if way else step
        element = document.find(way, spot.at)
        if element is not None:
            place = _place(element, spot.device)
            found.add(place)
            found |= {f"{place}/@{paths.qualified(one.name)}" for one in paths.parse(step).steps[0].predicates if one.attribute}
    if spot.field.has_unit:
        found |= {f"{place.partition('/@')[0]}/@unit" for place in found}
    return found


def _only_there(changed: set[str], allowed: set[str], before: dict[str, str], after: dict[str, str], spot: Spot) -> None:
    gone = max(allowed, key=len) if spot.field.kind is Kind.PRESENCE else "\0"
    beside = {place for place in changed if place not in allowed and not place.startswith(gone)}
    assert beside == set(), f"{spot}: changed too: {beside}"
    texts = {place for place in changed if "/@" not in place and place in before and place in after}
    assert len(texts) <= 1, f"{spot}: texts on the way: {texts}"


def _cannot_come_back(document: Document, spot: Spot, now: str | None) -> bool:
    """A size in words, and an element that says nothing: it goes with the value that was put into it, whoever made it."""
    if now is not None:
        return spot.field.kind is Kind.SIZE and not now.isdecimal()
    step = spot.field.path.rpartition("@")[0].rstrip("/") if "@" in spot.field.path.rpartition("/")[2] else spot.field.path
    while step:
        element = document.find(step, spot.at)
        if element is not None and not len(element) and not element.attrib and not (element.text or "").strip():
            return True
        step = "/".join(re.split(r"/(?![^\[]*\])", step)[:-1])
    return False


def _place(element: Element, base: Element) -> str:
    """Like the keys of ``_flat``."""
    place = ""
    while element is not base:
        parent = element.getparent()
        assert parent is not None
        number = [child for child in parent if child.tag == element.tag].index(element) + 1
        place, element = f"/{element.tag!s}[{number}]{place}", parent
    return place


def _encoded(text: str, path: Path) -> bytes:
    return text.encode(etree.parse(str(path)).docinfo.encoding or "utf-8")


def _bytes(element: Element) -> bytes:
    return etree.tostring(element, with_tail=False)


def _notes(document: Document) -> list[str]:
    """Comments and processing instructions."""
    return [str(node) for node in document.root.iter(etree.Comment, etree.ProcessingInstruction)]


def _flat(element: Element) -> dict[str, str]:
    """Every attribute and text below ``element`` at its place: "source[1]/@file"; without the devices of a machine."""
    return dict(_places(element, ""))


def _places(element: Element, place: str) -> Iterator[tuple[str, str]]:
    yield place, (element.text or "").strip()
    for name, value in element.attrib.items():
        yield f"{place}/@{name!s}", str(value)
    counts: Counter[str] = Counter()
    for child in element:
        if not isinstance(child.tag, str) or (child.tag == "devices" and element.tag == "domain"):
            continue
        counts[str(child.tag)] += 1
        yield from _places(child, f"{place}/{child.tag!s}[{counts[str(child.tag)]}]")
