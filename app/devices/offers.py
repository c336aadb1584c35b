"""What a host says that it can give a machine, handed to the descriptions: they ask no host themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the host that a value may name: a network, a pool, a USB device.

    words: for people ("default: NAT, active").  why_not: why it cannot be used now; "" if it can.
    xml: for a host device, what stands in ``<source>``.  group: of a PCI device, its IOMMU group: a group goes to one machine.
    """

    value: str
    words: str = ""
    why_not: str = ""
    xml: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One NUMA cell of the host.  cpus: numbers of its processors; siblings: those that share a core (hyper-threads)."""

    id: int
    memory_kib: int
    cpus: tuple[int, ...]
    siblings: tuple[tuple[int, ...], ...] = ()
    pages_kib: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """Facts for one machine on one host; everything may be empty where the driver does not tell, which limits nothing.

    libvirt: version of the daemon.  driver: "QEMU", "Test", "Xen", "LXC" ...
    enums, supported, known: the domain capabilities of this architecture and machine type: enums by "section/enum"; sections that
    are supported; sections that are mentioned at all.
    names: lists to pick from: "networks", "bridges", "interfaces", "pools", "nwfilters", "secrets", "usb", "pci", "scsi", "mdev",
    "machines", "architectures", "cpu-models", "cpu-features", "emulators", "block-devices", "systems" (libosinfo's addresses).
    taken: by kind of value ("mac", "uuid", "name", "disk"), which machine of any known host has it.
    active: the machine runs.
    """

    libvirt: tuple[int, int, int] = (0, 0, 0)
    driver: str = ""
    virt_type: str = ""
    arch: str = ""
    machine: str = ""
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    supported: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    names: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)
    taken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    cpus: int = 0
    memory_kib: int = 0
    max_vcpus: int = 0
    active: bool = False

    def is_of(self, drivers: frozenset[str]) -> bool:
        """Whether the host's driver is one of these; drivers write their names as they like (libvirt's test driver: "TEST").

        True where nothing is asked or the host does not tell.
        """
        return not drivers or not self.driver or self.driver.casefold() in {name.casefold() for name in drivers}

    def lists(self, enum: str, value: str) -> bool | None:
        """Whether the host lists ``value`` in ``enum``; None if it does not tell that enum."""
        return value in self.enums[enum] if enum in self.enums else None
