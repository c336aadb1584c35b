"""Where elements begin and end in a text that is being typed: for folding and for saying where the cursor is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from app.xmldoc.schema.tokens import innermost, path_of, read


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines from 0; the first stays visible."""

    first_line: int
    last_line: int
    name: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """An element around the cursor and where its tag begins."""

    name: str
    start: int


def fold_ranges(text: str) -> list[Fold]:
    """Elements and comments of several lines, by their first line."""
    tree = read(text)
    starts = line_starts(text)
    spans = [(tag.start, tag.end, tag.name) for tag in tree.tags if tag.inner >= 0 and tag.end > tag.inner]
    spans += [(start, end, "") for start, end in tree.other]
    found = {}
    for start, end, name in sorted(spans):
        first, last = line_of(starts, start), line_of(starts, max(start, end - 1))
        if last > first and first not in found:
            found[first] = Fold(first, last, name)
    return list(found.values())


def breadcrumb(text: str, offset: int) -> list[Crumb]:
    """The elements around ``offset``, the root first; a tag that it is in counts."""
    tree = read(text)
    in_tag = next((tag for tag in tree.tags if tag.start < offset < tag.tag_end), None)
    return [Crumb(tag.name, tag.start) for tag in path_of(in_tag or innermost(tree, offset))]


def line_starts(text: str) -> list[int]:
    """The offsets at which lines begin."""
    starts = [0]
    place = text.find("\n")
    while place >= 0:
        starts.append(place + 1)
        place = text.find("\n", place + 1)
    return starts


def line_of(starts: list[int], offset: int) -> int:
    """The line of an offset, from 0."""
    return bisect_right(starts, offset) - 1
