"""Passwords of a definition: taken out of what is kept, hidden in what is shown."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

ATTRIBUTES = ("passwd", "password")
HIDDEN = "•••"

REMOVED = "removed"
"""In place of a cookie in what is kept: libvirt takes none that is empty."""

_QEMU = f"{{{NAMESPACES['qemu']}}}"
_ARGUMENTS = (f"{_QEMU}arg", f"{_QEMU}env")

_PASSWORD = re.compile(r"\b(passwd|password)=((?:[^,]|,,)*)")
_DATA = re.compile(r"(?<![^,])(data)=((?:[^,]|,,)*)")
"""QEMU's own arguments: ``-object secret,id=a,data=…`` and what ends in a password.  Two commas are one in a value."""

_SECRET = re.compile(r"(?:^|qom-type=|-object[ =])secret(?:,|$)")
_IN_ADDRESS = re.compile(r"(://[^/:@,\s]{1,100}:)([^/@,\s]{1,500})(?=@)")
_NAMES = re.compile(r"passw|secret|token", re.IGNORECASE)
"""Of variables of the environment."""


def without_passwords(xml: str) -> str:
    """The same document without console passwords and the like."""
    document = Document.parse(xml)
    for element in document.root.iter(etree.Element):
        for name in _places_in(element):
            if name in ATTRIBUTES:
                del element.attrib[name]
            else:
                _put(element, name, _kept(element, name))
    return document.to_text()


def hidden(document: Document, before: Document | None = None) -> Document:
    """A copy to show: a dot for each password, and one more where it is not the one of ``before``."""
    known = {} if before is None else _holders(before)
    copy = Document.parse(document.to_text())
    for element in copy.root.iter(etree.Element):
        for name in _places_in(element):
            old = known.get(_place(element))
            same = before is None or (old is not None and _value(old, name) == _value(element, name))
            _put(element, name, shown(element, name, _value(element, name), HIDDEN if same else HIDDEN + HIDDEN[0]) or "")
    return copy


def shown(element: Element | None, name: str, value: str | None, instead: str = HIDDEN) -> str | None:
    """A value of an element with ``instead`` for what is secret in it.  name: of the attribute, "" for the text."""
    if not value or element is None:
        return value
    if name in ATTRIBUTES or (not name and element.tag == "cookie"):
        return instead
    if name == "value" and element.tag in _ARGUMENTS:
        return _argument(str(element.get("name") or ""), value, instead)
    return value


def is_secret(element: Element | None, name: str) -> bool:
    """Whether something secret stands there."""
    return element is not None and name in _places_in(element)


def put_passwords(document: Document, source: Document) -> None:
    """Gives elements that have no password the one that stands at the same place of ``source``."""
    known = _holders(source)
    if not known:
        return
    for element in document.root.iter(etree.Element):
        old = known.get(_place(element))
        if old is None or old.tag != element.tag or old.get("type") != element.get("type"):
            continue
        for name in _places_in(old):
            missing = name not in element.attrib if name in ATTRIBUTES else _value(element, name) == _kept(old, name)
            if missing:
                _put(element, name, _value(old, name) or "")


def _holders(document: Document) -> dict[str, Element]:
    """Elements with something secret, by their place."""
    return {_place(element): element for element in document.root.iter(etree.Element) if _places_in(element)}


def _places_in(element: Element) -> list[str]:
    """Where something secret is: names of attributes, "" for the text."""
    found = [name for name in ATTRIBUTES if name in element.attrib]
    if element.tag == "cookie" and element.text:
        found.append("")
    if element.tag in _ARGUMENTS and (value := element.get("value")) and shown(element, "value", value, "") != value:
        found.append("value")
    return found


def _kept(element: Element, name: str) -> str:
    """Of a value that is no password as a whole attribute: what is kept of it."""
    return shown(element, name, _value(element, name), "" if name else REMOVED) or ""


def _value(element: Element, name: str) -> str | None:
    return element.get(name) if name else element.text


def _put(element: Element, name: str, value: str) -> None:
    if name:
        element.set(name, value)
    else:
        element.text = value


def _place(element: Element) -> str:
    return str(element.getroottree().getpath(element))


def _argument(variable: str, value: str, instead: str) -> str:
    """One of QEMU's arguments, or the value of a variable of its environment."""
    if variable and _NAMES.search(variable):
        return instead
    if value.lstrip().startswith("{"):
        return _json(value, instead)
    value = _PASSWORD.sub(lambda match: f"{match[1]}={instead}", value)
    if _SECRET.search(value):
        value = _DATA.sub(lambda match: f"{match[1]}={instead}", value)
    return _IN_ADDRESS.sub(lambda match: f"{match[1]}{instead}", value)


def _json(value: str, instead: str) -> str:
    """QEMU takes its options as JSON as well."""
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return json.dumps(told) if _cleaned(told, instead) else value


def _cleaned(told: Any, instead: str) -> bool:
    """Changes it in place; whether there was anything."""
    inner = list(told.values()) if isinstance(told, dict) else told if isinstance(told, list) else []
    done = [_cleaned(one, instead) for one in inner]
    if not isinstance(told, dict):
        return any(done)
    names = [*ATTRIBUTES, *(["data"] if told.get("qom-type") == "secret" else [])]
    found = [name for name in names if isinstance(told.get(name), str) and told[name] != instead]
    told.update(dict.fromkeys(found, instead))
    return bool(found) or any(done)
