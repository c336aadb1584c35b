"""What was found in a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.install.digest import Digest


@dataclass(frozen=True, slots=True)
class Tree:
    """url: the tree's own address, ending in "/".  kernel, initrd: full addresses.  os_id: libosinfo's, "" if not recognised.

    title: in people's words ("Fedora 40").  arguments: what the installer's kernel is to be told to find the tree.
    digests: of kernel and ramdisk, by address, where the tree has them.
    """

    url: str
    kernel: str
    initrd: str
    arch: str = ""
    os_id: str = ""
    title: str = ""
    arguments: str = ""
    digests: dict[str, Digest] = field(default_factory=dict)
