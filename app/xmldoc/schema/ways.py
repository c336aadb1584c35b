"""What has to be changed so that something fits: "set type to network first"."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import _
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.model import Node, Schema
from app.xmldoc.schema.names import name_of, tag_of
from app.xmldoc.schema.reasons import Obstacle, obstacles
from app.xmldoc.writer import Element

_DEEPEST = 3
"""Changes that are proposed together at most."""
_MOST_TRIES = 400


@dataclass(frozen=True, slots=True)
class Change:
    """Set ``attribute`` of ``element`` to ``value`` (None: remove it); attribute "": remove the element."""

    element: Element
    attribute: str
    value: str | None

    @property
    def words(self) -> str:
        """One sentence."""
        element = name_of(str(self.element.tag))
        if not self.attribute:
            return _("Remove <{element}>.").format(element=element)
        name = name_of(self.attribute)
        if self.value is None:
            return _("Remove {name} from <{element}>.").format(name=name, element=element)
        return _("Set {name} to “{value}” in <{element}>.").format(name=name, value=self.value, element=element)


def ways(schema: Schema, element: Element, name: str, base: tuple[str, ...]) -> list[Change]:
    """The fewest changes after which ``name`` ("@attribute" or "child") fits into ``element``."""
    key = ("@", tag_of(name[1:])) if name.startswith("@") else ("<", tag_of(name))
    search = _Search(schema, key, base)
    return search.find(element)


def misfits(schema: Schema, element: Element, base: tuple[str, ...]) -> list[Change]:
    """What has to go from ``element`` and from what is in it; never what the schema does not know."""
    node = schema.at(element, base)
    found: list[Change] = []
    for fault in node.reading.faults:
        if fault.item.kind == "@" and not fault.bad_value and node.whole.named("@", fault.item.name):
            found.append(Change(element, fault.item.name, None))
        elif fault.item.child is not None and node.whole.named("<", fault.item.name):
            found.append(Change(fault.item.child, "", None))
    gone = {change.element for change in found if not change.attribute}
    for child in node.reading.chosen:
        if child not in gone:
            found.extend(misfits(schema, child, base))
    return found


@dataclass
class _Search:
    """Tries changes on copies, breadth first."""

    schema: Schema
    key: p.Key
    base: tuple[str, ...]
    tries: int = 0

    def find(self, element: Element) -> list[Change]:
        front: list[list[Change]] = [[]]
        for _depth in range(_DEEPEST):
            further: list[list[Change]] = []
            for changes in front:
                node = self._node(element, changes)
                if node is None or not node.whole.named(*self.key):
                    continue
                if self._fits(node):
                    return changes
                further.extend([*changes, change] for change in self._proposals(element, changes, node))
            front = further
            best = self._best(element, front)
            if best is not None:
                return best
        return []

    def _best(self, element: Element, front: list[list[Change]]) -> list[Change] | None:
        for changes in front:
            if self.tries > _MOST_TRIES:
                return None
            node = self._node(element, changes)
            if node is not None and self._fits(node):
                return changes
        return None

    def _fits(self, node: Node) -> bool:
        left = node.reading.left
        return node.fits and bool(left.named(*self.key))

    def _proposals(self, element: Element, changes: list[Change], node: Node) -> Iterator[Change]:
        """Other values of what is in the way, then its removal."""
        if len(changes) >= _DEEPEST:
            return
        for obstacle in obstacles(node, self.key):
            place = self._original(element, obstacle, node)
            if place is None or any(change.element is place and change.attribute == obstacle.item.name for change in changes):
                continue
            if obstacle.item.kind == "@":
                info = obstacle.node.attribute(obstacle.item.name)
                values = info.value.values if info is not None else ()
                yield from (Change(place, obstacle.item.name, value) for value in values if value != obstacle.item.value)
                yield Change(place, obstacle.item.name, None)
            elif obstacle.item.kind == "<" and obstacle.item.child is not None:
                yield from self._removal(place, obstacle)

    def _removal(self, place: Element, obstacle: Obstacle) -> Iterator[Change]:
        if obstacle.node.element is None or obstacle.item.child is None:
            return
        number = obstacle.node.element.index(obstacle.item.child)
        if number < len(place):
            yield Change(place[number], "", None)

    def _original(self, element: Element, obstacle: Obstacle, node: Node) -> Element | None:
        """The element of the document that a copy's node stands for."""
        original: Element | None = element
        above: Node | None = node
        while above is not None and above is not obstacle.node:
            above = above.parent
            original = original.getparent() if original is not None else None
        return original

    def _node(self, element: Element, changes: list[Change]) -> Node | None:
        """What the schema says of ``element`` after ``changes``, made on a copy."""
        self.tries += 1
        root = element.getroottree().getroot()
        places = {change: _path(change.element) for change in changes}
        copied = copy.deepcopy(root)
        gone = []
        for change, place in places.items():
            target = _follow(copied, place)
            if not change.attribute:
                gone.append(target)
            elif change.value is None:
                target.attrib.pop(change.attribute, "")
            else:
                target.set(change.attribute, change.value)
        found = _follow(copied, _path(element))
        for target in gone:
            parent = target.getparent()
            if parent is not None:
                parent.remove(target)
        return self.schema.at(found, self.base)


def _path(element: Element) -> list[int]:
    """Numbers of children from the root down."""
    numbers: list[int] = []
    parent = element.getparent()
    while parent is not None:
        numbers.insert(0, parent.index(element))
        element, parent = parent, parent.getparent()
    return numbers


def _follow(root: Element, numbers: list[int]) -> Element:
    for number in numbers:
        root = root[number]
    return root
