"""Writes an lxml tree as libvirt writes its XML, so that an edit changes only what was edited.

libvirt quotes attributes with ``'`` and escapes both quotes (virBufferEscapeString); inside
``<metadata>`` it has libxml2 dump the nodes, which quotes with ``"`` and puts namespaces first.
lxml's own ``tostring`` would turn every quote of a definition around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

Element = etree._Element

XML_NS = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True)
class _Style:
    """How one part of the document spells attributes and text."""

    quote: str
    namespaces_first: bool
    text: dict[int, str]
    attribute: dict[int, str]


_BASE = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_BLANKS = {ord("\n"): "&#10;", ord("\t"): "&#9;"}
_QUOTES = {ord("'"): "&apos;", ord('"'): "&quot;"}
_LIBVIRT = _Style("'", False, _BASE | _QUOTES, _BASE | _QUOTES | _BLANKS)
_LIBXML2 = _Style('"', True, _BASE, _BASE | _BLANKS | {ord('"'): "&quot;"})


def write(root: Element) -> str:
    """The document of ``root`` with the comments around it; no XML declaration."""
    before = list(root.itersiblings(preceding=True))[::-1]
    after = list(root.itersiblings())
    return "".join([*(f"{_misc(node)}\n" for node in before), write_element(root), *(f"\n{_misc(node)}" for node in after), "\n"])


def write_element(element: Element) -> str:
    """One element with its content, without its tail."""
    return "".join(_element(element, _LIBVIRT, {}))


def _misc(node: Element) -> str:
    """A comment or processing instruction."""
    text = node.text or ""
    if not isinstance(node, etree._ProcessingInstruction):
        return f"<!--{text}-->"
    target = str(node.target)
    return f"<?{target} {text}?>" if text else f"<?{target}?>"


def _element(element: Element, style: _Style, scope: dict[str | None, str]) -> Iterator[str]:
    nsmap = dict(element.nsmap)
    if style is _LIBVIRT and nsmap == scope and (quick := _quick(element, len(nsmap))) is not None:
        yield quick
        return
    tag = _qualified(element, str(element.tag), attribute=False)
    declared = _declarations(nsmap, scope, style)
    attributes = [
        f" {_qualified(element, str(key), attribute=True)}={style.quote}{str(value).translate(style.attribute)}{style.quote}"
        for key, value in element.attrib.items()
    ]
    parts = [*declared, *attributes] if style.namespaces_first else [*attributes, *declared]
    yield f"<{tag}{''.join(parts)}"
    if element.text is None and len(element) == 0:
        yield "/>"
        return
    yield f">{(element.text or '').translate(style.text)}"
    inner = _LIBXML2 if tag == "metadata" else style
    for child in element:
        yield from _element(child, inner, nsmap) if isinstance(child.tag, str) else (_misc(child),)
        yield (child.tail or "").translate(inner.text)
    yield f"</{tag}>"


_SLOW = re.compile(r"'|<!|<\?|metadata|>[^<\"]*\"")
"""Where lxml's own text differs from ours in more than the quotes: quotes in values, comments, ``<metadata>``."""

_IN_SCOPE = re.compile(r"(?<=[^\s/>])(?: xmlns(?::[\w.-]+)?=\"[^\"]*\")+")


def _quick(element: Element, in_scope: int) -> str | None:
    """By lxml, which is ten times faster, where that gives the same: a definition is written at each key that is pressed.

    in_scope: how many namespaces are declared above; lxml declares them once more.
    """
    text = str(etree.tostring(element, encoding="unicode", with_tail=False))
    if text.count("xmlns") != in_scope or _SLOW.search(text):
        return None
    return (_IN_SCOPE.sub("", text, count=1) if in_scope else text).replace('"', "'")


def _declarations(nsmap: dict[str | None, str], scope: dict[str | None, str], style: _Style) -> list[str]:
    """The ``xmlns`` attributes that this element adds to its parent's."""
    fresh = [(f":{prefix}" if prefix else "", uri) for prefix, uri in nsmap.items() if scope.get(prefix) != uri]
    return [f" xmlns{prefix}={style.quote}{uri.translate(style.attribute)}{style.quote}" for prefix, uri in fresh]


def _qualified(element: Element, name: str, *, attribute: bool) -> str:
    """``{uri}local`` spelled with a prefix in scope."""
    if not name.startswith("{"):
        return name
    uri, local = name[1:].split("}", 1)
    if uri == XML_NS:
        return f"xml:{local}"
    if not attribute:
        return f"{element.prefix}:{local}" if element.prefix else local
    return next(f"{prefix}:{local}" for prefix, known in element.nsmap.items() if known == uri and prefix)
