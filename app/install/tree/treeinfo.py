"""``.treeinfo``: the file with which Fedora, RHEL, their relatives and openSUSE describe a tree.

productmd's documentation, "Treeinfo file format 1.x".
"""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from app.install.digest import Digest

NAMES = (".treeinfo", "treeinfo")

LARGEST = 256 << 10

_DIGEST = re.compile(r"(md5|sha1|sha224|sha256|sha384|sha512):([0-9a-fA-F]{32,128})")
_BLANKS = re.compile(r"[^\S\n]+")
"""configparser takes minutes for a line with very many of them."""

_STRONG = ("sha512", "sha384", "sha256")


@dataclass(frozen=True, slots=True)
class TreeInfo:
    """family: "Fedora".  kernel, initrd: below the tree.  digests: by path in small letters, without weak ones (MD5, SHA-1)."""

    family: str
    version: str
    arch: str
    kernel: str
    initrd: str
    variant: str = ""
    digests: dict[str, Digest] = field(default_factory=dict)


def parse(text: str, arch: str = "") -> TreeInfo | None:
    """arch: the wanted one, for trees with several; None for what is no tree description with a kernel and a ramdisk."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(_BLANKS.sub(" ", text))
    except configparser.Error:
        return None
    general = dict(parser["general"]) if parser.has_section("general") else {}
    own = general.get("arch") or ""
    for candidate in dict.fromkeys(name for name in (arch, own, *_arches(parser)) if name):
        section = f"images-{candidate}"
        if parser.has_section(section):
            kernel, initrd = parser[section].get("kernel"), parser[section].get("initrd")
            if kernel and initrd and _below(kernel) and _below(initrd):
                family, version = _product(parser, general)
                return TreeInfo(family, version, candidate, kernel, initrd, general.get("variant") or "", _digests(parser))
    return None


def _arches(parser: configparser.RawConfigParser) -> list[str]:
    return [name.removeprefix("images-") for name in parser.sections() if name.startswith("images-") and name != "images-xen"]


def _product(parser: configparser.RawConfigParser, general: dict[str, str]) -> tuple[str, str]:
    release = parser["release"] if parser.has_section("release") else {}
    family = general.get("family") or release.get("name") or ""
    return family.strip(), (general.get("version") or release.get("version") or "").strip()


def _below(path: str) -> bool:
    """Whether the path stays in the tree and on its server."""
    parts = urlsplit(path)
    absolute = parts.scheme or parts.netloc or path.startswith("/")
    return not absolute and ".." not in path.split("/") and urljoin("http://h/t/", path).startswith("http://h/t/")


def _digests(parser: configparser.RawConfigParser) -> dict[str, Digest]:
    found = {}
    for path, value in parser["checksums"].items() if parser.has_section("checksums") else ():
        match = _DIGEST.fullmatch((value or "").strip())
        if match and match[1] in _STRONG:
            found[path] = Digest(match[1], match[2].lower())
    return found
