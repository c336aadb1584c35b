"""Finds kernel and ramdisk in the tree at an address."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import urljoin

from app.errors import HostelryError, Invalid, NotFound
from app.i18n import _
from app.install import digest, web
from app.install.background import in_thread
from app.install.digest import Digest
from app.install.tree import layouts, recognise, treeinfo
from app.install.tree.arguments import arguments
from app.install.tree.record import Tree
from app.install.tree.treeinfo import TreeInfo

SILENCE_S = 15.0
TOTAL_S = 90.0
"""For all questions together."""

_RELEASE_MOST, _SUMS_MOST = 8 << 20, 1 << 20


async def find(url: str, arch: str = "x86_64") -> Tree:
    """The tree at ``url``.  Raises ``Invalid`` (no address), ``NotFound`` (no tree there), ``Disconnected``, ``TimedOut``."""
    return await in_thread(lambda: find_now(url, arch), timeout_s=TOTAL_S, what=_("The address cannot be looked at."))


def find_now(url: str, arch: str = "x86_64") -> Tree:
    """The same on the calling thread."""
    base = _base(url)
    described = _described(base, arch) or _layout(base, arch)
    if described is None:
        raise NotFound(
            _("No installer was found at {url}.").format(url=base),
            why=_("There is neither a description (.treeinfo) nor a kernel where the distributions have it."),
            next_step=_("Give the address of the folder that holds the tree, such as https://deb.debian.org/debian/dists/stable/."),
        )
    return described


def _base(url: str) -> str:
    """With a slash at the end; the address of the description itself means its folder."""
    base = web.checked(url)
    if "?" in base:
        raise Invalid(_("This address cannot be used."), why=_("It has a question mark, and a folder's has none."))
    base = base.rstrip("/")
    for name in treeinfo.NAMES:
        base = base.removesuffix(f"/{name}")
    return base + "/"


def _described(base: str, arch: str) -> Tree | None:
    for name in treeinfo.NAMES:
        text = _text(base + name, treeinfo.LARGEST)
        info = treeinfo.parse(text, arch) if text else None
        if info is not None:
            return _from_info(base, text, info)
    return None


def _from_info(base: str, text: str, info: TreeInfo) -> Tree:
    known = recognise.by_treeinfo(text, base)
    if not known.os_id:
        known = recognise.by_words(info.family, info.version)
    family = _family(info.family)
    kernel, initrd = urljoin(base, info.kernel), urljoin(base, info.initrd)
    paths = {path: info.digests.get(path.lower()) for path in (info.kernel, info.initrd)}
    digests = {urljoin(base, path): each for path, each in paths.items() if each is not None}
    told = arguments(family, base, version=info.version, argument=known.argument, kernel=kernel, arch=info.arch)
    return Tree(base, kernel, initrd, info.arch, known.os_id, known.title, told, digests)


def _family(name: str) -> str:
    """Our word for the maker's ("Red Hat Enterprise Linux", "openSUSE Leap")."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    return next((word for mark, word in (("suse", "suse"), ("redhat", "rhel"), ("rhel", "rhel")) if mark in plain), plain)


def _layout(base: str, arch: str) -> Tree | None:
    for place in layouts.places(base, arch):
        kernel, initrd = place.base + place.kernel, place.base + place.initrd
        if web.there(kernel, silence_s=SILENCE_S) and web.there(initrd, silence_s=SILENCE_S):
            known = _known(place.family, base)
            told = _live(kernel) if place.family == "ubuntu-live" else ""
            told = told or arguments(place.family, base, argument=known.argument, kernel=kernel, arch=arch)
            return Tree(base, kernel, initrd, arch, known.os_id, known.title, told, _listed(kernel, initrd))
    return None


def _live(kernel: str) -> str:
    """Ubuntu's ramdisk downloads the whole medium, whose address its own boot menu has."""
    folder = kernel.rpartition("/")[0]
    for name in ("grub/grub.cfg", "pxelinux.cfg/default"):
        found = medium_named(_text(f"{folder}/{name}", treeinfo.LARGEST))
        with contextlib.suppress(Invalid):
            if found and web.checked(found[1]):
                return f"{found[0]} ip=dhcp"
    return ""


_MEDIUM = re.compile(r"\b(?:iso-)?url=((?:https?|ftp)://[^\s\"']{1,500}\.iso)")


def medium_named(menu: str) -> tuple[str, str] | None:
    """Of a boot menu: the kernel's argument that says from where the ramdisk takes the medium, and the address in it."""
    found = _MEDIUM.search(menu)
    return (found[0], found[1]) if found else None


def _listed(kernel: str, initrd: str) -> dict[str, Digest]:
    """Debian's and Ubuntu's checksums: one list for all images of the installer."""
    folder, mark, _rest = kernel.rpartition("images/")
    text = _text(f"{folder}{mark}SHA256SUMS", _SUMS_MOST) if "/installer-" in folder else ""
    found = {url: digest.parse(text, url.removeprefix(folder + mark)) for url in (kernel, initrd)} if text else {}
    return {url: each for url, each in found.items() if each is not None}


def _known(family: str, base: str) -> recognise.Known:
    if family == "debian":
        suite = layouts.suite(base)
        text = _text(suite + "Release", _RELEASE_MOST) if suite else ""
        return recognise.by_release(text) if text else recognise.Known("", "Debian, Ubuntu")
    names = {"fedora": "Fedora", "suse": "SUSE", "arch": "Arch Linux", "mageia": "Mageia", "alpine": "Alpine Linux"}
    names |= {"ubuntu-live": "Ubuntu Server"}
    known = recognise.by_words("archlinux", "") if family == "arch" else recognise.Known()
    return recognise.Known(known.os_id, names.get(family, ""), None)


def _text(url: str, limit: int) -> str:
    """The file, "" if there is none; a server that does not answer ends the search."""
    try:
        return web.read(url, limit=limit, silence_s=SILENCE_S).decode("utf-8", "replace")
    except (NotFound, Invalid):
        return ""
    except HostelryError as error:
        if error.raw[:3] in ("403", "401", "406"):  # some servers hide files that begin with a dot
            return ""
        raise
