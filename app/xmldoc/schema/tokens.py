"""Tags of a text that is being typed: where they are, whatever is missing or wrong between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<![^<>]*>?"
    r"|</(?P<closing>[^\s<>/]*)[^<>]*>?"
    r"|<(?P<opening>[^\s<>/=\"'!?]*)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""\s+(?P<name>[^\s<>/="']+)
    (?:\s*=(?:
        \s*(?P<quote>["'])(?P<value>[^<"']*(?:(?!(?P=quote))["'][^<"']*)*)(?P=quote)
        |(?P<half>["'][^<>"'\n]*|[^\s<>"'/]*)
    ))?""",
    re.VERBOSE,
)
_NEXT = re.compile(r"\s+[\w:.-]+\s*=\s*\Z")
"""The end of a value that was not closed and took the next attribute's quote for its own."""
_JUNK = re.compile(r"[^<>/\s]+|\s+(?![^\s<>/])|/(?!>)|\s+")


@dataclass(slots=True)
class Attribute:
    """start, end: of the name.  value_start, value_end: inside the quotes; -1 if there is no value yet.

    closed: its second quote is there.
    """

    name: str
    start: int
    end: int
    value: str = ""
    value_start: int = -1
    value_end: int = -1
    quote: str = ""
    closed: bool = True


@dataclass(slots=True, eq=False)
class Tag:
    """An element.  inner: behind the ``>`` of its start tag, -1 while that is missing.  end: behind its last sign.

    close: where its end tag begins; -1 if it has none.  empty: it is ``<a/>``.
    """

    name: str
    start: int
    inner: int = -1
    end: int = -1
    close: int = -1
    tag_end: int = -1
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Tag] = field(default_factory=list)
    parent: Tag | None = None
    empty: bool = False

    @property
    def name_end(self) -> int:
        """Behind its name."""
        return self.start + 1 + len(self.name)

@dataclass(slots=True)
class Tree:
    """top: stands for what is around the root.  other: comments and the like, as (start, end).  closings: end tags, likewise."""

    top: Tag
    tags: list[Tag]
    other: list[tuple[int, int]]
    closings: list[tuple[int, int]]


@lru_cache(maxsize=4)
def read(text: str) -> Tree:
    """The tags of ``text``, not to be changed; never fails.  A start tag without its ``>`` holds nothing."""
    tree = Tree(Tag("", -1, inner=0, end=len(text)), [], [], [])
    stack = [tree.top]
    place = 0
    while True:
        match = _TOKEN.search(text, place)
        if match is None:
            break
        place = max(match.end(), match.start() + 1)
        if match["opening"] is not None:
            place = _open(text, match, tree, stack)
        elif match["closing"] is not None:
            tree.closings.append(match.span())
            _close(match["closing"], match.span(), stack)
        else:
            tree.other.append(match.span())
    for tag in stack[1:]:
        tag.end = len(text)
    return tree


def _open(text: str, match: re.Match[str], tree: Tree, stack: list[Tag]) -> int:
    tag = Tag(match["opening"], match.start(), parent=stack[-1])
    stack[-1].children.append(tag)
    tree.tags.append(tag)
    place = _attributes(text, match.end(), tag)
    if text.startswith("/>", place):
        tag.inner = tag.end = tag.tag_end = place + 2
        tag.empty = True
    elif text.startswith(">", place):
        tag.inner = tag.tag_end = place + 1
        stack.append(tag)
    else:
        tag.end = tag.tag_end = place
    return max(tag.tag_end, match.start() + 1)


def _attributes(text: str, place: int, tag: Tag) -> int:
    """Reads attributes up to what ends the tag; gives that place."""
    while place < len(text) and text[place] not in "<>" and not text.startswith("/>", place):
        match = _ATTRIBUTE.match(text, place)
        if match is None:
            junk = _JUNK.match(text, place)
            place = junk.end() if junk else place + 1
            continue
        found = _attribute(match)
        tag.attributes.append(found)
        place = match.end() if found.closed or match["quote"] is None else found.value_end
    return place


def _attribute(match: re.Match[str]) -> Attribute:
    found = Attribute(match["name"], match.start("name"), match.end("name"))
    if match["quote"]:
        found.value, found.quote = match["value"], match["quote"]
        found.value_start, found.value_end = match.span("value")
        taken = _NEXT.search(found.value)
        if taken is not None:
            found.value, found.value_end, found.closed = found.value[: taken.start()], found.value_start + taken.start(), False
    elif match["half"] is not None:
        found.closed = False
        start, found.value_end = match.span("half")
        found.quote = match["half"][:1] if match["half"][:1] in ("'", '"') else ""
        found.value_start = start + len(found.quote)
        found.value = match["half"][len(found.quote) :]
    return found


def _close(name: str, span: tuple[int, int], stack: list[Tag]) -> None:
    """Ends the nearest element of this name and those inside it; an end tag of nothing is passed over."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            for tag in stack[depth + 1 :]:
                tag.end = span[0]
            stack[depth].close, stack[depth].end = span
            del stack[depth:]
            return


def innermost(tree: Tree, offset: int) -> Tag:
    """The element in whose inside ``offset`` is; the top if in none."""
    here = tree.top
    while True:
        below = next((tag for tag in here.children if 0 <= tag.inner <= offset and _inside_end(tag) >= offset), None)
        if below is None or below.empty:
            return here
        here = below


def _inside_end(tag: Tag) -> int:
    return tag.close if tag.close >= 0 else tag.end


def path_of(tag: Tag) -> list[Tag]:
    """The elements from the root down to ``tag``."""
    found: list[Tag] = []
    here: Tag | None = tag
    while here is not None and here.start >= 0:
        found.insert(0, here)
        here = here.parent
    return found
