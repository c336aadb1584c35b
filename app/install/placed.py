"""A disk as it lies on the host, ready to go into a definition."""

from __future__ import annotations

from dataclasses import dataclass

from app.install.choices import DiskKind, DiskPlan


@dataclass(frozen=True, slots=True)
class PlacedDisk:
    """path: on the host.  secret: UUID of the secret that opens it, "" if it is not encrypted.  sparse: what the guest frees
    is given back.  bus: "" for what fits the system."""

    path: str
    format: str = "qcow2"
    sparse: bool = True
    secret: str = ""
    bus: str = ""

    @property
    def block(self) -> bool:
        """A device of the host and no file."""
        return self.path.startswith("/dev/")


def of(disk: DiskPlan, path: str, secret: str = "") -> PlacedDisk:
    """The plan's disk, which lies at ``path`` now."""
    taken = disk.preallocate and disk.kind is not DiskKind.USE
    form = "raw" if path.startswith("/dev/") and disk.kind is DiskKind.NEW else disk.format
    return PlacedDisk(path, form, not taken, secret, disk.bus)
