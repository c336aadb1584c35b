"""Three-way merge of definitions on the tree: what was changed here goes onto what was changed elsewhere.

The order of elements that both sides moved differently stays theirs; everything else that both changed is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from app.editing.matching import key_of, pair, same
from app.editing.passwords import shown
from app.i18n import _
from app.xmldoc.document import Document, Element
from app.xmldoc.indent import append_indented, remove_indented

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """place: where, for people; also what names the conflict.  base, ours, theirs: the values; None where there is nothing."""

    place: str
    base: str | None
    ours: str | None
    theirs: str | None

    def words(self) -> str:
        """One line."""
        return _("{place}: here “{ours}”, elsewhere “{theirs}”").format(
            place=self.place, ours=self.ours or "∅", theirs=self.theirs or "∅"
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """document: with ours where a conflict is not decided.  conflicts: those which are not."""

    document: Document
    conflicts: tuple[Conflict, ...]
    sources: tuple[str, str, str]
    choices: Mapping[str, Side] = field(default_factory=dict)


def merge(base: Document, ours: Document, theirs: Document, choices: Mapping[str, Side] | None = None) -> Merged:
    """choices: decided conflicts by place.  What only one side changed is taken, with its comments and unknown elements."""
    work = _Merge(choices or {})
    if same(theirs.root, base.root):
        result = Document.parse(ours.to_text())
    else:
        result = Document.parse(theirs.to_text())
        work.element(base.root, ours.root, result.root, "")
    return Merged(result, tuple(work.conflicts), (base.to_text(), ours.to_text(), theirs.to_text()), work.choices)


def resolve(merged: Merged, conflict: Conflict, side: Side) -> Merged:
    """The same merge with one more conflict decided."""
    base, ours, theirs = map(Document.parse, merged.sources)
    return merge(base, ours, theirs, {**merged.choices, conflict.place: side})


class _Merge:
    """Changes the tree of theirs in place."""

    def __init__(self, choices: Mapping[str, Side]) -> None:
        self.choices = choices
        self.conflicts: list[Conflict] = []

    def element(self, base: Element, ours: Element, target: Element, place: str) -> None:
        if same(ours, base) or same(ours, target):
            return
        if same(target, base):
            _become(target, ours)
            return
        self._attributes(base, ours, target, place)
        self._text(base, ours, target, place)
        self._children(base, ours, target, place)

    def _ours(self, place: str, base: str | None, ours: str | None, theirs: str | None) -> bool:
        """Whether ours is taken where both changed it."""
        if place not in self.choices:
            self.conflicts.append(Conflict(place, base, ours, theirs))
        return self.choices.get(place, "ours") == "ours"

    def _attributes(self, base: Element, ours: Element, target: Element, place: str) -> None:
        for name in dict.fromkeys([*map(str, base.attrib), *map(str, ours.attrib)]):
            old, mine, theirs = base.get(name), ours.get(name), target.get(name)
            if mine in (old, theirs):
                continue
            values = [shown(one, name, one.get(name)) for one in (base, ours, target)]
            if theirs == old or self._ours(f"{place}/@{name}".lstrip("/"), *values):
                if mine is None:
                    target.attrib.pop(name, "")
                else:
                    target.set(name, mine)

    def _text(self, base: Element, ours: Element, target: Element, place: str) -> None:
        old, mine, theirs = ((one.text or "").strip() for one in (base, ours, target))
        values = [shown(one, "", said) for one, said in ((base, old), (ours, mine), (target, theirs))]
        if mine not in (old, theirs) and (theirs == old or self._ours(place, *values)):
            target.text = ours.text

    # -- children ------------------------------------------------------------------------------

    def _children(self, base: Element, ours: Element, target: Element, place: str) -> None:
        olds, mines, theirs = list(base), list(ours), list(target)
        ours_of, theirs_of = dict(pair(olds, mines)), dict(pair(olds, theirs))
        there = {mine: theirs_of[old] for old, mine in ours_of.items() if old in theirs_of}
        returned: list[Element] = []
        for old in olds:
            at = _join(place, old, olds)
            mine, other = ours_of.get(old), theirs_of.get(old)
            if mine is not None and other is not None:
                self.element(old, mine, other, at)
            elif mine is not None and not same(mine, old) and self._ours(at, _words(old), _words(mine), None):
                returned.append(mine)
            elif other is not None and (same(other, old) or self._ours(at, _words(old), None, _words(other))):
                _remove(other)
        new_mines = [mine for mine in mines if mine not in ours_of.values()]
        new_theirs = [other for other in theirs if other not in theirs_of.values()]
        there |= self._both_added(new_mines, new_theirs, target, place)
        for mine in mines:
            if (mine in new_mines and mine not in there) or mine in returned:
                there[mine] = _insert(target, mine, there)
        _reorder(target, [there[ours_of[old]] for old in olds if old in ours_of and old in theirs_of], mines, there)

    def _both_added(self, mines: list[Element], theirs: list[Element], target: Element, place: str) -> dict[Element, Element]:
        """New on both sides and the same thing: by content, by key, or because there can be one only."""
        pairs = pair(mines, theirs, guess=target.tag != "devices" and _singular(mines) and _singular(theirs))
        for mine, other in pairs:
            if isinstance(mine.tag, str):
                self.element(etree.Element(mine.tag), mine, other, _join(place, mine, mines))
        return dict(pairs)


def _singular(elements: list[Element]) -> bool:
    tags = [element.tag for element in elements]
    return len(tags) == len(set(tags))


def _become(target: Element, ours: Element) -> None:
    """Makes ``target`` say what ``ours`` says, blanks and comments too."""
    target[:] = [deepcopy(child) for child in ours]
    target.text = ours.text
    target.attrib.clear()
    for name, value in ours.attrib.items():
        target.set(name, value)


def _remove(element: Element) -> None:
    if element.getparent() is not None:
        remove_indented(element)


def _insert(target: Element, mine: Element, there: Mapping[Element, Element]) -> Element:
    """A copy behind the one that it stands behind in ours."""
    copy = deepcopy(mine)
    before = mine.getprevious()
    while before is not None and (before not in there or there[before].getparent() is not target):
        before = before.getprevious()
    if not len(target):
        append_indented(target, copy)
        return copy
    index = target.index(there[before]) + 1 if before is not None else 0
    copy.tail = target[index - 1].tail if index else target.text
    if index and index == len(target):
        target[index - 1].tail = target.text
    target.insert(index, copy)
    return copy


def _reorder(target: Element, common: list[Element], mines: list[Element], there: Mapping[Element, Element]) -> None:
    """Gives elements of all three texts the order of ours, if theirs kept the old one."""
    common = [one for one in common if one.getparent() is target]
    known = set(common)
    wanted = [there[mine] for mine in mines if mine in there and there[mine] in known]
    slots = sorted(target.index(one) for one in common)
    now = [target[slot] for slot in slots]
    if now != common or wanted == common:
        return
    tails = [one.tail for one in now]
    holders = [etree.Element("slot") for _one in slots]
    for slot, holder in zip(slots, holders, strict=True):
        target[slot] = holder
    for slot, one, tail in zip(slots, wanted, tails, strict=True):
        one.tail = tail
        target[slot] = one


def _join(place: str, element: Element, siblings: list[Element]) -> str:
    """A name that tells it from its siblings: by key, else by number."""
    name = str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else "comment"
    alike = [one for one in siblings if one.tag == element.tag]
    if len(alike) > 1:
        key = key_of(element)
        keys = [key_of(one) for one in alike]
        named = isinstance(key, tuple) and keys.count(key) == 1
        name = f"{name}[{':'.join(str(part) for part in key[1:] if part)}]" if named and isinstance(key, tuple) else (
            f"{name}[{alike.index(element) + 1}]"
        )  # fmt: skip
    return f"{place}/{name}" if place else name


def _words(element: Element) -> str:
    """An element in one line, without passwords."""
    if not isinstance(element.tag, str):
        return (element.text or "").strip()
    parts = [shown(element, "", (element.text or "").strip()) or ""]
    for one in element.iter(etree.Element):
        parts += [f"{name!s}={shown(one, str(name), str(value))}" for name, value in one.attrib.items()]
    return ", ".join(part for part in parts if part) or str(element.tag)
