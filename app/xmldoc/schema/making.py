"""Makes elements that have what the schema requires of them, and finds where they may stand."""

from __future__ import annotations

from lxml import etree

from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.model import Node
from app.xmldoc.schema.names import namespace_map
from app.xmldoc.schema.reading import elements, ordered_children
from app.xmldoc.schema.residual import completion, is_possible, without
from app.xmldoc.schema.sample import of_content
from app.xmldoc.writer import Element

Chain = tuple[p.Named, ...]
"""An element of the schema, one inside it and so on; an attribute may be the last."""


def make(chain: Chain) -> Element:
    """The first element of ``chain`` with all that it requires, and with the rest of the chain inside."""
    leaf, *rest = chain
    element = etree.Element(leaf.tag, nsmap=namespace_map(leaf.tag))
    must = frozenset[p.Leaf](rest[:1])
    for item in completion(leaf.content, must):
        if isinstance(item, p.Attribute):
            element.set(item.tag, of_content(item.content))
        elif isinstance(item, p.Element):
            element.append(make(tuple(rest) if item in must else (item,)))
        else:
            element.text = of_content(leaf.content if _only_text(leaf.content) else item)
    return element


def _only_text(content: p.Pattern) -> bool:
    """Whether any of the alternatives for a text may be taken."""
    return all(leaf.keys_of == (("#", ""),) for leaf in content.order)


def chain_to(content: p.Pattern, tags: tuple[str, ...], attribute: str) -> Chain | None:
    """The way down from ``content`` along ``tags`` to ``attribute``, or "" for the last element itself."""
    if not tags:
        leaves = content.named("@", attribute) if attribute else ()
        return next(((leaf,) for leaf in leaves if isinstance(leaf, p.Attribute)), None if attribute else ())
    for leaf in elements(content, tags[0]):
        if is_possible(leaf.content):
            rest = chain_to(leaf.content, tags[1:], attribute)
            if rest is not None:
                return (leaf, *rest)
    return None


def following(node: Node, parent: Element, leaf: p.Element) -> Element | None:
    """The child in front of which a new ``leaf`` has to stand; None: where the document puts it, or last."""
    content = ordered_children(node.reading.whole)
    if content is None:
        return None
    children = [child for child in parent if isinstance(child.tag, str)]
    symbols = [frozenset[p.Leaf](node.reading.chosen.get(child, ())) for child in children]
    usual = max((place + 1 for place, child in enumerate(children) if child.tag == leaf.tag), default=len(children))
    for place in (usual, *range(len(children), -1, -1)):
        if _in_order(content, [*symbols[:place], frozenset((leaf,)), *symbols[place:]]):
            return None if place == usual else (children[place] if place < len(children) else None)
    return None


def _in_order(content: p.Pattern, symbols: list[frozenset[p.Leaf]]) -> bool:
    """Whether the children may come like this; what the schema does not know may be anywhere."""
    for symbol in symbols:
        if symbol:
            content = without(content, symbol, "behind")
            if content is p.NOT_ALLOWED:
                return False
    return True
