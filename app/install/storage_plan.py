"""Where a new machine's disk goes and how big it is."""

from __future__ import annotations

from app.i18n import _
from app.install import age
from app.install.media import Medium, MediumKind
from app.install.osinfo import System
from app.install.plan import DiskKind, DiskPlan, Recommended
from app.install.sizes import GIB, format_size
from app.install.survey import Survey
from app.model.records import PoolRecord

_AMPLE = 60 * GIB
_WRITABLE_POOLS = ("", "dir", "fs", "netfs")
"""Pools of files, in which a qcow2 image can be made; libvirt's record may not say the type."""

STANDARD_POOL = "default"
STANDARD_PATH = "/var/lib/libvirt/images"
"""What virt-manager and virt-install use too, so that all find the same pool."""


def recommend(medium: Medium | None, system: System, survey: Survey) -> Recommended[DiskPlan]:
    """A new sparse image of the recommended size; for a disk image the image itself, else its copy in a pool."""
    if medium is not None and medium.kind is MediumKind.DISK:
        return _from_image(medium, survey)
    size = _size(system)
    pool = best_pool(survey)
    reason = _size_reason(system, size, pool)
    return Recommended(DiskPlan(DiskKind.NEW, size, pool.name if pool else "", format="qcow2"), reason)


def _size(system: System) -> int:
    """A minimum alone is doubled: it leaves no room for programs."""
    wanted, minimum = system.recommended.storage, system.minimum.storage
    return wanted or (minimum if minimum >= _AMPLE else minimum * 2) or age.usual_storage(system)


def best_pool(survey: Survey) -> PoolRecord | None:
    """libvirt's standard pool if it is there, else the roomiest active pool of files; None: the standard one will be made."""
    usable = file_pools(survey)
    for pool in usable:
        if pool.name == STANDARD_POOL or pool.target_path == STANDARD_PATH:
            return pool
    active = [pool for pool in usable if pool.active]
    return max(active or usable, key=lambda pool: pool.available or 0, default=None)


def file_pools(survey: Survey) -> list[PoolRecord]:
    """The pools in which images can be made."""
    return [pool for pool in survey.pools if pool.type in _WRITABLE_POOLS]


def _from_image(medium: Medium, survey: Survey) -> Recommended[DiskPlan]:
    size, pool = medium.virtual_size, best_pool(survey)
    name = pool.name if pool else ""
    if not survey.local:
        return Recommended(DiskPlan(DiskKind.COPY, size, name, medium.path, medium.format), _("Uploaded to the host first."))
    return Recommended(
        DiskPlan(DiskKind.USE, size, name, medium.path, medium.format),
        _("The image itself; what the machine writes goes into this file."),
    )


def _size_reason(system: System, size: int, pool: PoolRecord | None) -> str:
    where = _room(pool)
    if system.recommended.storage or system.minimum.storage:
        return _("{size} are recommended for {system}; the file grows as it is filled. {where}").format(
            size=format_size(size), system=_(system.name.name), where=where
        )
    return _("{size} are enough for most systems; the file grows as it is filled. {where}").format(
        size=format_size(size), where=where
    )


def _room(pool: PoolRecord | None) -> str:
    if pool is None:
        return _("The standard storage pool will be made.")
    if not pool.active:
        return _("The pool “{pool}” is off and will be started.").format(pool=pool.name)
    if pool.available is None:
        return _("In the pool “{pool}”.").format(pool=pool.name)
    return _("{free} free in the pool “{pool}”.").format(free=format_size(pool.available), pool=pool.name)
