"""Finding a device again: in another text of the same machine (running, changed from outside, after undo)."""

from __future__ import annotations

from app.devices.catalogue import type_of
from app.xmldoc.document import Document, Element


def devices(document: Document) -> list[Element]:
    """The elements below ``<devices>`` but for ``<emulator>``, in order."""
    parent = document.find("devices")
    return [] if parent is None else [child for child in parent if isinstance(child.tag, str) and child.tag != "emulator"]


def same_device(document: Document, element: Element, other: Document) -> Element | None:
    """``element`` in ``other``: by the first key of its type that both have, else by its place among its like."""
    kind = type_of(element)
    alike = [candidate for candidate in devices(other) if candidate.tag == element.tag and type_of(candidate) is kind]
    for key in kind.keys if kind is not None else ("alias/@name",):
        value = document.get(key, None, element)
        found = [candidate for candidate in alike if value is not None and other.get(key, None, candidate) == value]
        if len(found) == 1:
            return found[0]
        if value is not None and any(other.get(key, None, candidate) is not None for candidate in alike):
            return None if not found else found[0]
    mine = [one for one in devices(document) if one.tag == element.tag and type_of(one) is kind]
    place = mine.index(element) if element in mine else -1
    return alike[place] if 0 <= place < len(alike) and len(alike) == len(mine) else None
