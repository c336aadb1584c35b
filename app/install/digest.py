"""Checksums of the SHA-2 family, and the lists in which publishers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BY_LENGTH = {64: "sha256", 96: "sha384", 128: "sha512"}

_GNU = re.compile(r"\\?([0-9a-fA-F]{64,128})(?:[ \t]+\*?(\S.*))?")
_BSD = re.compile(r"(SHA256|SHA384|SHA512) ?\((.+)\) ?= ?([0-9a-fA-F]{64,128})")
"""Of lines without blanks around them: two parts that may both take a run of blanks would make long runs a matter of hours."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A checksum that the publisher gives.  kind: of hashlib ("sha256")."""

    kind: str
    value: str


def parse(text: str, name: str, *, alone: bool = False) -> Digest | None:
    """The strongest checksum of ``name`` in a list; alone: a line without a name is about it."""
    found: list[Digest] = []
    for line in text.splitlines():
        if bsd := _BSD.fullmatch(line.strip()):
            kind, named, value = bsd[1].lower(), bsd[2], bsd[3]
        elif gnu := _GNU.fullmatch(line.strip()):
            kind, named, value = _BY_LENGTH.get(len(gnu[1]), ""), gnu[2] or (name if alone else ""), gnu[1]
        else:
            continue
        if _same(named, name) and _BY_LENGTH.get(len(value)) == kind:
            found.append(Digest(kind, value.lower()))
    return max(found, key=lambda digest: len(digest.value), default=None)


def _same(named: str, name: str) -> bool:
    """Lists have plain names or paths below their folder; a wanted path must fit as a whole."""
    plain = named.removeprefix("./")
    return plain == name if "/" in name else plain.rpartition("/")[2] == name
