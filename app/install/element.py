"""XML elements written as nested calls."""

from __future__ import annotations

from lxml import etree

from app.xmldoc import Element


def element(tag: str, *content: Element | str | None, **attributes: str | int | None) -> Element:
    """``element("disk", element("source", file=path), type="file")``; None children and attributes are left out.

    A trailing underscore keeps Python's words apart: ``type_``.
    """
    made = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_"), str(value))
    for child in content:
        if isinstance(child, str):
            made.text = child
        elif child is not None:
            made.append(child)
    return made
