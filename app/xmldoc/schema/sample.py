"""Legal values for what the schema describes: the first of a new attribute, and another one for tests."""

from __future__ import annotations

from collections.abc import Iterator

from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.datatypes import DataType
from app.xmldoc.schema.expressions import examples
from app.xmldoc.schema.values import ValueInfo, value_info

_USUAL: dict[str, tuple[str, ...]] = {
    "absFilePath": ("/var/lib/libvirt/images/example.img", "/var/lib/libvirt/images/another.img"),
    "absDirPath": ("/var/lib/libvirt/example", "/var/lib/libvirt/another"),
    "filePath": ("/var/lib/libvirt/images/example.img", "/var/lib/libvirt/images/another.img"),
    "UUID": ("6695eb01-f6a4-8304-79aa-97f2502e193f", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"),
    "genericName": ("example", "another"),
    "uniMacAddr": ("52:54:00:00:00:01", "52:54:00:00:00:02"),
    "cpuset": ("0", "0-1"),
    "diskTargetDev": ("vda", "vdb"),
}
"""What people would write, by the definition in libvirt's files; taken only where the type allows it."""
_PLAIN = (
    "example", "another", "1", "2", "4", "0x1", "0x2", "/dev/example", "/dev/another", "example.org", "other.example.org",
    "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "52:54:00:00:00:01", "52:54:00:00:00:02", "vda", "vdb",
    "2026-01-31T12:00:00", "2026-02-01T12:00:00", "1.5", "2.5", "KiB", "MiB", "http://example.org", "http://other.example.org",
)  # fmt: skip
_SEEDS = 40


def first(value: ValueInfo) -> str | None:
    """The first legal value; None if none was found."""
    return next(candidates(value), None)


def another(value: ValueInfo, current: str | None) -> str | None:
    """A legal value that means something else than ``current``; None if there is none or none was found."""
    now = _meaning(current or "") if current is not None else None
    return next((each for each in candidates(value) if _meaning(each) != now), None)


def candidates(value: ValueInfo) -> Iterator[str]:
    """Legal values: the listed ones, then what people would write, then whatever fits."""
    seen: set[str] = set()
    for text in _proposals(value):
        if text not in seen and value.allows(text):
            seen.add(text)
            yield text


def of_content(content: p.Pattern) -> str:
    """A legal value for the inside of an attribute; "" if none was found."""
    return first(value_info((content,))) or ""


def _proposals(value: ValueInfo) -> Iterator[str]:
    yield from value.values
    for type_ in value.types:
        yield from _USUAL.get(type_.define, ())
    for leaf in value.leaves:
        yield from of_leaf(leaf)


def of_leaf(leaf: p.Leaf) -> Iterator[str]:
    """Legal values of one pattern of texts."""
    if isinstance(leaf, p.Value):
        yield leaf.text
    elif isinstance(leaf, p.Text):
        yield from _PLAIN[:2]
    elif isinstance(leaf, p.Data):
        yield from (text for text in _of_type(leaf.type) if leaf.fits(text))
    elif isinstance(leaf, p.Words):
        yield from _lists(leaf)


def _of_type(type_: DataType) -> Iterator[str]:
    yield from _USUAL.get(type_.define, ())
    if type_.is_number:
        low, high = type_.limits
        start = low if low is not None else min(1, high if high is not None else 1)
        yield from (str(number) for number in (start, start + 1, start + 2) if high is None or number <= high)
        if high is not None:
            yield str(high)
    yield from _PLAIN
    for pattern in type_.patterns:
        yield from examples(pattern, _SEEDS)


def _lists(leaf: p.Words) -> Iterator[str]:
    """One or two words."""
    inner = [leaf_ for leaf_ in leaf.content.order if isinstance(leaf_, p.Leaf)]
    words = [text for each in inner for text in list(of_leaf(each))[:3]]
    for text in (*words, *(f"{one} {two}" for one in words for two in words)):
        if leaf.fits(text):
            yield text


def _meaning(text: str) -> str:
    """Numbers are the same with zeros in front of them."""
    word = " ".join(text.split())
    return word.lstrip("+0") or "0" if word.isdigit() else word
