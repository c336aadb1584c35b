"""Every device type: its XML is valid, its fields exist in libvirt's schema, its texts are marked, its summaries never fail."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

import resources
from app import devices
from app.devices.adding import new_xml
from app.devices.catalogue import TYPES, type_of
from app.devices.checks import shown
from app.devices.choosing import options
from app.devices.description import DeviceType, Field, Table, Variant, items
from app.devices.lookup import devices as devices_of
from app.devices.offers import Offers
from app.devices.values import read, write
from app.xmldoc.document import Document
from app.xmldoc.schema import Schema, load, places

PREDICATE = re.compile(r"\[[^]]*\]")
INSTALLED = (9, 0, 0)
"""The oldest schema against which this runs; what is newer says so by ``since``."""
SCHEMAS = Path("/usr/share/libvirt/schemas")
DATA = Path(__file__).parents[2] / "data"
DOMAIN = """<domain type='kvm'>
  <name>web server</name>
  <memory unit='KiB'>1048576</memory>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <devices/>
</domain>
"""
VARIANTS = [(kind, variant) for kind in TYPES for variant in kind.variants]


@cache
def _schema() -> Schema:
    return load("domain")


@cache
def _relax() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(SCHEMAS / "domain.rng")))


def _fields(kind: DeviceType) -> Iterator[tuple[str, Field | Table, tuple[int, int, int]]]:
    """The place of each field and table in the schema, and the version that knows it."""
    root = f"domain/devices/{kind.tag}"
    for item in items(kind):
        since = max(kind.since, item.since)
        yield _place(root, item.path), item, since
        for column in item.columns if isinstance(item, Table) else ():
            yield _place(_place(root, item.path), column.path), column, max(since, column.since)


def _place(base: str, path: str) -> str:
    return f"{base}/{PREDICATE.sub('', path)}".rstrip("/")


ALL = [(kind, place, field, since) for kind in TYPES for place, field, since in _fields(kind)]


def test_every_device_element_of_the_schema_has_a_type() -> None:
    tags = {place.path.split("/")[2] for place in places.walk(_schema()) if place.path.startswith("domain/devices/")}
    assert {tag for tag in tags if "@" not in tag} - {"emulator"} <= {kind.tag for kind in TYPES}


def test_identities_are_unique() -> None:
    for names in ([kind.id for kind in TYPES], [variant.id for _, variant in VARIANTS], [kind.order for kind in TYPES]):
        assert len(names) == len(set(names))


def test_every_field_exists_in_the_schema_or_is_newer() -> None:
    known = places.places(_schema())
    missing = [(kind.id, place) for kind, place, _, since in ALL if place not in known and since <= INSTALLED]
    assert not missing


def test_nothing_that_the_schema_has_is_called_newer() -> None:
    known = places.places(_schema())
    wrong = [
        (kind.id, place)
        for kind, place, item, since in ALL
        if place in known and since > INSTALLED and not isinstance(item, Table)
    ]
    assert not wrong


@pytest.mark.parametrize(("kind", "variant"), VARIANTS, ids=[variant.id for _, variant in VARIANTS])
def test_a_new_device_is_valid_and_of_its_type(kind: DeviceType, variant: Variant) -> None:
    document = Document.parse(DOMAIN)
    xml = new_xml(variant, document, Offers())
    assert "{" not in xml
    element = document.insert(xml)
    assert type_of(element) is kind
    if max(variant.since, kind.since) > INSTALLED or _has_newer_value(kind, document, element):
        return
    assert _relax().validate(etree.fromstring(document.to_text())), _relax().error_log


def _has_newer_value(kind: DeviceType, document: Document, element: etree._Element) -> bool:
    """Whether one of its choices is of a libvirt that is newer than the schema."""
    return any(
        choice.since > INSTALLED and read(document, item, element) == choice.value
        for item in items(kind)
        if isinstance(item, Field)
        for choice in item.choices
    )


def test_few_variants_are_newer_than_the_schema() -> None:
    """So that the test above cannot become empty."""
    document = Document.parse(DOMAIN)
    newer = {
        variant.id
        for kind, variant in VARIANTS
        if max(variant.since, kind.since) > INSTALLED
        or _has_newer_value(kind, document, Document.parse(new_xml(variant, document, Offers())).root)
    }
    assert newer == {"crypto", "crypto-lkcf", "pstore", "audio-pipewire", "iommu-amd", "panic-pvpanic"}


CHOICES = [(kind, place, field, since) for kind, place, field, since in ALL if isinstance(field, Field) and field.choices]


def test_every_choice_is_a_value_of_the_schema_or_newer() -> None:
    wrong = []
    for _, place, field, since in CHOICES:
        if since > INSTALLED:
            continue
        allowed = _allowed(place)
        wrong += [(place, choice.value) for choice in field.choices if choice.since <= INSTALLED and not allowed(choice.value)]
    assert not wrong


def test_every_value_that_the_schema_lists_can_be_chosen() -> None:
    missing = []
    for kind, place, _field, since in CHOICES:
        path, _, name = place.rpartition("/")
        info = _schema().at(tuple(path.split("/"))).attribute(name.removeprefix("@")) if name.startswith("@") else None
        if info is None or not info.value.closed or since > INSTALLED or _shared(kind, place):
            continue
        missing += [(place, value) for value in info.value.values if value not in _offered(kind.tag, place)]
    assert sorted(set(missing)) == []


def _offered(tag: str, place: str) -> set[str]:
    """All values that any type of this tag offers there."""
    return {choice.value for kind, at, field, _ in CHOICES if kind.tag == tag and at == place for choice in field.choices}


FEWER = {
    ("console", "target/@type"): "the schema has one list for serial ports and consoles",
    ("serial", "target/@type"): "the schema has one list for serial ports and consoles",
    ("controller", "@type"): "PCI controllers have a type of their own",
    ("hostdev", "@type"): "each kind of host device has a type of its own; containers' kinds can be changed",
    ("disk", "driver/@type"): "aio is Xen's old name of a driver, not a format",
}
"""Where not all that the schema lists is offered, and why."""


def _shared(kind: DeviceType, place: str) -> bool:
    """A type of device offers the kinds of addresses and connections that it can have; the schema allows each of them all."""
    path = place.removeprefix(f"domain/devices/{kind.tag}/")
    return (
        path == "address/@type"
        or (kind.tag in ("redirdev", "rng", "smartcard") and path.endswith("@type"))
        or (kind.tag, path) in FEWER
    )


def _allowed(place: str) -> Callable[[str], bool]:
    path, _, name = place.rpartition("/")
    node = _schema().at(tuple((path if name.startswith("@") else place).split("/")))
    info = node.attribute(name[1:]) if name.startswith("@") else None
    value = info.value if info is not None else _schema().at(tuple(place.split("/"))).text
    assert value is not None, place
    return value.allows


def _sources() -> Iterator[Path]:
    root = Path(devices.__file__).parent
    yield from sorted((root / "types").glob("*.py"))
    yield from sorted((root / "shared").glob("*.py"))


@cache
def _marked() -> frozenset[str]:
    """Every text within ``N_()`` or ``_()`` of the descriptions."""
    calls = [node for path in _sources() for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    marked = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("N_", "_") and call.args]
    return frozenset(one.value for one in marked if isinstance(one, ast.Constant) and isinstance(one.value, str))


SAME_EVERYWHERE = {"virtio", "passt", "libvirt", "libguestfs", "virtiofs", "phy", "tap", "file", "ramfb", "bhyve", "macOS"}
"""Names of products and values that are written small, and no language changes."""


def _is_name(text: str) -> bool:
    """Whether ``text`` is only names and values: each word has a capital letter or digit, or is known."""
    values = {choice.value for _, _, field, _ in CHOICES for choice in field.choices}
    return all(
        word in SAME_EVERYWHERE or word in values or word != word.lower() or any(map(str.isdigit, word))
        for word in re.findall(r"[\w-]+", text)
    )


def _texts(kind: DeviceType) -> Iterator[str]:
    yield from (kind.name, kind.help)
    for variant in kind.variants:
        yield from (variant.name, variant.help)
        yield from (when.why for when in variant.when)
    for section in kind.sections:
        yield from (section.title, section.help)
    for item in items(kind):
        yield from _item_texts(item)


def _item_texts(item: Field | Table) -> Iterator[str]:
    yield from (item.label, item.help)
    yield from (when.why for when in item.when)
    if isinstance(item, Table):
        for column in item.columns:
            yield from _item_texts(column)
        return
    yield item.pattern_help
    yield from (text for choice in item.choices for text in (choice.words, choice.help))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.id)
def test_every_text_is_marked_for_translators(kind: DeviceType) -> None:
    assert [text for text in _texts(kind) if text and text not in _marked() and not _is_name(text)] == []


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.id)
def test_every_field_says_what_it_does(kind: DeviceType) -> None:
    assert [place for other, place, item, _ in ALL if other is kind and isinstance(item, Field) and not item.help] == []


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.id)
def test_its_icon_is_there(kind: DeviceType) -> None:
    assert (Path(resources.__path__[0]) / "icons" / f"{kind.icon}.svg").is_file()


def test_summaries_and_titles_are_one_line_on_every_machine() -> None:
    seen: set[str] = set()
    for path in sorted((DATA / "domains").glob("*.xml")):
        document = Document.parse(path.read_bytes())
        for element in devices_of(document):
            kind = type_of(element)
            assert kind is not None, (path.name, element.tag)
            seen.add(kind.id)
            for text in (kind.summary(document, element), kind.title(document, element) if kind.title else kind.name):
                assert text and "\n" not in text and "None" not in text, (path.name, element.tag, text)
    assert {kind.id for kind in TYPES} - seen <= {"hostdev-scsi-host", "crypto", "pstore"}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.id)
def test_an_empty_element_has_a_summary(kind: DeviceType) -> None:
    document = Document.parse(f"<domain><devices><{kind.tag}/></devices></domain>")
    element = document.find(f"devices/{kind.tag}")
    assert element is not None
    assert isinstance(kind.summary(document, element), str)
    assert kind.title is None or isinstance(kind.title(document, element), str)


def test_what_belongs_to_another_kind_is_hidden() -> None:
    document = Document.parse("<domain><devices><disk type='file'/></devices></domain>")
    disk = document.find("devices/disk")
    assert disk is not None
    visible = {item.path for item in items(TYPES[0]) if shown(item.when, document, disk)}
    assert {"source/@file", "target/@bus"} <= visible
    assert not {"source/@dev", "source/@protocol", "source/host", "source/ssl/@verify"} & visible
    document.set("@type", "network", disk)
    document.set("source/@protocol", "https", disk)
    visible = {item.path for item in items(TYPES[0]) if shown(item.when, document, disk)}
    assert {"source/@protocol", "source/host", "source/ssl/@verify"} <= visible
    assert not {"source/@file", "source/snapshot/@name"} & visible


def test_a_row_of_every_table_can_be_added() -> None:
    for kind, place, item, since in ALL:
        if not isinstance(item, Table) or since > INSTALLED or "backingStore" in place:
            continue
        row = Document.parse(item.new.replace("{uuid}", "3f2b8a5e-1c1d-4b7e-9f11-0a2b3c4d5e6f")).root
        assert row.tag == item.path.rpartition("/")[2], (kind.id, place)
        assert all(column.required is False or read(Document(row, ""), column, row) is not None for column in item.columns), place
        assert _schema().at(tuple(place.split("/"))).known


def test_a_newer_value_is_disabled_on_an_older_host() -> None:
    document = Document.parse("<domain><devices><panic/></devices></domain>")
    panic = next(kind for kind in TYPES if kind.id == "panic")
    model = next(item for item in items(panic) if isinstance(item, Field) and item.path == "@model")
    element = document.find("devices/panic")
    assert element is not None
    old, new, unknown = (
        {one.value: one.why_not for one in options(model, document, element, Offers(libvirt=version))}
        for version in ((9, 0, 0), (9, 1, 0), (0, 0, 0))
    )
    assert "9.1" in old["pvpanic"] and not old["isa"] and not new["pvpanic"] and not unknown["pvpanic"]


def test_the_text_of_a_row_is_a_field() -> None:
    document = Document.parse("<cookie name='a'>b</cookie>")
    value = Field("", "Value")
    assert read(document, value, document.root) == "b"
    write(document, value, document.root, "c")
    assert document.root.text == "c"
    write(document, value, document.root, None)
    assert document.root.get("name") == "a" and not document.root.text
