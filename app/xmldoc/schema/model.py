"""The schema as something to ask, element by element."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.xmldoc.schema import folder as folders
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.grammar import Grammar
from app.xmldoc.schema.names import name_of, tag_of
from app.xmldoc.schema.reading import Item, Reader, Reading, elements
from app.xmldoc.schema.reasons import reason
from app.xmldoc.schema.residual import is_usable, without
from app.xmldoc.schema.values import ValueInfo, value_info
from app.xmldoc.writer import Element

_loaded: dict[Path, Schema] = {}
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """A child that an element has or may have.

    present: how many are there.  fits: (one more of) it may be there now.  required: it has to be there.
    reason: why it does not fit, a sentence.  where: where the schema says so.
    """

    name: str
    tag: str
    present: int
    fits: bool
    required: bool
    repeatable: bool
    reason: str
    where: tuple[p.Where, ...]
    description: str
    patterns: tuple[p.Element, ...]


@dataclass(frozen=True, slots=True)
class AttributeInfo:
    """An attribute that an element has or may have.

    value: what it may be in any alternative.  now: what it may be beside what else is there (``value`` if it does not fit).
    """

    name: str
    tag: str
    present: bool
    fits: bool
    required: bool
    reason: str
    value: ValueInfo
    now: ValueInfo
    where: tuple[p.Where, ...]
    description: str
    patterns: tuple[p.Attribute, ...]


class Node:
    """What the schema says of one element.

    ``now``: the patterns that fit what is around it.  ``ever``: those of all alternatives.
    """

    def __init__(
        self, tag: str, patterns: tuple[tuple[p.Element, ...], tuple[p.Element, ...]],
        element: Element | None, reader: Reader, parent: Node | None = None,
    ) -> None:  # fmt: skip
        self.tag = tag
        self.now, self.ever = patterns
        self.element = element
        self.parent = parent
        self._reader = reader
        self._left_with: dict[Item, p.Pattern] = {}

    @property
    def name(self) -> str:
        """With its prefix."""
        return name_of(self.tag)

    @property
    def known(self) -> bool:
        """Whether the schema has such an element here at all."""
        return bool(self.ever)

    @property
    def fits(self) -> bool:
        """Whether it may be here with what is around it."""
        return bool(self.now)

    @cached_property
    def any(self) -> bool:
        """Whether elements of any name may be inside."""
        return ("<", p.ANY) in self.whole.keys

    @cached_property
    def whole(self) -> p.Pattern:
        """The inside in all alternatives."""
        return p.choice(pattern.content for pattern in self.ever)

    @cached_property
    def reading(self) -> Reading:
        """What is inside, against the alternatives that fit."""
        content = p.choice(pattern.content for pattern in self.now) if self.now else self.whole
        if self.element is None:
            return Reading(content, content)
        return self._reader.read(self.element, content)

    @cached_property
    def attributes(self) -> list[AttributeInfo]:
        """Those that fit first."""
        tags = [tag for kind, tag in self.whole.keys if kind == "@" and tag != p.ANY]
        return sorted((self._attribute(tag) for tag in tags), key=lambda info: not info.fits)

    @cached_property
    def elements(self) -> list[ElementInfo]:
        """Those that fit first."""
        tags = [tag for kind, tag in self.whole.keys if kind == "<" and tag != p.ANY and elements(self.whole, tag)]
        return sorted((self._element(tag) for tag in tags), key=lambda info: not (info.fits or info.present))

    def attribute(self, name: str) -> AttributeInfo | None:
        """The one of that name, if the schema has it here."""
        return self._attribute(tag_of(name)) if self.whole.named("@", tag_of(name)) else None

    def child(self, name: str) -> ElementInfo | None:
        """The child of that name, if the schema has it here."""
        return self._element(tag_of(name)) if elements(self.whole, tag_of(name)) else None

    @cached_property
    def text(self) -> ValueInfo | None:
        """What the text may be; None if there is none."""
        info = value_info((self._left_without(("#", "")),))
        return info if info.leaves else (value_info((self.whole,)) if value_info((self.whole,)).leaves else None)

    @cached_property
    def text_required(self) -> bool:
        """Whether there has to be a text."""
        return ("#", "") in self._left_without(("#", "")).required

    def _left_without(self, key: p.Key) -> p.Pattern:
        """What may be added if ``key`` were not there."""
        reading = self.reading
        there = any(item.key == key for item in self.items)
        if self.element is None or not there:
            return reading.left
        return self._reader.read_without(self.element, reading.whole, key).left

    def _attribute(self, tag: str) -> AttributeInfo:
        key = ("@", tag)
        ever = tuple(leaf for leaf in self.whole.named(*key) if isinstance(leaf, p.Attribute))
        present = self.element is not None and tag in self.element.attrib
        left = self._left_without(key)
        now = tuple(leaf for leaf in left.named(*key) if isinstance(leaf, p.Attribute))
        value = value_info(leaf.content for leaf in ever)
        return AttributeInfo(
            name_of(tag), tag, present, bool(now), key in left.required, "" if now else reason(self, key),
            value, value_info(leaf.content for leaf in now) if now else value,
            tuple(leaf.where for leaf in now or ever), _description(now or ever), now or ever,
        )  # fmt: skip

    def _element(self, tag: str) -> ElementInfo:
        key = ("<", tag)
        ever, left = elements(self.whole, tag), self.reading.left
        now = elements(left, tag)
        present = len(list(self.element.iterchildren(tag))) if self.element is not None else 0
        again = without(self.reading.whole, frozenset(ever))
        return ElementInfo(
            name_of(tag), tag, present, bool(now), key in left.required,
            bool(elements(again, tag)), "" if now else reason(self, key),
            tuple(leaf.where for leaf in now or ever), _description(now or ever), now or ever,
        )  # fmt: skip

    def children(self, tag: str, child: Element | None = None) -> Node:
        """The node of a child; ``child``: the one that is in the document."""
        ever = elements(self.whole, tag)
        now = elements(self.reading.whole, tag) if self.fits else ()
        if child is not None and self.element is not None and now:
            now = self._chosen(tag, child) if self._is_open(tag, now) else now
        return Node(tag, (now, ever), child, self._reader, self)

    def _is_open(self, tag: str, now: tuple[p.Element, ...]) -> bool:
        """Whether it depends on the rest what the child is."""
        return len(now) > 1 or now[0] not in self.reading.left.leaves

    def _chosen(self, tag: str, child: Element) -> tuple[p.Element, ...]:
        """What a child can be beside all the rest."""
        if self.element is None:
            return ()
        left = self._reader.read_without(self.element, self.reading.whole, ("<", tag), child).left
        return elements(left, tag)

    def left_with(self, item: Item) -> p.Pattern:
        """What could be added in any alternative if ``item`` were all there is."""
        if item not in self._left_with:
            self._left_with[item] = self._reader.read_items(self.whole, [item]).left
        return self._left_with[item]

    @property
    def items(self) -> tuple[Item, ...]:
        """What is in the element."""
        return self._reader.items(self.element) if self.element is not None else ()


class Schema:
    """``schema.at(element)`` and ``schema.at(("domain", "devices", "disk"))``."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.start = Grammar.read(file).start()

    def at(self, where: Element | tuple[str, ...], base: tuple[str, ...] = ()) -> Node:
        """What may be in an element of a document, or at a path of names.

        base: the names above ``where``'s root, if it is the root of a fragment.
        """
        if isinstance(where, tuple):
            return self._down(tuple(map(tag_of, where)), Reader())
        chain = [where, *where.iterancestors()][::-1]
        return self._through(chain, base, Reader())

    def roots(self) -> tuple[p.Element, ...]:
        """What a document's root may be."""
        return tuple(leaf for leaf in self.start.order if isinstance(leaf, p.Element) and is_usable(leaf))

    def _through(self, chain: list[Element], base: tuple[str, ...], reader: Reader) -> Node:
        root, *rest = chain
        tag = str(root.tag)
        node = self._down(tuple(map(tag_of, base)), reader).children(tag) if base else self._down((tag,), reader)
        node = Node(tag, (node.now, node.ever), root, reader, node.parent)
        for element in rest:
            node = node.children(str(element.tag), element)
        return node

    def _down(self, tags: tuple[str, ...], reader: Reader) -> Node:
        found = elements(self.start, tags[0]) if tags else ()
        node = Node(tags[0] if tags else "", (found, found), None, reader)
        for tag in tags[1:]:
            node = node.children(tag)
        return node


def load(kind: str = "domain", folder: Path | None = None) -> Schema:
    """The schema ``kind``.rng, read once.  Takes some 10 ms the first time.  Raises NotFound, Invalid.  Any thread."""
    file = folders.find(kind, folder)
    with _loading:
        if file not in _loaded:
            _loaded[file] = Schema(file)
        return _loaded[file]


def _description(leaves: tuple[p.Attribute, ...] | tuple[p.Element, ...]) -> str:
    return next((leaf.description for leaf in leaves if leaf.description), "")
