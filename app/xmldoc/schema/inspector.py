"""Edits any part of a document as the schema allows it, and leaves everything else as it is."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.errors import Invalid
from app.i18n import _
from app.xmldoc import paths
from app.xmldoc.document import Document
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.making import chain_to, following, make
from app.xmldoc.schema.model import AttributeInfo, ElementInfo, Node, Schema
from app.xmldoc.schema.names import name_of, namespace_map, steps, tag_of
from app.xmldoc.schema.reading import elements
from app.xmldoc.schema.residual import completion
from app.xmldoc.schema.sample import first, of_content
from app.xmldoc.schema.values import ValueInfo
from app.xmldoc.schema.ways import Change, misfits, ways
from app.xmldoc.writer import Element, write_element

_ATTRIBUTE, _TEXT, _ELEMENT = "attribute", "text", "element"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that an element has or may have.

    kind: "attribute", "text", "element".  value: of an attribute or text that is there, or the text of a child without
    children.  child: the element of the row.  allowed: the values of all alternatives; now: those that fit what else is
    there (taking another one makes something else not fit: see ``misfits``).  addable: it is not there (for elements: one
    more may be) and fits.  reason: why it does not fit.  known: the schema has it here at all.
    """

    kind: str
    name: str
    tag: str
    present: bool
    value: str | None = None
    child: Element | None = None
    allowed: ValueInfo | None = None
    now: ValueInfo | None = None
    required: bool = False
    addable: bool = False
    removable: bool = False
    reason: str = ""
    description: str = ""
    known: bool = True


class Inspector:
    """``inspector.rows(element)`` says what is there and what may be; the other methods change the document.

    base: the names above the document's root, if it is a fragment: ("domain", "devices").
    """

    def __init__(self, document: Document, schema: Schema, base: tuple[str, ...] = ()) -> None:
        self.document = document
        self.schema = schema
        self.base = base

    def node(self, element: Element) -> Node:
        """What the schema says of ``element`` as it is now."""
        return self.schema.at(element, self.base)

    def rows(self, element: Element) -> list[Row]:
        """Attributes, text and children that are there, in this order; then what may be added; then what does not fit."""
        node = self.node(element)
        there = [*_present_attributes(node, element), *_text_rows(node, element), *_present_children(node, element)]
        infos = [info for info in node.attributes if not info.present]
        attributes = [_attribute_row(info) for info in infos]
        children = [_element_row(info) for info in node.elements if info.fits or not info.present]
        absent = sorted([*attributes, *children], key=lambda row: (not row.addable, not row.required))
        return [*there, *absent]

    def add_element(self, parent: Element, name: str) -> Element:
        """A new child with what it requires, at a legal place.  Works also for what does not fit now, or is not known."""
        tag = tag_of(name)
        node = self.node(parent)
        leaves = elements(node.reading.left, tag) or elements(node.reading.whole, tag) or elements(node.whole, tag)
        if not leaves:
            return self._insert(parent, _plain(tag), None)
        return self._insert(parent, make(leaves[:1]), following(node, parent, leaves[0]))

    def set_attribute(self, element: Element, name: str, value: str | None = None) -> str:
        """Sets an attribute, to its first legal value if none is given; gives the value.  Raises Invalid."""
        tag = tag_of(name)
        if value is None:
            info = self.node(element).attribute(name)
            value = (first(info.now) or first(info.value) or "") if info is not None else ""
        self._set(element, tag, value)
        return value

    def set_text(self, element: Element, value: str) -> None:
        """Sets the text of an element; one with children keeps them.  Raises Invalid."""
        self.document.set("", value, at=element)

    def remove_attribute(self, element: Element, name: str) -> None:
        """Removes an attribute, if it is there."""
        element.attrib.pop(tag_of(name), "")

    def remove(self, element: Element) -> None:
        """Removes an element with its line."""
        self.document.remove_element(element)

    def ways(self, element: Element, name: str) -> list[Change]:
        """The fewest changes after which "@attribute" or "child" fits into ``element``; none if it does, or none were found."""
        return ways(self.schema, element, name, self.base)

    def misfits(self, element: Element) -> list[Change]:
        """Removals of all in ``element`` that no longer fits, as after a change of its type; what is unknown stays."""
        return misfits(self.schema, element, self.base)

    def apply(self, change: Change) -> None:
        """Makes a change of ``ways`` or ``misfits``."""
        if not change.attribute:
            self.remove(change.element)
        elif change.value is None:
            self.remove_attribute(change.element, change.attribute)
        else:
            self.set_attribute(change.element, change.attribute, change.value)

    def reach(self, place: str) -> Element:
        """The element of ``place`` (with its attribute), made with all on the way if it is not there.

        Alternatives are taken that fit together and what is there, as far as there are any.  Raises Invalid for no place.
        """
        tags, attribute = steps(place)
        if tags[0] != self.document.root.tag or chain_to(self.schema.start, tags, attribute) is None:
            raise Invalid(_("There is no place “{place}” in this document.").format(place=place))
        element, rest = self._deepest(self.document.root, tags[1:], attribute)
        if rest:
            return self._grow(element, rest, attribute)
        if attribute and attribute not in element.attrib:
            self.set_attribute(element, attribute)
        return element

    def _deepest(self, element: Element, tags: tuple[str, ...], attribute: str) -> tuple[Element, tuple[str, ...]]:
        """The way along elements that are there and lead on; the first of each name."""
        for child in element.iterchildren(tags[0]) if tags else ():
            left = self.node(child).reading.left
            there = child.find(tags[1]) is not None if len(tags) > 1 else bool(attribute) and attribute in child.attrib
            if there or chain_to(left, tags[1:], attribute) is not None:
                return self._deepest(child, tags[1:], attribute)
        first_child = next(element.iterchildren(tags[0]), None) if tags else None
        if first_child is None or chain_to(self.node(element).reading.left, tags, attribute) is not None:
            return element, tags
        return self._deepest(first_child, tags[1:], attribute)  # there is no room for another one

    def _grow(self, parent: Element, tags: tuple[str, ...], attribute: str) -> Element:
        node = self.node(parent)
        ways_down = (chain_to(content, tags, attribute) for content in (node.reading.left, node.reading.whole, node.whole))
        chain = next((way for way in ways_down if way), None)
        if chain is None or not isinstance(chain[0], p.Element):
            raise Invalid(_("There is no place “{place}” in this document.").format(place="/".join(tags)))
        self._add_companions(parent, node, chain[0])
        element = self._insert(parent, make(chain), following(self.node(parent), parent, chain[0]))
        for tag in tags[1:]:
            element = next(element.iterchildren(tag))
        return element

    def _add_companions(self, parent: Element, node: Node, leaf: p.Element) -> None:
        """What the alternative with ``leaf`` requires beside it, and the element does not lack anyway."""
        left = node.reading.left
        wanted = completion(left, frozenset((leaf,))) if leaf in left.leaves else []
        for other in wanted:
            if other is leaf or not left.required.isdisjoint(other.keys_of):
                continue
            if isinstance(other, p.Attribute):
                self._set(parent, other.tag, of_content(other.content))
            elif isinstance(other, p.Element):
                self._insert(parent, make((other,)), following(self.node(parent), parent, other))

    def _insert(self, parent: Element, child: Element, before: Element | None) -> Element:
        return self.document.insert(write_element(child), "", at=parent, before=before)

    def _set(self, element: Element, tag: str, value: str) -> None:
        name = name_of(tag)
        try:
            known = paths.qualified(paths.parse(f"@{name}").attribute) == tag
        except (ValueError, KeyError):
            known = False
        if known:
            self.document.set(f"@{name}", value, at=element)
            return
        try:
            element.set(tag, value)
        except ValueError as error:
            raise Invalid(_("This text cannot be stored."), why=_("It has control characters."), raw=str(error)) from error


def _plain(tag: str) -> Element:
    try:
        return etree.Element(tag, nsmap=namespace_map(tag))
    except ValueError as error:
        raise Invalid(_("“{name}” is no name for an element.").format(name=tag), raw=str(error)) from error


def _present_attributes(node: Node, element: Element) -> list[Row]:
    rows = []
    for tag, value in element.attrib.items():
        info = node.attribute(str(tag))
        name = name_of(str(tag))
        if info is None:
            rows.append(Row(_ATTRIBUTE, name, str(tag), True, str(value), removable=True, known=node.any))
        else:
            rows.append(_attribute_row(info, str(value)))
    return rows


def _attribute_row(info: AttributeInfo, value: str | None = None) -> Row:
    return Row(
        _ATTRIBUTE, info.name, info.tag, info.present, value, None, info.value, info.now, info.required,
        addable=info.fits and not info.present, removable=info.present and not info.required,
        reason=info.reason, description=info.description,
    )  # fmt: skip


def _text_rows(node: Node, element: Element) -> list[Row]:
    text = (element.text or "").strip()
    if node.text is None and not text:
        return []
    return [Row(_TEXT, "", "", bool(text), text, None, node.text, node.text, node.text_required, known=node.text is not None)]


def _present_children(node: Node, element: Element) -> list[Row]:
    infos = {info.tag: info for info in node.elements}
    rows = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        info = infos.get(child.tag)
        value = None if len(child) else (child.text or "").strip() or None
        name = name_of(child.tag)
        if info is None:
            rows.append(Row(_ELEMENT, name, child.tag, True, value, child, removable=True, known=node.any))
        else:
            rows.append(_child_row(info, child, value, node))
    return rows


def _child_row(info: ElementInfo, child: Element, value: str | None, node: Node) -> Row:
    fault = any(each.item.child is child for each in node.reading.faults)
    needed = info.present == 1 and ("<", info.tag) in node.reading.whole.required
    return Row(
        _ELEMENT, info.name, info.tag, True, value, child, required=needed, removable=not needed,
        reason=info.reason if fault else "", description=info.description,
    )  # fmt: skip


def _element_row(info: ElementInfo) -> Row:
    return Row(
        _ELEMENT, info.name, info.tag, False, required=info.required, addable=info.fits,
        reason=info.reason, description=info.description,
    )  # fmt: skip


