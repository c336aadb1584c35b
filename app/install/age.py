"""What a system of its time is used to, where the database says nothing."""

from __future__ import annotations

from app.install.osinfo import System
from app.install.sizes import GIB, MIB

_PCI_EXPRESS_FROM = 2007
_MODERN_FROM = 2015


def old(system: System) -> bool:
    """Made before PCI Express, AHCI and several processors were common; unknown systems count as new."""
    return system.name.released is not None and system.name.released.year < _PCI_EXPRESS_FROM


def modern(system: System) -> bool:
    """Made for computers of the last ten years."""
    return system.name.released is None or system.name.released.year >= _MODERN_FROM


def usual_memory(system: System) -> int:
    """Bytes."""
    if not old(system) or system.name.released is None:
        return 2 * GIB
    return 64 * MIB if system.name.released.year < 2000 else 512 * MIB


def usual_storage(system: System) -> int:
    """Bytes; old systems cannot use large disks."""
    if not old(system) or system.name.released is None:
        return 20 * GIB
    return 2 * GIB if system.name.released.year < 2000 else 10 * GIB
