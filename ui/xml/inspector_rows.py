"""The tree of what an element has: its attributes, its text and its children, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from app.editing.places import place_of
from app.xmldoc.schema.names import name_of
from app.xmldoc.writer import Element

ROLE = Qt.ItemDataRole.UserRole
NAME, VALUE = 0, 1
HIDDEN = frozenset({"passwd", "password"})
"""Attributes whose value is shown as dots."""


@dataclass(frozen=True, slots=True)
class Spot:
    """kind: "element", "attribute", "text".  place: of the element.  name: of the attribute, as people see it."""

    kind: str
    place: str
    name: str = ""


def fill(tree: QTreeWidget, element: Element) -> None:
    """Shows ``element`` anew; what was open and current stays so."""
    opened = {spot_of(item) for item in _all(tree) if item.isExpanded()}
    current = spot_of(tree.currentItem())
    first = not tree.topLevelItemCount()
    tree.clear()
    root = _element_item(element)
    tree.addTopLevelItem(root)
    for item in _all(tree):
        item.setExpanded(spot_of(item) in opened or (first and item is root))
    chosen = next((item for item in _all(tree) if spot_of(item) == current), root)
    tree.setCurrentItem(chosen)


def spot_of(item: QTreeWidgetItem | None) -> Spot | None:
    """What the row stands for."""
    found = item.data(NAME, ROLE) if item is not None else None
    return found if isinstance(found, Spot) else None


def item_of(tree: QTreeWidget, spot: Spot) -> QTreeWidgetItem | None:
    """The row that stands for ``spot``."""
    return next((item for item in _all(tree) if spot_of(item) == spot), None)


def _all(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    found: list[QTreeWidgetItem] = []
    waiting = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    while waiting:
        item = waiting.pop()
        if item is not None:
            found.append(item)
            waiting.extend(item.child(number) for number in range(item.childCount()))
    return found


def _element_item(element: Element) -> QTreeWidgetItem:
    place = place_of(element)
    item = _item(Spot("element", place), f"<{name_of(str(element.tag))}>", "")
    for tag, value in element.attrib.items():
        name = name_of(str(tag))
        item.addChild(_item(Spot("attribute", place, name), name, str(value), editable=True))
    text = (element.text or "").strip()
    if text:
        item.addChild(_item(Spot("text", place), "", text, editable=True))
    item.setText(VALUE, _glance(element))
    for child in element:
        if isinstance(child.tag, str):
            item.addChild(_element_item(child))
    return item


def _glance(element: Element) -> str:
    """What a closed row shows: the text, or the attributes."""
    values = ((name_of(str(tag)), str(value)) for tag, value in element.attrib.items())
    shown = [f"{name}={'•' * 8 if name in HIDDEN else value}" for name, value in values]
    return " ".join([*shown, " ".join((element.text or "").split())]).strip()


def _item(spot: Spot, name: str, value: str, *, editable: bool = False) -> QTreeWidgetItem:
    shown = "•" * 8 if spot.name in HIDDEN and value else value
    item = QTreeWidgetItem([name, shown])
    item.setData(NAME, ROLE, spot)
    item.setData(VALUE, ROLE, value)
    if editable:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    return item
