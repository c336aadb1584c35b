"""Names, numbers and addresses that nothing of a machine has yet."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from string import ascii_lowercase

from app.devices.offers import Offers
from app.xmldoc.document import Document

_PREFIXES = {
    "virtio": "vd",
    "scsi": "sd",
    "sata": "sd",
    "usb": "sd",
    "sd": "sd",
    "ide": "hd",
    "fdc": "fd",
    "xen": "xvd",
    "uml": "ubd",
}
_OUI = "52:54:00"
"""QEMU's own prefix of MAC addresses, which libvirt's generator uses too."""


def target(document: Document, bus: str) -> str:
    """The next name of a disk on ``bus``: vda, vdb, … vdz, vdaa."""
    used = {document.get("target/@dev", "", disk) for disk in document.find_all("devices/disk")}
    prefix = _PREFIXES.get(bus, "sd")
    return next(name for name in (prefix + _letters(number) for number in range(len(used) + 1)) if name not in used)


def _letters(number: int) -> str:
    """0: "a", 25: "z", 26: "aa"."""
    text, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = ascii_lowercase[rest] + text
    return text


def mac(document: Document, offers: Offers) -> str:
    """A random address that neither this machine nor one of those that are known has."""
    mine = {(document.get("mac/@address", "", card) or "").lower() for card in document.find_all("devices/interface")}
    used = mine | {address.lower() for address in offers.taken.get("mac", {})}
    while True:
        made = f"{_OUI}:{secrets.token_bytes(3).hex(':')}"
        if made not in used:
            return made


def number(used: Iterable[str | None], first: int = 1) -> int:
    """The lowest from ``first`` on that is not in ``used``."""
    taken = set(used)
    return next(one for one in range(first, first + len(taken) + 1) if str(one) not in taken)


def name(stem: str, used: Iterable[str | None], first: int = 1) -> str:
    """``stem`` with the lowest number that makes it free: share1."""
    taken = set(used)
    return next(made for made in (f"{stem}{one}" for one in range(first, first + len(taken) + 1)) if made not in taken)
