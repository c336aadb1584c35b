"""The publisher's checksums beside a file: where they are, and how they are written.

Only SHA-2: MD5 and SHA-1 prove nothing against somebody who wants to deceive.  Signatures are not looked at; the list comes
over an encrypted connection where the server has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from app.errors import Disconnected, HostelryError, TimedOut
from app.install import web
from app.install.digest import Digest, parse

LARGEST = 4 << 20

_BESIDE = (".sha256", ".sha256sum", ".SHA256SUM", ".CHECKSUM", ".sha512", ".sha512sum", ".SHA256")
_LISTS = ("SHA256SUMS", "SHA512SUMS", "CHECKSUM", "sha256sum.txt", "SHA256", "SHA512", "sha256sums.txt", "SHA256SUM")

_ARCHES = "x86_64|aarch64|s390x|ppc64le|armhfp|riscv64|i386"


def find_now(url: str) -> Digest | None:
    """The publisher's checksum of the file at ``url``; None where none was found.  Blocks.

    Raises ``Disconnected`` and ``TimedOut``: a server that does not answer must not pass for one without checksums.
    """
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    for place in places(url):
        try:
            text = web.read(place, limit=LARGEST).decode("utf-8", "replace")
        except (Disconnected, TimedOut):
            if place.startswith("https:") and url.startswith("http:"):
                continue  # this server has no encryption
            raise
        except HostelryError:
            continue
        if digest := parse(text, name, alone=place.removeprefix(_folder(place)).startswith(name)):
            return digest
    return None


def places(url: str) -> Iterator[str]:
    """Where to look, the likeliest first; over an encrypted connection before any other."""
    parts = urlsplit(url)
    folder, name = _folder(url), parts.path.rpartition("/")[2]
    names = [*_derived(unquote(name)), *_LISTS[:2], *(name + suffix for suffix in _BESIDE), *_LISTS[2:]]
    if parts.scheme == "http" and not parts.port:
        yield from ("https" + folder.removeprefix("http") + each for each in names[:4])
    yield from (folder + each for each in names)


def _folder(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[0] + "/"


def _derived(name: str) -> Iterator[str]:
    """Lists that are called after the file."""
    arch = re.search(_ARCHES, name)
    version = re.search(r"\d+-(?:Beta-)?\d+(?:\.\d+)+", name)
    if name.startswith("Fedora-") and arch and version:
        variant = name.split("-")[1]
        yield f"Fedora-{variant}-{version[0]}-{arch[0]}-CHECKSUM"
    if freebsd := re.match(r"(FreeBSD-[\d.]+-[A-Z0-9-]+?-[a-z0-9]+(?:-[a-z0-9]+)?)-(?:disc1|dvd1|bootonly|memstick|mini)", name):
        yield f"CHECKSUM.SHA256-{freebsd[1]}"
