"""Every place of a schema: the basis of saying how much of it the program covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.model import Schema
from app.xmldoc.schema.names import place_of
from app.xmldoc.schema.reading import elements


@dataclass(frozen=True, slots=True)
class Place:
    """path: "domain/devices/disk/source/@file".  patterns: what the alternatives say there."""

    path: str
    patterns: tuple[p.Named, ...]

    @property
    def kind(self) -> str:
        """ "attribute" or "element"."""
        return "attribute" if "/@" in self.path else "element"


def walk(schema: Schema) -> Iterator[Place]:
    """All places, from the root down; an element within itself is there, and not followed further.

    What is there by any name (in ``<metadata>``) is no place.
    """
    for root in schema.roots():
        yield from _walk((root.tag,), (root,), frozenset())


def _walk(tags: tuple[str, ...], found: tuple[p.Element, ...], above: frozenset[p.Element]) -> Iterator[Place]:
    yield Place(place_of(tags), found)
    fresh = tuple(each for each in found if each not in above)
    content = p.choice(each.content for each in fresh)
    for kind, tag in content.keys:
        if kind == "@" and tag != p.ANY:
            leaves = tuple(leaf for leaf in content.keys[kind, tag] if isinstance(leaf, p.Attribute))
            yield Place(place_of(tags, tag), leaves)
    for kind, tag in content.keys:
        if kind == "<" and tag != p.ANY and elements(content, tag):
            yield from _walk((*tags, tag), elements(content, tag), above | frozenset(fresh))


def places(schema: Schema) -> frozenset[str]:
    """The paths of all places."""
    return frozenset(place.path for place in walk(schema))
