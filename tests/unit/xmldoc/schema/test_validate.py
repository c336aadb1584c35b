"""Problems name the thing that is wrong; legal documents have none."""

from __future__ import annotations

import copy
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.errors import Invalid
from app.xmldoc import Document
from app.xmldoc.schema import Schema
from app.xmldoc.schema.faults import findings
from app.xmldoc.schema.validate import Validator
from app.xmldoc.writer import Element
from tests.unit.xmldoc.schema.machines import MINIMAL, ODD, SCHEMA, big, is_legal, reached

VALIDATOR = Validator(SCHEMA)
FRAME = MINIMAL.replace("</domain>", "  <devices>\n    {device}\n  </devices>\n</domain>")


def told(device: str) -> list[tuple[str, int | None, str]]:
    """Place below the devices, column, message."""
    problems = VALIDATOR.problems(FRAME.format(device=device))
    assert all(problem.line == 8 and problem.raw for problem in problems)
    return [(problem.place.removeprefix("domain/devices/"), problem.column, problem.message) for problem in problems]


def test_a_legal_document_has_none() -> None:
    assert VALIDATOR.problems(MINIMAL) == []
    assert VALIDATOR.problems(big(20)) == []


@pytest.mark.parametrize(
    ("device", "place", "column", "message"),
    [
        ("<foo/>", "foo", 5, "<foo> is not allowed in <devices>. Possible: emulator, disk,"),
        ("<disk type='file'/>", "disk", 5, "<disk> lacks <target>."),
        ("<disk type='file'><target/></disk>", "disk/target", 23, "<target> lacks dev."),
        ("<disk type='x'><target dev='vda'/></disk>", "disk/@type", 11, "“x” is not possible for “type” in <disk>. It can be one of: file,"),
        (
            "<disk type='block'><source file='/a'/><target dev='vda'/></disk>",
            "disk/source/@file", 32, "“file” is not possible here in <source>. Not with type='block' in <disk>.",
        ),
        ("<disk><target dev='vda' bux='1'/></disk>", "disk/target/@bux", 29, "<target> has no attribute “bux”. Possible: bus, dev, tray"),
        ("<disk><target dev='vda'/><target dev='vdb'/></disk>", "disk/target", 30, "<target> is there more than once in <disk>."),
        ("<interface type='user'>text</interface>", "interface", 5, "There can be no text (“text”) in <interface>."),
        ("<controller type='usb' index='a'/>", "controller/@index", 28, "“a” is not possible for “index” in <controller>. It can be a whole"),
        ("<emulator>qemu</emulator>", "emulator", 5, "“qemu” is not possible in <emulator>. It can be an absolute path"),
    ],
)  # fmt: skip
def test_one_problem(device: str, place: str, column: int, message: str) -> None:
    ((where, at, words),) = told(device)
    assert (where, at) == (place, column)
    assert words.startswith(message)


def test_each_problem_is_told() -> None:
    assert len(told("<disk><target dev='vda' bus='x' a='1'/></disk><foo/><interface/>")) == 4


def test_an_order() -> None:
    xml = MINIMAL.replace("</domain>", "<resource><fibrechannel appid='x'/><partition>/a</partition></resource></domain>")
    (problem,) = VALIDATOR.problems(xml)
    assert problem.message == "<partition> has to stand earlier in <resource>."
    assert problem.place == "domain/resource/partition"


def test_blanks_around_a_number() -> None:
    (problem,) = VALIDATOR.problems(MINIMAL.replace(">1<", ">\n 1\n<"))
    assert problem.message == "There can be no blanks around “1” in <memory>."


def test_names_are_spelled_as_in_the_document() -> None:
    (problem,) = VALIDATOR.problems(MINIMAL.replace("<os>", "<x:os xmlns:x='urn:x'/><os>"))
    assert problem.message.startswith("<x:os> is not allowed in <domain>.")


def test_what_was_probably_meant_comes_first() -> None:
    assert told("<contoller/>")[0][2].startswith("<contoller> is not allowed in <devices>. Possible: controller, ")


def test_the_root() -> None:
    (problem,) = VALIDATOR.problems("<network/>")
    assert problem.message == "The document must be domain, not <network>."


def test_unknown_things_of_others_do_not_hide_problems() -> None:
    places_told = [problem.place for problem in VALIDATOR.problems(ODD)]
    assert places_told == ["domain/@foreign", "domain/strange", "domain/devices/disk/unheard"]


@pytest.mark.parametrize(
    ("xml", "line"),
    [("<a", 1), ("", 1), ("<a>\n<b>\n</a>", 3), ("<a>\n &nothing; </a>", 2), ("<!DOCTYPE a><a/>", 1), ("text", 1), ("<a b=1/>", 1)],
)
def test_no_xml(xml: str, line: int) -> None:
    (problem,) = VALIDATOR.problems(xml)
    assert problem.line == line
    assert problem.message


def test_a_fragment() -> None:
    fragments = Validator(SCHEMA, ("domain", "devices"))
    assert fragments.problems("<disk type='file'><target dev='vda'/></disk>") == []
    (problem,) = fragments.problems("<disk type='file'><target/></disk>")
    assert problem.message == "<target> lacks dev."


def test_a_schema_that_libxml2_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "odd.rng"
    file.write_text(
        "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><element name='a'><ref name='b'/></element></start>"
        "<define name='b'><choice><empty/><ref name='nothing'/></choice></define></grammar>"
    )
    validator = Validator(Schema(file))
    assert validator.problems("<a/>") == []
    (problem,) = validator.problems("<a><c/></a>")
    assert (problem.message, problem.raw) == ("<c> is not allowed in <a>.", "")


def test_tags_of_several_lines_are_found() -> None:
    xml = FRAME.format(device="<disk\n   type='file'\n   nonsense='1'>\n<target dev='vda'/></disk>")
    (problem,) = VALIDATOR.problems(xml)
    assert (problem.line, problem.column) == (10, 4)


def test_agrees_with_libxml2() -> None:
    """On documents with every place of the schema, and on broken ones: never a false alarm, never nothing to say."""
    chance = random.Random(7)
    roots = [etree.fromstring(xml) for xml in reached().values()]
    broken = 0
    for root in roots:
        changed = copy.deepcopy(root)
        _break(changed, chance, roots)
        changed = etree.fromstring(etree.tostring(changed))
        legal = is_legal(changed)
        broken += not legal
        found = [finding.message for finding in findings(SCHEMA, changed)]
        assert legal is not bool(found), f"{found}: {etree.tostring(changed).decode()}"
    assert broken > len(roots) / 2


def test_agrees_on_machines_of_all_shapes() -> None:
    chance = random.Random(11)
    files = sorted((Path(__file__).parents[3] / "data" / "domains").rglob("*.xml"))
    roots = [root for root in map(_root, files) if root is not None and len(root)]
    assert len(roots) > 80
    legal = 0
    for root in roots:
        legal += is_legal(root)
        changed = copy.deepcopy(root)
        _break(changed, chance, roots)
        for each in (root, etree.fromstring(etree.tostring(changed))):
            found = [finding.message for finding in findings(SCHEMA, each)]
            assert is_legal(each) is not bool(found), f"{found}: {etree.tostring(each).decode()}"
    assert legal > 60


def _root(file: Path) -> Element | None:
    try:
        return Document.parse(file.read_bytes()).root
    except Invalid:
        return None


def _break(root: Element, chance: random.Random, others: list[Element]) -> None:
    elements = list(root.iter())
    element = chance.choice(elements[1:])
    names = list(element.attrib)
    how = chance.randrange(6)
    parent = element.getparent()
    if how == 0 and parent is not None:
        parent.remove(element)
    elif how == 1 and names:
        del element.attrib[chance.choice(names)]
    elif how == 2:
        element.set("unknown", "x")
    elif how == 3 and names:
        element.set(chance.choice(names), chance.choice(["%%", "1", "yes", "file", "network", "0x12", ""]))
    elif how == 4:
        element.text = "foo"
    else:
        element.append(copy.deepcopy(chance.choice(list(chance.choice(others).iter()))))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="<>/=\"'! ab?-[]&;\n", max_size=60)))
def test_no_text_is_too_strange(text: str) -> None:
    VALIDATOR.problems(text)
    VALIDATOR.problems(FRAME.replace("{device}", text))
