"""Which element of one text is which of another: the ground of merging and of "added, removed, changed"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import partial

from lxml import etree

from app.xmldoc.document import Element

Pairs = list[tuple[Element, Element]]

_KEYS = (
    "alias/@name", "target/@dev", "mac/@address", "uuid", "@index", "@name", "@id", "source/@dir", "target/@dir", "target/@port",
)  # fmt: skip
_LIKE = 0.5
"""Elements that share half of what they say are one that was changed."""


def same(one: Element, other: Element) -> bool:
    """Equal but for blanks and the order of attributes; comments count."""
    return written(one) == written(other) or _equal(one, other)


def _equal(one: Element, other: Element) -> bool:
    """As ``canonical``, but done at the first difference."""
    if one.tag != other.tag or len(one) != len(other) or (one.text or "").strip() != (other.text or "").strip():
        return False
    if one.items() != other.items() and dict(one.items()) != dict(other.items()):
        return False
    return all(_equal(mine, theirs) for mine, theirs in zip(one, other, strict=True))


def written(element: Element) -> bytes:
    """Its text as it stands: what is equal here is the same, and it is the faster question."""
    return etree.tostring(element, with_tail=False)


def canonical(element: Element) -> Hashable:
    """What an element says, to compare."""
    if not isinstance(element.tag, str):
        return (str(element.tag), (element.text or "").strip())
    attributes = frozenset((str(name), str(value)) for name, value in element.attrib.items())
    return (element.tag, attributes, (element.text or "").strip(), tuple(canonical(child) for child in element))


def pair(olds: Sequence[Element], news: Sequence[Element], *, guess: bool = True) -> Pairs:
    """Each element at most once.  Equal ones first, then those with the same key; guess: then singles and those much alike."""
    found: Pairs = []
    left_old, left_new = list(olds), list(news)

    def take(pairs: Pairs) -> None:
        for old, new in pairs:
            left_old.remove(old)
            left_new.remove(new)
        found.extend(pairs)

    if guess and not any(_device(one) for one in (*olds[:1], *news[:1])):
        take(_lone(left_old, left_new))
    if not left_old or not left_new:
        return found
    take(_by(left_old, left_new, written, unique=False))
    take(_by(left_old, left_new, canonical, unique=False))
    for path in _KEYS:
        take(_by(left_old, left_new, partial(_key, path), unique=True))
    if guess:
        take(_by(left_old, left_new, _shape, unique=True))
        take(_singles(olds, news, left_old, left_new))
        take(_alike(left_old, left_new))
    order = {id(element): number for number, element in enumerate(olds)}
    return sorted(found, key=lambda two: order[id(two[0])])


def _lone(olds: list[Element], news: list[Element]) -> Pairs:
    """The only ones of their tag: most settings are."""
    counts = Counter(one.tag for one in olds), Counter(one.tag for one in news)
    of_tag = {new.tag: new for new in news if isinstance(new.tag, str) and counts[1][new.tag] == 1}
    return [(old, of_tag[old.tag]) for old in olds if counts[0][old.tag] == 1 and old.tag in of_tag]


def _by(olds: list[Element], news: list[Element], key: Callable[[Element], Hashable], *, unique: bool) -> Pairs:
    """Pairs of one key.  unique: only where it is one element's on both sides."""
    old_keys, new_keys = [key(old) for old in olds], [key(new) for new in news]
    if unique:
        counts = Counter(old_keys), Counter(new_keys)
        return [
            (old, news[new_keys.index(mine)])
            for old, mine in zip(olds, old_keys, strict=True)
            if mine is not None and counts[0][mine] == counts[1][mine] == 1
        ]
    waiting: dict[Hashable, list[Element]] = {}
    for new, theirs in zip(news, new_keys, strict=True):
        waiting.setdefault(theirs, []).append(new)
    return [(old, waiting[mine].pop(0)) for old, mine in zip(olds, old_keys, strict=True) if waiting.get(mine)]


def key_of(element: Element) -> Hashable | None:
    """What tells it from others of its tag; None if nothing does."""
    return next((key for path in _KEYS if (key := _key(path, element)) is not None), None)


def _key(path: str, element: Element) -> Hashable | None:
    """With the tag, and of a controller with its type: each type counts for itself."""
    if not isinstance(element.tag, str):
        return None
    child, _slash, attribute = path.rpartition("/")
    holder = element.find(child) if child else element
    if attribute.startswith("@"):
        value = holder.get(attribute[1:]) if holder is not None else None
    else:
        value = element.findtext(attribute)
    return (element.tag, element.get("type") if path in ("@index", "target/@port") else None, value) if value else None


_SHAPED = frozenset(
    {
        "graphics", "console", "serial", "parallel", "sound", "video", "input", "redirdev", "smartcard", "rng", "tpm", "watchdog",
        "panic", "audio",
    }
)  # fmt: skip
"""Devices of which there is seldom more than one of a shape, and of which a running machine's text says much more."""


def _shape(element: Element) -> Hashable | None:
    """What kind of device it is, for those that nothing else tells apart."""
    if element.tag not in _SHAPED or not _device(element):
        return None
    target = element.find("target")
    inner = None if target is None else target.get("type")
    return (element.tag, element.get("type"), element.get("bus"), element.get("model"), inner)


def _singles(olds: Sequence[Element], news: Sequence[Element], left_old: list[Element], left_new: list[Element]) -> Pairs:
    """The only one of its tag on either side is the same, whatever it says; not a device that a key tells apart."""
    counts = Counter(one.tag for one in olds), Counter(one.tag for one in news)
    free = {new.tag: new for new in left_new if counts[1][new.tag] == 1}
    lone = [old for old in left_old if isinstance(old.tag, str) and counts[0][old.tag] == 1 and old.tag in free]
    return [(old, free[old.tag]) for old in lone if not _device(old) or None in (key_of(old), key_of(free[old.tag]))]


def _device(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "devices"


def _alike(olds: list[Element], news: list[Element]) -> Pairs:
    """The best fits first, down to ``_LIKE``."""
    scores = [
        (score, -number, old, new)
        for number, old in enumerate(olds)
        for new in news
        if old.tag == new.tag and isinstance(old.tag, str) and (score := likeness(old, new)) >= _LIKE
    ]
    found: Pairs = []
    gone: set[int] = set()
    for _score, _number, old, new in sorted(scores, key=lambda row: row[:2], reverse=True):
        if id(old) not in gone and id(new) not in gone:
            gone |= {id(old), id(new)}
            found.append((old, new))
    return found


def likeness(one: Element, other: Element) -> float:
    """The share of what both say in what either says."""
    left, right = Counter(_facts(one, "")), Counter(_facts(other, ""))
    either = (left | right).total()
    return (left & right).total() / either if either else 1.0


def _facts(element: Element, place: str) -> list[tuple[str, str]]:
    here = f"{place}/{element.tag!s}"
    found = [(f"{here}@{name!s}", str(value)) for name, value in element.attrib.items()]
    if (element.text or "").strip() or not (found or len(element)):
        found.append((here, (element.text or "").strip()))
    for child in element:
        found += _facts(child, here)
    return found
