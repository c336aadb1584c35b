"""Kernel and ramdisk of a tree, fetched for a start with both from outside of the machine."""

from __future__ import annotations

from dataclasses import dataclass

from app.install.catalogue.cache import Cache, Cached
from app.install.catalogue.download import Wanted, fetch
from app.install.tree.record import Tree
from app.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Boot:
    """Both files, in the cache of this computer."""

    kernel: Cached
    initrd: Cached


async def fetch_boot(tree: Tree, job: Job, *, cache: Cache | None = None) -> Boot:
    """Downloads both, held against the tree's own checksums where it has them.  Raises and cancels as ``fetch``."""
    kernel = await fetch(Wanted(tree.kernel, tree.digests.get(tree.kernel), look=False), job, cache=cache)
    initrd = await fetch(Wanted(tree.initrd, tree.digests.get(tree.initrd), look=False), job, cache=cache)
    return Boot(kernel, initrd)
