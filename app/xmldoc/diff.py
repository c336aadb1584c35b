"""What differs between two documents, element by element, for people to read before a change is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import _
from app.xmldoc.document import Document, Element

_KEYS = ("target/@dev", "mac/@address", "@name", "@id", "@index", "@type")
"""What tells elements of one name apart, the strongest first; without any their order does."""


@dataclass(frozen=True, slots=True)
class Difference:
    """place: "devices/disk[vda]/source/@file".  before, after: None where there was, or is, nothing."""

    place: str
    before: str | None
    after: str | None

    def words(self) -> str:
        """One line: "devices/disk[sda]/source/@file: /a.iso → /b.iso"."""
        if self.before is None:
            return _("{place}: added ({after})").format(place=self.place, after=self.after or "∅")
        if self.after is None:
            return _("{place}: removed ({before})").format(place=self.place, before=self.before or "∅")
        return _("{place}: {before} → {after}").format(place=self.place, before=self.before or "∅", after=self.after or "∅")


def differences(before: Document, after: Document) -> list[Difference]:
    """In the order of the documents; blanks and comments do not count, and neither does the order of attributes."""
    return list(_elements(before.root, after.root, ""))


def lost(given: Document, taken: Document) -> list[str]:
    """Elements and attributes of ``given`` of which ``taken`` has none at that place: what libvirt dropped at a define.

    What was only moved, or written in another way, does not count.
    """
    there = set(_places(taken.root, ""))
    return [place for place in dict.fromkeys(_places(given.root, "")) if place not in there and place.rpartition("/")[0] in there]


def _places(element: Element, place: str) -> Iterator[str]:
    yield place
    yield from (_join(place, f"@{name!s}") for name in element.attrib)
    for child in element:
        if isinstance(child.tag, str):
            yield from _places(child, _join(place, _local(child)))


def _elements(old: Element, new: Element, place: str) -> Iterator[Difference]:
    for name in dict.fromkeys([*map(str, old.attrib), *map(str, new.attrib)]):
        if old.get(name) != new.get(name):
            yield Difference(_join(place, f"@{name}"), _text(old.get(name)), _text(new.get(name)))
    texts = (old.text or "").strip(), (new.text or "").strip()
    if texts[0] != texts[1]:
        yield Difference(place, *texts)
    olds, news = _named(old), _named(new)
    for label in dict.fromkeys([*olds, *news]):
        yield from _pair(olds.get(label), news.get(label), _join(place, label))


def _pair(old: Element | None, new: Element | None, place: str) -> Iterator[Difference]:
    if old is not None and new is not None:
        yield from _elements(old, new, place)
    elif new is not None:
        yield Difference(place, None, _summary(new))
    elif old is not None:
        yield Difference(place, _summary(old), None)


def _named(parent: Element) -> dict[str, Element]:
    """The children under labels that mean the same child in both documents."""
    children = [child for child in parent if isinstance(child.tag, str)]
    counts = Counter(child.tag for child in children)
    found: dict[str, Element] = {}
    for child in children:
        key = _key(child) if counts[child.tag] > 1 else ""
        label = f"{_local(child)}[{key}]" if key else _local(child)
        number, unique = 2, label
        while unique in found:
            unique, number = f"{label}#{number}", number + 1
        found[unique] = child
    return found


def _key(element: Element) -> str:
    for path in _KEYS:
        child, _slash, attribute = path.rpartition("/")
        holder = element.find(child) if child else element
        value = holder.get(attribute[1:]) if holder is not None else None
        if value:
            return str(value)
    return ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _summary(element: Element) -> str:
    parts = [*(f"{name!s}={value!s}" for name, value in element.attrib.items()), (element.text or "").strip()]
    return ", ".join(str(part) for part in parts if part)


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _text(value: object) -> str | None:
    return None if value is None else str(value)
