"""Values: what libxml2 takes is taken here, and samples are legal."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.datatypes import DataType, expression
from app.xmldoc.schema.expressions import examples
from app.xmldoc.schema.places import walk
from app.xmldoc.schema.sample import another, candidates, first
from app.xmldoc.schema.values import value_info
from tests.unit.xmldoc.schema.machines import SCHEMA

CONTENTS = list({place.patterns[0].content: place.path for place in walk(SCHEMA) if place.kind == "attribute"}.items())
TYPES = sorted({leaf.type for content, _path in CONTENTS for leaf in content.order if isinstance(leaf, p.Data)}, key=repr)


@lru_cache(maxsize=200)
def libxml2(type_: DataType) -> etree.RelaxNG:
    """A schema of one element that holds this type."""
    ns = "http://relaxng.org/ns/structure/1.0"
    root = etree.Element(f"{{{ns}}}element", name="x", datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes")
    data = etree.SubElement(root, f"{{{ns}}}data", type=type_.name)
    for name, value in type_.params:
        etree.SubElement(data, f"{{{ns}}}param", name=name).text = value
    return etree.RelaxNG(root)


def element(text: str) -> etree._Element:
    """An element with this text."""
    made = etree.Element("x")
    made.text = text
    return made


def test_every_value_has_samples() -> None:
    for content, path in CONTENTS:
        info = value_info((content,))
        value = first(info)
        assert value is not None and info.allows(value), path
        other = another(info, value)
        if info.closed and len(info.values) == 1:
            assert other is None
        else:
            assert other is not None and info.allows(other) and other != value, path


def test_samples_are_legal_for_libxml2() -> None:
    assert len(TYPES) > 30
    for type_ in TYPES:
        schema = libxml2(type_)
        for text in list(candidates(value_info((p.Data(type_),))))[:12]:
            assert schema.validate(element(text)), (type_, text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TYPES), st.one_of(st.text(alphabet="0123456789abcdefx-+:./ ,_AZ\n", max_size=20), st.integers().map(str), st.integers().map(" {} ".format)))
def test_types_agree_with_libxml2(type_: DataType, text: str) -> None:
    """But for counted groups, of which libxml2 2.9 takes more than it should ("0000" for ([0-9]{1,3}x){0,3}[0-9]{1,3})."""
    legal = bool(libxml2(type_).validate(element(text)))
    lax = any("){0," in pattern for pattern in type_.patterns)
    if text.strip() and not text.startswith("+"):
        assert type_.allows(text) == legal or (legal and lax), (type_, text)


@pytest.mark.parametrize(
    ("type_", "legal", "illegal"),
    [
        (DataType("unsignedInt", "", (("minInclusive", "100"), ("maxInclusive", "1000"))), ["100", " 500 "], ["99", "1001", "x", ""]),
        (DataType("int"), ["-5", "0"], ["1.5", "2147483648"]),
        (DataType("string", "", (("pattern", "a$|^b"),)), ["a$", "^b"], ["a", "b"]),
        (DataType("string", "", (("pattern", "[^/]+"), ("maxLength", "3"))), ["abc"], ["abcd", "a/b"]),
        (DataType("dateTime"), ["2026-01-31T12:00:00Z"], ["2026-01-31"]),
        (DataType("double"), ["1.5", "-2e3"], ["x"]),
        (DataType("unsignedLong"), ["18446744073709551615"], ["18446744073709551616", "9" * 5000]),
    ],
)
def test_types(type_: DataType, legal: list[str], illegal: list[str]) -> None:
    assert all(type_.allows(text) for text in legal)
    assert not any(type_.allows(text) for text in illegal)
    assert type_.words()


def test_words_of_several_tokens() -> None:
    number = p.Data(DataType("unsignedByte"))
    words = p.Words(p.sequence((number, p.optional(p.many(p.Value("and", token=True))))))
    assert words.fits("5") and words.fits(" 5  and and ")
    assert not words.fits("and 5") and not words.fits("") and not words.fits("5 5")
    assert first(value_info((words,))) == "0"


@pytest.mark.parametrize("pattern", ["[a-c]{2}|x+", r"(\d\.){3}", "[^a]?b*", r"[+\-]{1,3}", ".+", "()", "a{2,}", r"[\]\[]"])
def test_examples_match(pattern: str) -> None:
    made = list(examples(pattern, 20))
    assert made
    assert all(expression(pattern).fullmatch(text) for text in made)


@example("[]--")
@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab[]()|*+?{}1,\\-^.$", max_size=12))
def test_no_expression_is_too_strange(pattern: str) -> None:
    list(examples(pattern, 5))
    expression(pattern)
