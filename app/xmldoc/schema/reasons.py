"""Why something cannot be added to an element, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n import _
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.names import name_of
from app.xmldoc.schema.reading import Item, elements

if TYPE_CHECKING:
    from app.xmldoc.schema.model import Node


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What excludes something: ``item`` of ``node``, which is the element itself or one around it."""

    node: Node
    item: Item


def reason(node: Node, key: p.Key) -> str:
    """What excludes ``key`` (an attribute or child) in ``node``, whose schema has it in some alternative."""
    if node.element is None:
        return ""
    if key[0] == "<" and any(child.tag == key[1] for child in node.element) and not _excluded_elsewhere(node, key):
        return _("It is there already, and may be there only once.")
    obstacle = next(obstacles(node, key), None)
    if obstacle is None:
        return _("It does not go together with what is there already.")
    return _sentence(obstacle, inside=obstacle.node is node)


def obstacles(node: Node, key: p.Key) -> Iterator[Obstacle]:
    """Whatever alone is enough to exclude ``key``, the nearest first."""
    path: tuple[str, ...] = ()
    above: Node | None = node
    while above is not None and above.element is not None:
        for item in above.items:
            on_the_way = path and item.key == ("<", path[0])
            if item.key == key and above is node:
                continue
            if not on_the_way and not _leads(above.left_with(item), path, key):
                yield Obstacle(above, item)
        path, above = (above.tag, *path), above.parent


def _leads(content: p.Pattern, path: tuple[str, ...], key: p.Key) -> bool:
    """Whether ``key`` is possible below ``content`` at the end of ``path``."""
    if not path:
        return bool(content.named(*key))
    return any(_leads(each.content, path[1:], key) for each in elements(content, path[0]))


def _excluded_elsewhere(node: Node, key: p.Key) -> bool:
    return not node.reading.whole.named(*key) or next(obstacles(node, key), None) is not None


def _sentence(obstacle: Obstacle, *, inside: bool) -> str:
    item, around = obstacle.item, obstacle.node.name
    name = name_of(item.name)
    if item.kind == "@" and inside:
        return _("Not with {name}='{value}'.").format(name=name, value=item.value)
    if item.kind == "@":
        return _("Not with {name}='{value}' in <{element}>.").format(name=name, value=item.value, element=around)
    if item.kind == "<":
        return _("Not with <{name}> in <{element}>.").format(name=name, element=around)
    return _("Not with the text in <{element}>.").format(element=around)
