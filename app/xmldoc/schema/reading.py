"""Reads one element of a document against patterns: what of it fits, what does not, and what is left to add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.residual import Symbol, children_only, is_usable, without
from app.xmldoc.writer import Element

_DEEPEST = 40
"""Elements within elements that are compared to tell alternatives apart."""


@dataclass(frozen=True, slots=True)
class Item:
    """An attribute (``name``), the text ("") or a child of an element."""

    kind: str
    name: str
    value: str = ""
    child: Element | None = None

    @property
    def key(self) -> p.Key:
        """What it is."""
        return (self.kind, self.name)


def items(element: Element) -> Iterator[Item]:
    """Attributes first, as they choose what the rest may be."""
    for name, value in element.attrib.items():
        yield Item("@", str(name), str(value))
    text = text_of(element)
    if text.strip():
        yield Item("#", "", text)
    for child in element:
        if isinstance(child.tag, str):
            yield Item("<", child.tag, child=child)


def text_of(element: Element) -> str:
    """All text right in ``element``."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


@dataclass(slots=True)
class Fault:
    """item: what is wrong; unknown: never heard of here; bad_value: not that value; else not together with the rest."""

    item: Item
    unknown: bool = False
    bad_value: bool = False


@dataclass
class Reading:
    """left: what may still be added.  chosen: for each child what it may be.  faults: what does not fit, in order."""

    whole: p.Pattern
    left: p.Pattern
    chosen: dict[Element, tuple[p.Element, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    order_fault: Element | None = None

    @cached_property
    def incomplete(self) -> bool:
        """Whether something is missing."""
        return not self.left.nullable


class Reader:
    """Keeps what it found out about the elements of one document, which must not change meanwhile."""

    def __init__(self) -> None:
        self._readings: dict[tuple[Element, p.Pattern], Reading] = {}
        self._scores: dict[tuple[Element, p.Element], int] = {}
        self._items: dict[Element, tuple[Item, ...]] = {}

    def items(self, element: Element) -> tuple[Item, ...]:
        """What ``items`` gives."""
        found = self._items.get(element)
        if found is None:
            found = self._items[element] = tuple(items(element))
        return found

    def read(self, element: Element, content: p.Pattern, depth: int = 0) -> Reading:
        """``element``'s inside as an instance of ``content``."""
        key = (element, content)
        if key not in self._readings:
            self._readings[key] = self._read(content, self.items(element), depth)
        return self._readings[key]

    def read_without(self, element: Element, content: p.Pattern, item: p.Key, child: Element | None = None) -> Reading:
        """The same as if one of its attributes, its text or one child were not there."""
        rest = (each for each in self.items(element) if not (each.key == item and each.child is child))
        return self._read(content, rest, 0)

    def read_items(self, content: p.Pattern, present: Iterable[Item]) -> Reading:
        """Attributes, text and children that need not be in one element."""
        return self._read(content, present, 0)

    def _read(self, content: p.Pattern, present: Iterable[Item], depth: int) -> Reading:
        reading = Reading(content, content)
        children: list[Item] = []
        for item in present:
            if item.child is not None:
                children.append(item)
            else:
                self._take(reading, item)
        for item in children:
            self._take_child(reading, item, depth)
        self._check_order(reading, children)
        return reading

    def _take(self, reading: Reading, item: Item) -> None:
        known = reading.whole.named(item.kind, item.name)
        fitting = frozenset(leaf for leaf in known if _value_fits(leaf, item.value))
        left = without(reading.left, fitting) if fitting else p.NOT_ALLOWED
        if left is not p.NOT_ALLOWED:
            reading.left = left
            return
        anyway = without(reading.left, frozenset(known)) if known else p.NOT_ALLOWED
        reading.faults.append(Fault(item, unknown=not known, bad_value=anyway is not p.NOT_ALLOWED))
        if anyway is not p.NOT_ALLOWED:
            reading.left = anyway

    def _take_child(self, reading: Reading, item: Item, depth: int) -> None:
        child = item.child
        known = elements(reading.whole, item.name)
        here = tuple(leaf for leaf in known if leaf in reading.left.leaves)
        if child is None or not here:
            reading.faults.append(Fault(item, unknown=not known))
            if child is not None:
                reading.chosen[child] = known
            return
        best = self.best(child, here, depth)
        left = without(reading.left, frozenset(best))
        if left is p.NOT_ALLOWED:
            reading.faults.append(Fault(item))
        else:
            reading.left = left
        reading.chosen[child] = best

    def best(self, element: Element, candidates: tuple[p.Element, ...], depth: int = 0) -> tuple[p.Element, ...]:
        """Those of ``candidates`` that ``element`` contradicts least."""
        if len(candidates) < 2 or depth > _DEEPEST:
            return candidates
        scores = [self.score(element, candidate, depth) for candidate in candidates]
        return tuple(each for each, score in zip(candidates, scores, strict=True) if score == min(scores))

    def score(self, element: Element, candidate: p.Element, depth: int = 0) -> int:
        """How many things in ``element`` contradict ``candidate``."""
        key = (element, candidate)
        if key not in self._scores:
            self._scores[key] = 0  # an element within itself adds nothing
            reading = self.read(element, candidate.content, depth + 1)
            inner = (self._least(child, chosen, depth + 1) for child, chosen in reading.chosen.items())
            self._scores[key] = len(reading.faults) + sum(inner)
        return self._scores[key]

    def _least(self, element: Element, candidates: tuple[p.Element, ...], depth: int) -> int:
        return min((self.score(element, each, depth) for each in candidates), default=0)

    def _check_order(self, reading: Reading, children: list[Item]) -> None:
        """Finds the first child that stands too late."""
        left = ordered_children(reading.whole) if len(children) > 1 else None
        if left is None:
            return
        bad = {fault.item.child for fault in reading.faults}
        for item in children:
            if item.child is None or item.child in bad:
                continue
            left = without(left, frozenset(reading.chosen.get(item.child, ())), "behind")
            if left is p.NOT_ALLOWED:
                reading.order_fault = item.child
                return


@lru_cache(maxsize=4096)
def ordered_children(pattern: p.Pattern) -> p.Pattern | None:
    """The children of ``pattern`` alone; None if they may come in any order."""
    left = children_only(pattern)
    return left if has_order(left) else None


def has_order(pattern: p.Pattern) -> bool:
    """Whether some children have to come in an order."""
    if isinstance(pattern, p.Choice | p.Sequence | p.Many):
        return type(pattern) is p.Sequence or any(has_order(item) for item in pattern.items)
    return False


@lru_cache(maxsize=16384)
def elements(content: p.Pattern, tag: str) -> tuple[p.Element, ...]:
    """The elements of this name in ``content`` that can be at all."""
    return tuple(leaf for leaf in content.named("<", tag) if isinstance(leaf, p.Element) and is_usable(leaf))


def symbol(content: p.Pattern, key: p.Key) -> Symbol:
    """All leaves of ``content`` that are ``key``."""
    return frozenset(content.named(*key))


def _value_fits(leaf: p.Leaf, value: str) -> bool:
    return leaf.fits(value) if isinstance(leaf, p.Attribute) else p.leaf_fits(leaf, value)
