"""What is left of a pattern when some of it is there already.

A document that is being edited is incomplete, so nothing that is missing excludes anything here: a
pattern is left with what could still be added to what is there.  These are derivatives as in Clark's
algorithm, of the language of all parts of legal contents.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from app.xmldoc.schema import pattern as p

Symbol = frozenset[p.Leaf]
"""The leaves that one attribute, text or child may be."""
_MOST = 15_000
"""Answers that are kept; some 2 KB each."""
_MOST_CHOICES = 64
"""Alternatives that are kept apart; what has more is not narrowed by further things."""
Order = Literal["any", "behind", "next"]
"""any: what may be added anywhere.  behind: only what may come after it.  next: likewise, and nothing before it is missing."""
_known: dict[tuple[p.Pattern, Symbol, Order], p.Pattern] = {}


def without(pattern: p.Pattern, symbol: Symbol, order: Order = "any") -> p.Pattern:
    """What may come beside one of ``symbol``; NOT_ALLOWED if it does not fit."""
    if pattern.leaves.isdisjoint(symbol):
        return p.NOT_ALLOWED
    if isinstance(pattern, p.Leaf):
        return pattern if isinstance(pattern, p.Text) else p.EMPTY
    key = (pattern, symbol, order)
    found = _known.get(key)
    if found is None:
        if len(_known) > _MOST:
            _known.clear()
        found = _known[key] = _without(pattern, symbol, order)
    return found


def _without(pattern: p.Pattern, symbol: Symbol, order: Order) -> p.Pattern:
    if isinstance(pattern, p.Choice):
        return p.choice(without(item, symbol, order) for item in pattern.items)
    if isinstance(pattern, p.Many):
        again = p.optional(pattern)
        return p.sequence((without(pattern.item, symbol, order), again), mingled=order == "any")
    if isinstance(pattern, p.Sequence):
        found = p.choice(_parts(pattern, symbol, order))
        return pattern if isinstance(found, p.Choice) and len(found.items) > _MOST_CHOICES else found
    return p.NOT_ALLOWED


def _parts(pattern: p.Sequence, symbol: Symbol, order: Order) -> Iterable[p.Pattern]:
    """One alternative for each part that may be meant."""
    in_order = order != "any" and not isinstance(pattern, p.Mingled)
    for place, item in enumerate(pattern.items):
        if not item.leaves.isdisjoint(symbol):
            left = without(item, symbol, order)
            before = () if in_order else pattern.items[:place]
            yield p.sequence((*before, left, *pattern.items[place + 1 :]), mingled=isinstance(pattern, p.Mingled))
        if in_order and order == "next" and not item.nullable:
            return


def children_only(pattern: p.Pattern) -> p.Pattern:
    """``pattern`` without its attributes and texts, for questions of order."""
    if isinstance(pattern, p.Element):
        return pattern
    if isinstance(pattern, p.Leaf):
        return p.EMPTY
    if isinstance(pattern, p.Choice):
        return p.choice(children_only(item) for item in pattern.items)
    if isinstance(pattern, p.Many):
        return p.many(children_only(pattern.item))
    if isinstance(pattern, p.Sequence):
        return p.sequence((children_only(item) for item in pattern.items), mingled=isinstance(pattern, p.Mingled))
    return pattern


def completion(pattern: p.Pattern, must: frozenset[p.Leaf] = frozenset()) -> list[p.Leaf]:
    """The fewest leaves, in the schema's order, that complete ``pattern``, one of ``must`` among them."""
    if not must and pattern.nullable:
        return []
    if isinstance(pattern, p.Leaf):
        return [pattern]
    if isinstance(pattern, p.Choice):
        return completion(_branch(pattern, must), must)
    if isinstance(pattern, p.Many):
        return completion(pattern.item, must)
    found: list[p.Leaf] = []
    if isinstance(pattern, p.Sequence):
        for item in pattern.items:
            here = must if not item.leaves.isdisjoint(must) else frozenset()
            found += completion(item, here)
            must = frozenset() if here else must
    return found


def _branch(pattern: p.Choice, must: frozenset[p.Leaf]) -> p.Pattern:
    """The first alternative with one of ``must``, rather one that wants no elements."""
    fitting = [item for item in pattern.items if not must or not item.leaves.isdisjoint(must)]
    possible = [item for item in fitting if is_possible(item)] or fitting
    return min(possible, key=lambda item: sum(key[0] == "<" for key in item.required), default=p.NOT_ALLOWED)


@lru_cache(maxsize=8192)
def is_possible(pattern: p.Pattern) -> bool:
    """Whether it holds nothing that is required and can never be."""
    wanted = (leaf for leaf in pattern.order if not pattern.required.isdisjoint(leaf.keys_of))
    return all(is_usable(leaf) for leaf in wanted)


def is_usable(leaf: p.Leaf) -> bool:
    """Whether it can be at all: libvirt's schemas forbid some elements by content that is not allowed."""
    return not isinstance(leaf, p.Named) or leaf.content is not p.NOT_ALLOWED
