"""Finding a setting by what it is called: in the form, in libvirt's XML, or in its help; also what is not there yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.devices.catalogue import ALL, TYPES
from app.devices.checks import shown
from app.devices.description import Description, DeviceType, Field, Group, Section, Table, items
from app.devices.lookup import devices
from app.devices.offers import Offers
from app.devices.values import read
from app.i18n import _
from app.xmldoc import paths
from app.xmldoc.document import Document, Element

MOST = 200
_WHOLE, _START, _WORD, _INSIDE = 8, 4, 3, 1
"""How well one word fits a text: it is the text, begins it, begins a word of it, stands somewhere in it."""
_WEIGHTS = (10, 9, 5, 3, 1)
"""Of label, XML name, title, words, help."""
_PHRASE = 30
"""The words stand in the label as they were typed; twice that if they are the label."""
_SET, _THERE = 4, 6
"""What has a value, and what is there, comes before what could be."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One setting of one device or group.

    description: its id.  element: the device, <domain> for a group, None for a device that could be added.
    item: the field or table; None: the page itself.  column: of a table, what fits best.
    title: in words, translated: "Disk vda: Cache".  set: it has a value now.
    """

    description: str
    element: Element | None
    item: Field | Table | None
    title: str
    place: str
    set: bool = False
    column: Field | None = None


@dataclass(frozen=True, slots=True)
class _Texts:
    """What one item is found by, folded, in the order of ``_WEIGHTS``."""

    label: str
    names: tuple[str, ...]
    section: str
    words: str
    help: str


_made: dict[tuple[int, int, str], _Texts] = {}


def search(text: str, document: Document, offers: Offers) -> list[Hit]:
    """Settings in which every word of ``text`` occurs, the best first; none for an empty text.

    By label, help, further words, title, and the names of elements and attributes; without regard to case and accents.
    A setting of a device is there once for each such device; a device of a kind that the machine lacks, once for its kind.
    """
    words = fold(text).split()
    if not words:
        return []
    found = [(score, hit) for score, hit in _hits(words, document, offers) if score]
    found.sort(key=lambda pair: -pair[0])  # equal ones stay in the order of the pages
    return [hit for _score, hit in found[:MOST]]


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Without case and accents: "Größe" is found by "grosse"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _hits(words: list[str], document: Document, offers: Offers) -> Iterator[tuple[int, Hit]]:
    there = [(kind, element) for element in devices(document) if (kind := _kind(element)) is not None]
    known = {kind.id for kind, _element in there}
    for description in ALL:
        if not offers.is_of(description.drivers):
            continue
        if isinstance(description, Group):
            yield from _page(words, description, document.root, document)
        elif isinstance(description, DeviceType):
            for element in (element for kind, element in there if kind is description):
                yield from _page(words, description, element, document)
            if description.id not in known and description.variants:
                yield from _page(words, description, None, document)


def _kind(element: Element) -> DeviceType | None:
    return next((kind for kind in TYPES if kind.fits(element)), None)


def _page(words: list[str], description: Description, element: Element | None, document: Document) -> Iterator[tuple[int, Hit]]:
    """The page itself and its items.  The page's own name counts for each item, so that "vda cache" finds that disk's."""
    name = _name(description, element, document)
    place = f"devices/{description.tag}" if isinstance(description, DeviceType) else ""
    bonus = _THERE if element is not None else 0
    own = _score(words, _Texts(fold(name), tuple(place.split("/")[-1:]), "", fold(description.id), fold(_(description.help))), "")
    if own:
        yield own + 2 * bonus, Hit(description.id, element, None, name, place)
    for section in description.sections:
        for item in section.items:
            if element is not None and not shown(item.when, document, element):
                continue
            best, column = _best(words, section, item, fold(name))
            if best:
                has = element is not None and _is_set(item, document, element)
                title = _("{page}: {setting}").format(page=name, setting=_(item.label))
                yield best + bonus + _SET * has, Hit(description.id, element, item, title, _joined(place, item.path), has, column)


def _name(description: Description, element: Element | None, document: Document) -> str:
    if element is not None and isinstance(description, DeviceType) and description.title is not None:
        return description.title(document, element)
    return _(description.name)


def _best(words: list[str], section: Section, item: Field | Table, page: str) -> tuple[int, Field | None]:
    """How well an item fits, by itself or by one of its columns."""
    own = _score(words, _texts(section, item), page)
    if isinstance(item, Field):
        return own, None
    columns = [(_score(words, _texts(section, column, item), page), column) for column in item.columns]
    score, column = max(columns, key=lambda pair: pair[0], default=(0, None))
    return (score, column) if score > own else (own, None)


def _texts(section: Section, item: Field | Table, table: Table | None = None) -> _Texts:
    """Made once for each item and language; descriptions live as long as the program."""
    key = (id(item), id(table), _(item.label))
    if key not in _made:
        _made[key] = _make(section, item, table)
    return _made[key]


def _make(section: Section, item: Field | Table, table: Table | None) -> _Texts:
    label = fold(_(item.label)) if table is None else f"{fold(_(table.label))} {fold(_(item.label))}"
    names = _names(item.path if table is None else f"{table.path}/{item.path}")
    choices = " ".join(f"{one.value} {_(one.words)}" for one in item.choices) if isinstance(item, Field) else ""
    return _Texts(label, names, fold(_(section.title)), fold(f"{item.words} {choices}"), fold(_(item.help)))


@lru_cache(maxsize=8192)
def _names(path: str) -> tuple[str, ...]:
    """Every element and attribute of a path, the last first: ("cache", "driver"); and the path whole."""
    parsed = paths.parse(path.rstrip("/"))
    asked = [one.value for step in parsed.steps for one in step.predicates if one.value]
    found = (parsed.attribute, *(step.name for step in reversed(parsed.steps)), *asked, path, path.replace("@", ""))
    return tuple(fold(name) for name in found if name)


def _score(words: list[str], texts: _Texts, page: str) -> int:
    """0 if a word is nowhere, or if all are in the page's name alone; higher is better."""
    total, own = 0, False
    for word in words:
        fits = [
            _fit(word, texts.label) * _WEIGHTS[0],
            max((_fit(word, name) for name in texts.names), default=0) * _WEIGHTS[1],
            _fit(word, texts.section) * _WEIGHTS[2],
            _fit(word, texts.words) * _WEIGHTS[3],
            _fit(word, texts.help) * _WEIGHTS[4],
        ]
        best = max(fits)
        own = own or best > 0
        if not best and not _fit(word, page):
            return 0
        total += best + _fit(word, page)
    phrase = " ".join(words)
    together = _PHRASE * (phrase in texts.label) * (2 if phrase == texts.label else 1)
    return total + together if own else 0


def _fit(word: str, text: str) -> int:
    if word not in text:
        return 0
    if word == text:
        return _WHOLE
    if text.startswith(word):
        return _START
    return _WORD if any(part.startswith(word) for part in text.replace("/", " ").replace("-", " ").split()) else _INSIDE


def _is_set(item: Field | Table, document: Document, element: Element) -> bool:
    if isinstance(item, Table):
        return bool(document.find_all(item.path, element))
    return read(document, item, element) is not None


def _joined(place: str, path: str) -> str:
    return f"{place}/{path}" if place and path else place or path


def settings() -> int:
    """How many settings can be found: fields, and columns of tables."""
    return sum(1 if isinstance(item, Field) else len(item.columns) for one in ALL for item in items(one))
