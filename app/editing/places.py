"""Where an element stands in its document, by names and numbers; to find it again in a text of the same shape."""

from __future__ import annotations

from app.xmldoc.document import Document, Element

_SLASH = "\x1f"
"""Stands for the slashes of a namespace within one part of a place."""


def place_of(element: Element) -> str:
    """``devices/disk[2]/source``; "" for the root."""
    parts: list[str] = []
    while (parent := element.getparent()) is not None:
        alike = list(parent.iterchildren(element.tag))
        tag = str(element.tag).replace("/", _SLASH)
        parts.append(f"{tag}[{alike.index(element) + 1}]" if len(alike) > 1 else tag)
        element = parent
    return "/".join(reversed(parts))


def at_place(document: Document, place: str) -> Element | None:
    """The element of ``place_of`` in another text; None if there is none."""
    found: Element = document.root
    for part in place.split("/") if place else []:
        name, _bracket, number = part.partition("[")
        tag = name.replace(_SLASH, "/")
        alike = [one for one in found if one.tag == tag]
        index = int(number.rstrip("]")) - 1 if number else 0
        if not 0 <= index < len(alike):
            return None
        found = alike[index]
    return found
