"""The small path language in which settings name their place in a document.

``devices/disk[@device='cdrom']/source/@file``: steps of element names, each with any number of
predicates ``[@attr='v']``, ``[child='v']`` or ``[n]`` (from 1), and at the end an optional
``@attribute``.  Every path is valid XPath too; unlike XPath it also says what to create.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

NAMESPACES = {
    "qemu": "http://libvirt.org/schemas/domain/qemu/1.0",
    "lxc": "http://libvirt.org/schemas/domain/lxc/1.0",
    "bhyve": "http://libvirt.org/schemas/domain/bhyve/1.0",
    "xen": "http://libvirt.org/schemas/domain/xen/1.0",
    "vmware": "http://libvirt.org/schemas/domain/vmware/1.0",
    "libosinfo": "http://libosinfo.org/xmlns/libvirt/domain/1.0",
    "hostelry": "https://hostelry.github.io/xmlns/1",
    "install": "https://hostelry.github.io/xmlns/install/1",
}
"""Prefixes that paths may use.

"hostelry" and "install" are our own in ``<metadata>``: they stand in people's definitions, so never change them.
"""

_NAME = r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*"
_STEP = re.compile(rf"(?P<name>{_NAME})(?P<predicates>(?:\[[^\]]*\])*)")
_PREDICATE = re.compile(rf"\[(?:(?P<index>\d+)|(?P<at>@)?(?P<name>{_NAME})=(?P<q>['\"])(?P<value>.*?)(?P=q))\]")


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition of a step; exactly one of ``index`` (from 1) and ``name`` is set."""

    name: str = ""
    value: str = ""
    attribute: bool = False
    index: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One element on the way."""

    name: str
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """The steps, and the attribute at the end or ``""`` for the element's text."""

    steps: tuple[Step, ...]
    attribute: str = ""


def qualified(name: str) -> str:
    """``qemu:commandline`` as lxml's ``{uri}commandline``."""
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


@lru_cache(maxsize=512)
def parse(path: str) -> Path:
    """Raises ``ValueError`` for what is no path: a programmer's mistake, never a user's."""
    steps: list[Step] = []
    attribute, rest = "", path
    while rest:
        if rest.startswith("@") and re.fullmatch(_NAME, rest[1:]):
            attribute, rest = rest[1:], ""
            break
        match = _STEP.match(rest)
        if match is None or rest[match.end() : match.end() + 1] not in ("", "/"):
            raise ValueError(f"not a path: {path!r}")
        steps.append(Step(match["name"], _predicates(match["predicates"], path)))
        rest = rest[match.end() + 1 :]
    return Path(tuple(steps), attribute)


def _predicates(text: str, path: str) -> tuple[Predicate, ...]:
    found = list(_PREDICATE.finditer(text))
    if "".join(match[0] for match in found) != text:
        raise ValueError(f"not a path: {path!r}")
    return tuple(
        Predicate(index=int(match["index"])) if match["index"] else Predicate(match["name"], match["value"], bool(match["at"]))
        for match in found
    )
