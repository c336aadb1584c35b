"""Everything that the schema has can be added, and what is not touched stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.xmldoc import Document
from app.xmldoc.schema.faults import findings
from app.xmldoc.schema.inspector import Inspector, Row
from app.xmldoc.schema.names import steps
from app.xmldoc.schema.places import places
from app.xmldoc.schema.sample import another
from app.xmldoc.writer import Element
from tests.unit.xmldoc.schema.machines import MINIMAL, ODD, SCHEMA, is_legal, minimal_for, reached

PLACES = sorted(places(SCHEMA))


def inspect(xml: str) -> Inspector:
    """An inspector of a definition."""
    return Inspector(Document.parse(xml), SCHEMA)


def find(inspector: Inspector, path: str) -> Element:
    """An element that is there."""
    element = inspector.document.find(path)
    assert element is not None
    return element


def row(rows: list[Row], name: str) -> Row:
    """The first of that name."""
    return next(each for each in rows if each.name == name)


def test_every_place_can_be_reached_and_the_result_is_legal() -> None:
    texts = reached()
    assert sorted(texts) == PLACES
    for place, text in texts.items():
        tags, attribute = steps(place)
        root = Document.parse(text).root
        elements = root.findall("/".join(tags[1:])) if tags[1:] else [root]
        assert elements and (not attribute or any(attribute in each.attrib for each in elements)), place
        assert is_legal(root), f"{place}: {text}"
        assert not list(findings(SCHEMA, root)), place


def test_every_place_can_be_added_step_by_step() -> None:
    """What a person does: from the root down, a row of the parent at each step."""
    below: dict[tuple[str, ...], list[str]] = {}
    for place in PLACES[1:]:
        tags, attribute = steps(place)
        below.setdefault(tags if attribute else tags[:-1], []).append(f"@{attribute}" if attribute else tags[-1])
    for parents, names in below.items():
        inspector = inspect(MINIMAL)
        element = inspector.document.root
        for tag in parents[1:]:
            there = element.find(tag)
            element = inspector.add_element(element, tag) if there is None else there
        offered = {f"@{each.tag}" if each.kind == "attribute" else each.tag for each in inspector.rows(element)}
        assert offered >= set(names), parents
        for name in names:
            if not name.startswith("@"):
                assert inspector.add_element(element, name).getparent() is element
                continue
            value = inspector.set_attribute(element, name[1:])
            info = inspector.node(element).attribute(name[1:])
            assert info is not None and info.value.allows(value), (parents, name)
        Document.parse(inspector.document.to_text())


def test_every_value_can_be_changed_to_another_legal_one() -> None:
    changed = 0
    for place in PLACES:
        _tags, attribute = steps(place)
        if not attribute:
            continue
        inspector = inspect(minimal_for(place))
        element = inspector.reach(place)
        info = inspector.node(element).attribute(attribute)
        assert info is not None
        value = another(info.now, element.get(attribute))
        if value is None:
            assert info.now.closed and len(info.now.values) == 1, place
            continue
        inspector.set_attribute(element, attribute, value)
        changed += 1
        if is_legal(inspector.document.root):
            continue
        complaints = [finding.message for finding in findings(SCHEMA, inspector.document.root)]
        assert complaints and all("lacks" in each or "not complete" in each for each in complaints), (place, value, complaints)
    assert changed > 1000


def test_a_new_element_has_what_it_needs() -> None:
    inspector = inspect(MINIMAL)
    inspector.add_element(inspector.add_element(inspector.document.root, "devices"), "interface")
    assert is_legal(inspector.document.root)
    assert "<interface type='" in inspector.document.to_text()


def test_a_new_element_stands_where_the_schema_wants_it() -> None:
    xml = MINIMAL.replace("</domain>", "  <resource>\n    <fibrechannel appid='x'/>\n  </resource>\n</domain>")
    inspector = inspect(xml)
    new = inspector.add_element(find(inspector, "resource"), "partition")
    assert is_legal(inspector.document.root)
    text = f"    <partition>{new.text}</partition>\n"
    assert inspector.document.to_text() == xml.replace("    <fibre", f"{text}    <fibre")
    inspector.remove(new)
    assert inspector.document.to_text() == xml


def test_rows_say_what_is_there_and_what_may_be() -> None:
    inspector = inspect(ODD)
    rows = inspector.rows(find(inspector, "devices/disk"))
    assert row(rows, "type").value == "file"
    assert row(rows, "unheard").known is False
    assert row(rows, "target").present
    assert not row(rows, "target").removable
    assert row(rows, "serial").addable
    assert row(rows, "rawio").reason == "Not with type='file'."
    assert [each.name for each in rows[:2]] == ["type", "device"]
    values = inspector.rows(find(inspector, "os/type"))
    text = next(each for each in values if each.kind == "text")
    assert text.value == "hvm" and text.required and text.allowed is not None and "exe" in text.allowed.values


def test_what_has_to_be_changed_first() -> None:
    inspector = inspect(ODD)
    disk, source = find(inspector, "devices/disk"), find(inspector, "devices/disk/source")
    assert [change.words for change in inspector.ways(source, "@dev")] == ["Set type to “block” in <disk>."]
    changes = inspector.ways(disk, "@rawio")
    assert all(change.element is disk for change in changes)
    assert {(change.attribute, change.value) for change in changes} == {("device", "lun"), ("type", "block")}
    assert inspector.ways(disk, "serial") == []
    assert inspector.document.to_text() == ODD


def test_ways_lead_there() -> None:
    sources = [each for each in PLACES if each.startswith("domain/devices/disk/source/@")]
    assert len(sources) > 15
    for place in sources:
        inspector = inspect(MINIMAL)
        tags, attribute = steps(place)
        element = inspector.document.root
        for tag in tags[1:]:
            element = inspector.add_element(element, tag)
        for change in inspector.ways(element, f"@{attribute}"):
            assert change.value is not None
            inspector.set_attribute(change.element, change.attribute, change.value)
        info = inspector.node(element).attribute(attribute)
        assert info is not None and info.fits, place


def test_another_type_and_what_no_longer_fits() -> None:
    inspector = inspect(ODD)
    disk = find(inspector, "devices/disk")
    kind = row(inspector.rows(disk), "type")
    assert kind.allowed is not None and kind.now is not None
    assert "network" in kind.allowed.values
    assert kind.now.values == ("file",)
    inspector.set_attribute(disk, "type", "network")
    assert row(inspector.rows(find(inspector, "devices/disk/source")), "file").reason == "Not with type='network' in <disk>."
    changes = inspector.misfits(disk)
    assert [change.words for change in changes] == ["Remove file from <source>."]
    for change in changes:
        inspector.apply(change)
    assert inspector.misfits(disk) == []
    assert "<source/>" in inspector.document.to_text()
    assert "<unheard of='it'/>" in inspector.document.to_text()


def test_a_changed_address() -> None:
    device = "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='0' slot='1' function='0'/></source></hostdev>"
    inspector = inspect(MINIMAL.replace("</domain>", f"<devices>{device}</devices></domain>"))
    hostdev = find(inspector, "devices/hostdev")
    inspector.set_attribute(hostdev, "type", "usb")
    for change in inspector.misfits(hostdev):
        inspector.apply(change)
    assert find(inspector, "devices/hostdev/source/address").items() == [("bus", "0")]
    assert inspector.rows(find(inspector, "devices/hostdev/source/address"))[1].name == "device"


def test_namespaces_of_drivers() -> None:
    inspector = inspect(MINIMAL)
    inspector.reach("domain/qemu:commandline/qemu:arg/@value")
    text = inspector.document.to_text()
    assert "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>" in text
    assert "<qemu:arg value='" in text
    assert is_legal(inspector.document.root)


def test_places_that_are_none() -> None:
    inspector = inspect(MINIMAL)
    for place in ("domain/nonsense", "network", "domain/name/@nonsense"):
        with pytest.raises(Invalid):
            inspector.reach(place)
    assert inspector.document.to_text() == MINIMAL


def test_a_fragment_is_inspected_too() -> None:
    inspector = Inspector(Document.parse("<disk type='file'/>"), SCHEMA, ("domain", "devices"))
    inspector.add_element(inspector.document.root, "target")
    assert "<target dev='" in inspector.document.to_text()


def test_adding_and_removing_leaves_nothing() -> None:
    for name in ("memtune", "cpu", "qemu:commandline", "perf"):
        inspector = inspect(ODD)
        inspector.remove(inspector.add_element(inspector.document.root, name))
        assert inspector.document.to_text() == ODD
    inspector = inspect(ODD)
    disk = find(inspector, "devices/disk")
    inspector.set_attribute(disk, "snapshot")
    inspector.remove_attribute(disk, "snapshot")
    assert inspector.document.to_text() == ODD


def test_texts_and_attributes_are_set() -> None:
    inspector = inspect(ODD)
    inspector.set_text(find(inspector, "name"), "b & c")
    inspector.set_attribute(find(inspector, "devices/disk/source"), "file", "/it's")
    expected = ODD.replace("<name>a<", "<name>b &amp; c<").replace("/a&amp;b.img", "/it&apos;s").replace("  device", " device")
    assert inspector.document.to_text() == expected
    for name in ("file", "{urn:other}x", "unknown"):
        with pytest.raises(Invalid):
            inspector.set_attribute(find(inspector, "devices/disk/source"), name, "\x01")
    with pytest.raises(Invalid):
        inspector.set_text(find(inspector, "name"), "\x00")
    with pytest.raises(Invalid):
        inspector.add_element(inspector.document.root, "no name")


def test_samples_are_what_people_would_write() -> None:
    inspector = inspect(MINIMAL)
    uuid = inspector.add_element(inspector.document.root, "uuid").text or ""
    assert uuid.count("-") == 4
    assert inspector.reach("domain/devices/interface/mac/@address").get("address") == "52:54:00:00:00:01"


KEPT = ("<!-- first -->", "<!-- beside -->", "<!-- the disk -->", "foreign='yes'", "<strange a='b'>text</strange>",
        '<x:y xmlns:x="urn:x"><z a="1"/></x:y>', "<unheard of='it'/>")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=6))
def test_edits_keep_all_that_they_do_not_name(choices: list[tuple[int, int]]) -> None:
    inspector = inspect(ODD)
    added: list[Element] = []
    for which, what in choices:
        elements = [each for each in inspector.document.root.iter() if isinstance(each.tag, str) and not str(each.tag).startswith("{urn")]
        element = elements[which % len(elements)]
        rows = [each for each in inspector.rows(element) if not each.present and each.addable]
        if not rows:
            continue
        chosen = rows[what % len(rows)]
        if chosen.kind == "element":
            added.append(inspector.add_element(element, chosen.tag))
        elif chosen.kind == "attribute":
            inspector.set_attribute(element, chosen.tag)
    text = inspector.document.to_text()
    assert all(each in text for each in KEPT)
    unchanged = [line for line in ODD.splitlines() if line.strip() in {"<name>a</name>", "<!-- the disk -->", "<strange a='b'>text</strange>"}]
    assert all(line in text for line in unchanged)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([place for place in PLACES if "/" in place]))
def test_an_edit_adds_lines_and_changes_no_other(place: str) -> None:
    """Reaching a place leaves every line as it was, but for the tags that it opens or sets attributes of."""
    xml = ODD.replace("  device", " device")
    inspector = inspect(xml)
    inspector.reach(place)
    rest = iter(inspector.document.to_text().splitlines())
    opened = {f"<{tag.rpartition('}')[2]}" for tag in steps(place)[0]}
    kept = [line for line in xml.splitlines() if not any(line.strip().startswith(tag) for tag in opened)]
    assert all(any(line == other for other in rest) for line in kept)
