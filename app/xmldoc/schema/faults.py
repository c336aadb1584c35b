"""Finds what in a document does not agree with the schema, and says it about the thing itself.

libxml2 names whatever it looked at last: for one wrong attribute of a disk it says that ``<devices>`` is
too much.  Here each element is held against the alternatives that it contradicts least.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.i18n import _
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.model import Schema
from app.xmldoc.schema.names import name_of
from app.xmldoc.schema.reading import Fault, Item, Reader, Reading, elements, ordered_children
from app.xmldoc.schema.reasons import reason
from app.xmldoc.schema.residual import without
from app.xmldoc.schema.values import value_info
from app.xmldoc.writer import Element

_MANY = 15
"""Names that are listed in a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """element: where.  attribute: which one, "" for the element itself.  message: one or two sentences."""

    element: Element
    attribute: str
    message: str


def findings(schema: Schema, root: Element, base: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Everything that is wrong, in the document's order."""
    node = schema.at(root, base)
    if not node.known:
        allowed = _listed(name_of(leaf.tag) for leaf in schema.roots())
        yield Finding(root, "", _("The document must be {allowed}, not <{name}>.").format(allowed=allowed, name=node.name))
        return
    walk = _Walk(schema, base)
    yield from walk.visit(root, walk.reader.best(root, node.ever))


class _Walk:
    def __init__(self, schema: Schema, base: tuple[str, ...]) -> None:
        self.schema = schema
        self.base = base
        self.reader = Reader()

    def visit(self, element: Element, patterns: tuple[p.Element, ...]) -> Iterator[Finding]:
        """``element`` as an instance of one of ``patterns``, and all below it."""
        reading = self.reader.read(element, p.choice(pattern.content for pattern in patterns))
        for fault in reading.faults:
            yield from self._fault(element, fault, reading)
        if not reading.faults:
            yield from _missing(element, reading)
            yield from _order(element, reading)
        for child, chosen in reading.chosen.items():
            if chosen:
                yield from self.visit(child, chosen)

    def _fault(self, element: Element, fault: Fault, reading: Reading) -> Iterator[Finding]:
        item = fault.item
        if item.kind == "#":
            yield Finding(element, "", _text_fault(element, fault, reading))
        elif item.kind == "@":
            yield Finding(element, item.name, self._attribute_fault(element, fault, reading))
        elif item.child is not None:
            yield Finding(item.child, "", self._child_fault(element, item, reading))

    def _attribute_fault(self, element: Element, fault: Fault, reading: Reading) -> str:
        name, around = _spelled(element, fault.item.name), _name(element)
        if fault.bad_value:
            info = value_info(leaf.content for leaf in _attributes(reading.whole, fault.item.name))
            return _("“{value}” is not possible for “{name}” in <{element}>. It can be {allowed}.").format(
                value=fault.item.value, name=name, element=around, allowed=info.words()
            )
        node = self.schema.at(element, self.base)
        if node.whole.named("@", fault.item.name):
            why = reason(node, fault.item.key)
            return _("“{name}” is not possible here in <{element}>. {reason}").format(name=name, element=around, reason=why)
        names = _listed(_nearest_first(name, [info.name for info in node.attributes if info.fits]))
        if not names:
            return _("<{element}> has no attribute “{name}”.").format(name=name, element=around)
        return _("<{element}> has no attribute “{name}”. Possible: {names}.").format(name=name, element=around, names=names)

    def _child_fault(self, element: Element, item: Item, reading: Reading) -> str:
        name, around = _spelled(element if item.child is None else item.child, item.name), _name(element)
        node = self.schema.at(element, self.base)
        if elements(reading.whole, item.name) or elements(node.whole, item.name):
            if _is_second(item) and elements(node.reading.whole, item.name):
                return _("<{name}> is there more than once in <{element}>.").format(name=name, element=around)
            why = reason(node, item.key)
            return _("<{name}> is not possible here in <{element}>. {reason}").format(name=name, element=around, reason=why)
        names = _listed(_nearest_first(item.name, [info.name for info in node.elements if info.fits]))
        if not names:
            return _("<{name}> is not allowed in <{element}>.").format(name=name, element=around)
        return _("<{name}> is not allowed in <{element}>. Possible: {names}.").format(name=name, element=around, names=names)


def _text_fault(element: Element, fault: Fault, reading: Reading) -> str:
    info = value_info((reading.whole,))
    text = " ".join(fault.item.value.split())
    if info.allows(text):
        return _("There can be no blanks around “{text}” in <{element}>.").format(text=text, element=_name(element))
    if not info.leaves:
        return _("There can be no text (“{text}”) in <{element}>.").format(text=text, element=_name(element))
    return _("“{text}” is not possible in <{element}>. It can be {allowed}.").format(
        text=text, element=_name(element), allowed=info.words()
    )


def _missing(element: Element, reading: Reading) -> Iterator[Finding]:
    if not reading.incomplete:
        return
    around = _name(element)
    wanted = [_shown(leaf_key) for leaf_key in reading.left.keys if leaf_key in reading.left.required]
    if wanted:
        yield Finding(element, "", _("<{element}> lacks {names}.").format(element=around, names=_listed(wanted)))
        return
    either = _listed(_shown(key) for key in reading.left.keys)
    yield Finding(element, "", _("<{element}> is not complete. It needs some of: {names}.").format(element=around, names=either))


def _order(element: Element, reading: Reading) -> Iterator[Finding]:
    child = reading.order_fault
    if child is not None:
        around = _name(element)
        yield Finding(child, "", _("<{name}> has to stand earlier in <{element}>.").format(name=_name(child), element=around))
    elif not reading.incomplete:
        yield from _gap(element, reading)


def _gap(element: Element, reading: Reading) -> Iterator[Finding]:
    """The first child before which something is missing that comes only later, or not often enough."""
    left = ordered_children(reading.whole)
    if left is None:
        return
    for child, chosen in reading.chosen.items():
        after = without(left, frozenset(chosen), "next")
        if after is p.NOT_ALLOWED:
            sentence = _("<{name}> cannot stand here in <{element}>. First there has to be: {names}.")
            yield Finding(child, "", sentence.format(name=_name(child), element=_name(element), names=_next(left)))
            return
        left = after
    if not left.nullable:
        yield Finding(element, "", _("<{element}> lacks at its end: {names}.").format(element=_name(element), names=_next(left)))


def _next(left: p.Pattern) -> str:
    """What has to come, or else what may."""
    return _listed([_shown(key) for key in left.keys if key in left.required] or [_shown(key) for key in left.keys])


def _is_second(item: Item) -> bool:
    return item.child is not None and next(item.child.itersiblings(item.name, preceding=True), None) is not None


def _attributes(content: p.Pattern, tag: str) -> tuple[p.Attribute, ...]:
    return tuple(leaf for leaf in content.named("@", tag) if isinstance(leaf, p.Attribute))


def _shown(key: p.Key) -> str:
    kind, tag = key
    if kind == "<":
        return f"<{name_of(tag)}>"
    return name_of(tag) if kind == "@" else _("a text")


def _nearest_first(name: str, names: list[str]) -> list[str]:
    """What was probably meant comes first."""
    near = difflib.get_close_matches(name.casefold(), names, 2)
    return [*near, *(each for each in names if each not in near)]


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:_MANY]) + (", …" if len(found) > _MANY else "")


def _name(element: Element) -> str:
    return _spelled(element, str(element.tag))


def _spelled(element: Element, tag: str) -> str:
    """A name as the document has it."""
    uri, _brace, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    prefix = next((prefix for prefix, known in element.nsmap.items() if known == uri and prefix), None)
    return f"{prefix}:{local}" if uri and prefix else name_of(tag)
