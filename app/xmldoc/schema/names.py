"""Names of elements and attributes as people write them, and places in documents."""

from __future__ import annotations

import re

from app.xmldoc.paths import NAMESPACES

_DRIVER = re.compile(r"http://libvirt\.org/schemas/domain/(\w+)/1\.0")
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


def name_of(tag: str) -> str:
    """lxml's ``{uri}local`` with the usual prefix; unchanged for namespaces that have none."""
    if not tag.startswith("{"):
        return tag
    uri, _brace, local = tag[1:].partition("}")
    prefix = prefix_of(uri)
    return f"{prefix}:{local}" if prefix else tag


def tag_of(name: str) -> str:
    """The other way; a prefix that is not known stays."""
    prefix, _colon, local = name.partition(":")
    if not (prefix and local) or name.startswith("{"):
        return name
    uri = NAMESPACES.get(prefix) or f"http://libvirt.org/schemas/domain/{prefix}/1.0"
    return f"{{{uri}}}{local}"


def prefix_of(uri: str) -> str:
    """ "qemu" for libvirt's namespace of that driver; "" if there is no usual one."""
    match = _DRIVER.fullmatch(uri)
    return _PREFIXES.get(uri) or (match[1] if match else "")


def steps(place: str) -> tuple[tuple[str, ...], str]:
    """Tags of the elements and the attribute ("" if it is an element's place)."""
    *elements, last = place.split("/")
    if last.startswith("@"):
        return tuple(map(tag_of, elements)), tag_of(last[1:])
    return tuple(map(tag_of, (*elements, last))), ""


def place_of(tags: tuple[str, ...], attribute: str = "") -> str:
    """ "domain/devices/disk/@type"."""
    return "/".join([*map(name_of, tags), *([f"@{name_of(attribute)}"] if attribute else [])])


def namespace_map(tag: str) -> dict[str, str]:
    """The prefix that lxml is to give an element with this tag, if it has a usual one."""
    uri = tag[1:].partition("}")[0] if tag.startswith("{") else ""
    prefix = prefix_of(uri)
    return {prefix: uri} if prefix else {}
