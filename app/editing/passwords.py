"""Passwords of a definition: taken out of what is kept, hidden in what is shown."""

from __future__ import annotations

import re

from lxml import etree

from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

ATTRIBUTES = ("passwd", "password")
HIDDEN = "•••"

_QEMU = f"{{{NAMESPACES['qemu']}}}"
_IN_ARGUMENT = re.compile(r"\b(passwd|password|secret,(?:[^,=]*=[^,]*,)*?data)=([^,]*)")
"""QEMU's own arguments: ``-object secret,id=a,data=…`` and what ends in a password."""


def without_passwords(xml: str) -> str:
    """The same document without console passwords and the like."""
    document = Document.parse(xml)
    for element in document.root.iter(etree.Element):
        for name in ATTRIBUTES:
            if name in element.attrib:
                del element.attrib[name]
        _in_arguments(element, "")
    return document.to_text()


def hidden(document: Document, before: Document | None = None) -> Document:
    """A copy to show: a dot for each password, and one more where it is not the one of ``before``."""
    known = {} if before is None else {_place(element): element for element in before.root.iter(etree.Element) if _has(element)}
    copy = Document.parse(document.to_text())
    for element in copy.root.iter(etree.Element):
        if _has(element):
            old = known.get(_place(element))
            for name in ATTRIBUTES:
                if name in element.attrib:
                    same = before is None or (old is not None and old.get(name) == element.get(name))
                    element.set(name, HIDDEN if same else HIDDEN + HIDDEN[0])
        _in_arguments(element, HIDDEN)
    return copy


def _has(element: Element) -> bool:
    return any(name in element.attrib for name in ATTRIBUTES)


def _in_arguments(element: Element, instead: str) -> None:
    if element.tag in (f"{_QEMU}arg", f"{_QEMU}env") and (value := element.get("value")):
        cleaned = _IN_ARGUMENT.sub(lambda match: f"{match[1]}={instead}", str(value))
        if cleaned != value:
            element.set("value", cleaned)


def _place(element: Element) -> str:
    return str(element.getroottree().getpath(element))


def put_passwords(document: Document, source: Document) -> None:
    """Gives elements that have no password the one that stands at the same place of ``source``."""
    known = {_place(element): element for element in source.root.iter(etree.Element)}
    for element in document.root.iter(etree.Element):
        old = known.get(_place(element))
        for name in ATTRIBUTES:
            alike = old is not None and old.tag == element.tag and old.get("type") == element.get("type")
            if old is not None and alike and name not in element.attrib and (value := old.get(name)) is not None:
                element.set(name, value)
