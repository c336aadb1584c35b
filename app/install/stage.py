"""What a machine starts from while it is installed, and what becomes of that afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class From(Enum):
    """What firmware looks at for something to start."""

    DISK = "disk"
    CD = "cd"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Cd:
    """One CD drive.  path: as the host sees it, "" for an empty drive.

    eject: the medium is taken out after the installation.  remove: the drive goes with it.
    floppy: a floppy drive instead, for installers that look only there.
    """

    path: str = ""
    eject: bool = False
    remove: bool = False
    floppy: bool = False


@dataclass(frozen=True, slots=True)
class Kernel:
    """Direct kernel boot; paths on the host.  stays: also after the installation."""

    kernel: str
    initrd: str = ""
    cmdline: str = ""
    dtb: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """What a container runs.  root: folder of the host that is its "/", "" for the host's own files.
    template: name of Virtuozzo's template instead."""

    init: str = "/bin/sh"
    arguments: tuple[str, ...] = ()
    root: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One state of the definition.

    boot: in this order.  temporary: files on the host that are deleted after the installation.
    restarts: the installer ends with a restart, at which the machine is changed and goes on by itself.
    """

    cds: tuple[Cd, ...] = (Cd(),)
    boot: tuple[From, ...] = (From.DISK, From.CD)
    kernel: Kernel | None = None
    container: Container | None = None
    temporary: tuple[str, ...] = field(default=())
    restarts: bool = False

    @property
    def passing(self) -> bool:
        """Whether something of it is to be undone after the installation."""
        kernel = self.kernel is not None and not self.kernel.stays
        return kernel or self.restarts or bool(self.temporary) or any(cd.eject or cd.remove for cd in self.cds)
