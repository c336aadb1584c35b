"""Puts elements in and takes them out so that the lines around them look untouched."""

from __future__ import annotations

from app.xmldoc.writer import Element

UNIT = "  "
"""libvirt's own indentation step."""


def append_indented(parent: Element, child: Element) -> None:
    """Adds ``child`` behind the last sibling of its name, else last; takes the siblings' indentation."""
    alike = [sibling for sibling in parent if sibling.tag == child.tag]
    last = alike[-1] if alike else (parent[-1] if len(parent) else None)
    outer = _indentation(parent)
    inner = _child_indentation(parent, outer)
    indent_subtree(child, inner)
    if last is None and (parent.text or "").strip():  # the text is a value: <backend>/dev/urandom</backend>
        parent.append(child)
        return
    if last is None:
        parent.text = f"\n{inner}"
        child.tail = f"\n{outer}"
        parent.append(child)
        return
    tail = last.tail
    last.addnext(child)  # lxml moves the sibling's tail behind the child
    child.tail = tail if tail and "\n" in tail else f"\n{outer}"
    last.tail = f"\n{inner}"


def insert_indented(sibling: Element, child: Element) -> None:
    """Adds ``child`` on a line of its own in front of ``sibling``."""
    parent = sibling.getparent()
    if parent is None:
        raise ValueError("there is one root element")
    lines = "\n" in _text_before(parent, sibling.getprevious())
    inner = _indentation(sibling)
    indent_subtree(child, inner)
    sibling.addprevious(child)
    child.tail = f"\n{inner}" if lines else None


def remove_indented(element: Element) -> None:
    """Removes ``element`` and its line; text beside it stays."""
    parent = element.getparent()
    if parent is None:
        raise ValueError("the root element stays")
    previous = element.getprevious()
    tail = element.tail or ""
    if element.getnext() is None or tail.strip():
        _set_text_before(parent, previous, _without_line(_text_before(parent, previous)) + tail)
    parent.remove(element)
    if len(parent) == 0 and not (parent.text or "").strip():
        parent.text = None


def indent_subtree(element: Element, indentation: str) -> None:
    """Lays out a new element's children, unless it carries text of its own beside them."""
    children = list(element)
    if not children or (element.text or "").strip() or any((child.tail or "").strip() for child in children):
        return
    element.text = f"\n{indentation}{UNIT}"
    for child in children:
        indent_subtree(child, indentation + UNIT)
        child.tail = f"\n{indentation}{UNIT}"
    children[-1].tail = f"\n{indentation}"


def _without_line(text: str) -> str:
    """Without the blanks of a line's beginning; blanks that end a text on the same line belong to it."""
    bare = text.rstrip(" \t\n")
    return bare if "\n" in text[len(bare) :] or not bare else text


def _text_before(parent: Element, previous: Element | None) -> str:
    return (parent.text if previous is None else previous.tail) or ""


def _set_text_before(parent: Element, previous: Element | None, text: str) -> None:
    if previous is None:
        parent.text = text
    else:
        previous.tail = text


def _indentation(element: Element) -> str:
    """The blanks in front of ``element`` on its line."""
    parent = element.getparent()
    if parent is None:
        return ""
    text = _text_before(parent, element.getprevious())
    after = text.rpartition("\n")[2]
    return after if "\n" in text and not after.strip() else _indentation(parent) + UNIT


def _child_indentation(parent: Element, outer: str) -> str:
    text = parent.text or ""
    after = text.rpartition("\n")[2]
    return after if len(parent) and "\n" in text and not after.strip() else outer + UNIT
