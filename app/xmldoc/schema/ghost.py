"""A document made from what can be read of a text that is being typed."""

from __future__ import annotations

import re

from lxml import etree

from app.xmldoc.schema.names import tag_of
from app.xmldoc.schema.tokens import Attribute, Tag, Tree
from app.xmldoc.writer import Element

_NAME = re.compile(r"(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9.-]*:[\w./#:~-]*", re.ASCII)
_DEEPEST = 200
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&apos;": "'", "&quot;": '"', "&amp;": "&"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Ghost:
    """``elements``: what stands for which tag.  Tags that cannot be elements, and ``without``, are left out."""

    def __init__(self, tree: Tree, text: str, without: Tag | Attribute | None = None) -> None:
        self.elements: dict[Tag, Element] = {}
        self._text = text
        self._without = without
        root = next((tag for tag in tree.top.children if tag is not without and _NAME.fullmatch(tag.name)), None)
        if root is not None:
            self._grow(root)

    def _grow(self, root: Tag) -> None:
        ahead: list[tuple[Tag, Element | None, dict[str, str], int]] = [(root, None, {}, 0)]
        while ahead:
            tag, parent, prefixes, depth = ahead.pop()
            prefixes = prefixes | _declared(tag)
            element = self._make(tag, parent, prefixes)
            if element is None or depth > _DEEPEST:
                continue
            self.elements[tag] = element
            ahead.extend((child, element, prefixes, depth + 1) for child in reversed(tag.children) if child is not self._without)

    def _make(self, tag: Tag, parent: Element | None, prefixes: dict[str, str]) -> Element | None:
        name = _resolved(tag.name, prefixes)
        if name is None:
            return None
        element = etree.Element(name) if parent is None else etree.SubElement(parent, name)
        for attribute in tag.attributes:
            key = _resolved(attribute.name, prefixes)
            if attribute is not self._without and key is not None and attribute.value_start >= 0:
                element.set(key, _plain(attribute.value))
        if tag.inner >= 0 and not tag.children:
            element.text = _plain(self._text[tag.inner : tag.close if tag.close >= 0 else tag.end])
        return element


def _declared(tag: Tag) -> dict[str, str]:
    return {each.name[6:]: each.value for each in tag.attributes if each.name.startswith("xmlns:") and each.value}


def _resolved(name: str, prefixes: dict[str, str]) -> str | None:
    """lxml's spelling; None for what is no name or declares one."""
    match = _NAME.fullmatch(name)
    if match is None or name == "xmlns" or match[1] == "xmlns" or not name.isascii():
        return None
    if not match[1]:
        return name
    uri = prefixes.get(match[1], "")
    if uri and not _URI.fullmatch(uri):
        return None
    return f"{{{uri}}}{match[2]}" if uri else tag_of(name)


def _plain(text: str) -> str:
    if "&" in text:
        for entity, sign in _ENTITIES.items():
            text = text.replace(entity, sign)
    return _CONTROL.sub("", text)
