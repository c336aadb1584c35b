"""Patterns of RELAX NG as values: what an element may hold, to be asked and taken apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.xmldoc.schema.datatypes import DataType

Key = tuple[str, str]
"""What a leaf is for people: ("@", attribute), ("<", element), ("#", ""): text.  The name "*" stands for any."""
ANY = "*"
_making = threading.RLock()


@dataclass(frozen=True, slots=True)
class Where:
    """The place in the schema's files that says so."""

    file: str
    line: int
    define: str


@dataclass(frozen=True, slots=True)
class NameClass:
    """names: lxml's spelling ("{uri}local").  anything: any name, but for the namespaces and names that are excepted."""

    names: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    anything: bool = False
    excepted: NameClass | None = None

    def matches(self, tag: str) -> bool:
        """Whether an element or attribute of this name is meant."""
        if tag in self.names:
            return True
        if not self.anything and namespace_of(tag) not in self.namespaces:
            return False
        return self.excepted is None or not self.excepted.matches(tag)


def namespace_of(tag: str) -> str:
    """The namespace of lxml's ``{uri}local``."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


class Pattern:
    """A pattern; equal ones may be different objects, but for leaves."""

    __slots__ = ("__dict__",)

    @cached_property
    def leaves(self) -> frozenset[Leaf]:
        """Every leaf that may occur."""
        return frozenset()

    @cached_property
    def order(self) -> tuple[Leaf, ...]:
        """The leaves as the schema writes them."""
        return ()

    @cached_property
    def nullable(self) -> bool:
        """Whether nothing at all is enough."""
        return False

    @cached_property
    def required(self) -> frozenset[Key]:
        """What no alternative goes without."""
        return frozenset()

    @cached_property
    def keys(self) -> dict[Key, tuple[Leaf, ...]]:
        """The leaves by what they are."""
        found: dict[Key, list[Leaf]] = {}
        for leaf in self.order:
            for key in leaf.keys_of:
                found.setdefault(key, []).append(leaf)
        return {key: tuple(leaves) for key, leaves in found.items()}

    def named(self, kind: str, tag: str) -> tuple[Leaf, ...]:
        """The leaves of ``kind`` that mean ``tag``: those by name, or else those for any name."""
        exact = self.keys.get((kind, tag))
        if exact:
            return exact
        return tuple(leaf for leaf in self.keys.get((kind, ANY), ()) if isinstance(leaf, Named) and leaf.names.matches(tag))


class Empty(Pattern):
    """Nothing."""

    @cached_property
    def nullable(self) -> bool:
        """It is."""
        return True


class NotAllowed(Pattern):
    """What can never be."""


EMPTY, NOT_ALLOWED = Empty(), NotAllowed()


class Leaf(Pattern):
    """An attribute, an element or a text; two leaves are equal only if they are the same."""

    keys_of: tuple[Key, ...] = ()

    @cached_property
    def leaves(self) -> frozenset[Leaf]:
        """Itself."""
        return frozenset((self,))

    @cached_property
    def order(self) -> tuple[Leaf, ...]:
        """Itself."""
        return (self,)

    @cached_property
    def required(self) -> frozenset[Key]:
        """Itself, if it has one name."""
        return frozenset(self.keys_of) if len(self.keys_of) == 1 and not self.nullable else frozenset()


class Text(Leaf):
    """Any text, any number of times."""

    keys_of = (("#", ""),)

    @cached_property
    def nullable(self) -> bool:
        """No text is a text too."""
        return True


class Value(Leaf):
    """One word; token: blanks around it do not count."""

    keys_of = (("#", ""),)

    def __init__(self, text: str, token: bool) -> None:
        self.token = token
        self.text = " ".join(text.split()) if token else text

    def fits(self, text: str) -> bool:
        """Whether ``text`` is this word."""
        return (" ".join(text.split()) if self.token else text) == self.text

    @cached_property
    def nullable(self) -> bool:
        """Only if it is the empty word."""
        return self.fits("")


class Data(Leaf):
    """A text of some type, but for what is excepted."""

    keys_of = (("#", ""),)

    def __init__(self, type_: DataType, excepted: Pattern | None = None) -> None:
        self.type = type_
        self.excepted = excepted

    def fits(self, text: str) -> bool:
        """Whether ``text`` is of the type."""
        return self.type.allows(text) and (self.excepted is None or not text_fits(self.excepted, text))

    @cached_property
    def nullable(self) -> bool:
        """Whether the empty text is of the type."""
        return self.fits("")


class Words(Leaf):
    """Several words with blanks between them."""

    keys_of = (("#", ""),)

    def __init__(self, content: Pattern) -> None:
        self.content = content

    def fits(self, text: str) -> bool:
        """Whether the words are what the content wants, in its order."""
        words = text.split()
        return len(words) in _ends(self.content, words, 0)

    @cached_property
    def nullable(self) -> bool:
        """Whether no word is enough."""
        return self.fits("")


class Named(Leaf):
    """An attribute or an element.  The content is made when it is first asked for, as elements may hold themselves."""

    kind = ""

    def __init__(self, names: NameClass, make: Callable[[], Pattern], where: Where, description: str) -> None:
        self.names = names
        self._make = make
        self._content: Pattern | None = None
        self.where = where
        self.description = description
        tags = sorted(names.names) if names.names else [ANY]
        self.keys_of = tuple((self.kind, tag) for tag in tags)

    @property
    def content(self) -> Pattern:
        """What is inside; the same objects on every thread."""
        if self._content is None:
            with _making:
                if self._content is None:
                    self._content = self._make()
        return self._content

    @property
    def tag(self) -> str:
        """The first name, "*" for any."""
        return self.keys_of[0][1]


class Attribute(Named):
    """An attribute with its value."""

    kind = "@"

    def fits(self, text: str) -> bool:
        """Whether ``text`` is a legal value."""
        return text_fits(self.content, text)


class Element(Named):
    """An element with what it holds."""

    kind = "<"


class _Joined(Pattern):
    def __init__(self, items: tuple[Pattern, ...]) -> None:
        self.items = items
        self._hash = hash((type(self), items))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and isinstance(other, _Joined) and self.items == other.items)

    @cached_property
    def leaves(self) -> frozenset[Leaf]:
        """Those of all parts."""
        return frozenset().union(*(item.leaves for item in self.items))

    @cached_property
    def order(self) -> tuple[Leaf, ...]:
        """Those of all parts, each once."""
        return tuple(dict.fromkeys(leaf for item in self.items for leaf in item.order))


class Choice(_Joined):
    """One of several."""

    @cached_property
    def nullable(self) -> bool:
        """If one of them is."""
        return any(item.nullable for item in self.items)

    @cached_property
    def required(self) -> frozenset[Key]:
        """What all of them want."""
        return frozenset.intersection(*(item.required for item in self.items))


class Sequence(_Joined):
    """All of them; one after the other, or (``Mingled``) in any order."""

    @cached_property
    def nullable(self) -> bool:
        """If all of them are."""
        return all(item.nullable for item in self.items)

    @cached_property
    def required(self) -> frozenset[Key]:
        """What any of them wants."""
        return frozenset().union(*(item.required for item in self.items))


class Mingled(Sequence):
    """All of them, in any order (RELAX NG's interleave)."""


class Many(_Joined):
    """Its one part, once or more often."""

    @property
    def item(self) -> Pattern:
        """What is repeated."""
        return self.items[0]

    @cached_property
    def nullable(self) -> bool:
        """If the part is."""
        return self.item.nullable

    @cached_property
    def required(self) -> frozenset[Key]:
        """What the part wants."""
        return self.item.required


def choice(items: Iterable[Pattern]) -> Pattern:
    """One of ``items``; impossible and repeated ones fall away."""
    found: dict[Pattern, None] = {}
    for item in items:
        found.update(dict.fromkeys(item.items if isinstance(item, Choice) else (item,)))
    found.pop(NOT_ALLOWED, None)
    if len(found) < 2:
        return next(iter(found), NOT_ALLOWED)
    return Choice(tuple(found))


def sequence(items: Iterable[Pattern], *, mingled: bool = False) -> Pattern:
    """All of ``items``, in this order or in any."""
    kind = Mingled if mingled else Sequence
    found: list[Pattern] = []
    for item in items:
        if item is NOT_ALLOWED:
            return NOT_ALLOWED
        if item is not EMPTY:
            found.extend(item.items if type(item) is kind and isinstance(item, _Joined) else (item,))
    if len(found) < 2:
        return found[0] if found else EMPTY
    return kind(tuple(found))


def many(item: Pattern) -> Pattern:
    """``item`` once or more often."""
    return item if item in (EMPTY, NOT_ALLOWED) or isinstance(item, Many | Text) else Many((item,))


def optional(item: Pattern) -> Pattern:
    """``item`` or nothing."""
    return item if item.nullable and not isinstance(item, Leaf) else choice((item, EMPTY))


def text_fits(content: Pattern, text: str) -> bool:
    """Whether ``text`` is what ``content``, the inside of an attribute or a text, allows."""
    if not text.strip() and content.nullable:
        return True
    return any(leaf_fits(leaf, text) for leaf in content.order)


def leaf_fits(leaf: Leaf, text: str) -> bool:
    """Whether ``text`` is what one leaf for texts allows."""
    return isinstance(leaf, Text) or (isinstance(leaf, Value | Data | Words) and leaf.fits(text))


def _ends(pattern: Pattern, words: list[str], start: int) -> set[int]:
    """Where ``pattern`` may end in ``words`` if it begins at ``start``."""
    if isinstance(pattern, Choice):
        return set().union(*(_ends(item, words, start) for item in pattern.items))
    if isinstance(pattern, Sequence):
        ends = {start}
        for item in pattern.items:
            ends = set().union(*(_ends(item, words, end) for end in ends))
        return ends
    if isinstance(pattern, Many):
        return set(_repeated(pattern.item, words, start))
    if pattern is EMPTY:
        return {start}
    fits = isinstance(pattern, Leaf) and start < len(words) and leaf_fits(pattern, words[start])
    return {start + 1} if fits else set()


def _repeated(item: Pattern, words: list[str], start: int) -> Iterator[int]:
    seen: set[int] = set()
    ahead = [start]
    while ahead:
        for end in _ends(item, words, ahead.pop()) - seen:
            seen.add(end)
            ahead.append(end)
            yield end
