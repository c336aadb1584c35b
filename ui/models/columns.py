"""The columns of the list of guests, declared once: header, menu, sorting and painting read this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from app.i18n import N_
from app.model.statistics import Metric


class Col(IntEnum):
    """Logical numbers of the columns; new ones go to the end."""

    NAME = 0
    STATE = 1
    CPU = 2
    MEMORY = 3
    DISK = 4
    NETWORK = 5
    ADDRESS = 6
    VCPUS = 7
    MEMORY_SIZE = 8
    AUTOSTART = 9
    LIBVIRT_NAME = 10
    UUID = 11


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    id: its name in the stored header state.  width: in characters of the view's font.
    metric: the history that is drawn in it.
    """

    id: str
    title: str
    tip: str
    width: int
    shown: bool = True
    right: bool = False
    metric: Metric | None = None


_CPU_TIP = N_("Share of the machine’s own virtual processors in use")
_MEMORY_TIP = N_("Share of the machine’s memory in use, as its system or the host tells")
_DISK_TIP = N_("Read and written a second, all disks together")
_NETWORK_TIP = N_("Received and sent a second, all network cards together")
_ADDRESS_TIP = N_("Address that the machine’s agent, a DHCP lease or the ARP table tells")
_SIZE_TIP = N_("Memory given to the machine (libvirt: balloon)")
_NAME_TIP = N_("libvirt’s name of the domain, where a title is shown as its name")

COLUMNS: dict[Col, Column] = {
    Col.NAME: Column("name", N_("Name"), N_("Title or name of the machine (libvirt: domain)"), 28),
    Col.STATE: Column("state", N_("State"), N_("What the machine does now"), 17),
    Col.CPU: Column("cpu", N_("CPU"), _CPU_TIP, 14, right=True, metric=Metric.CPU),
    Col.MEMORY: Column("memory", N_("Memory"), _MEMORY_TIP, 14, right=True, metric=Metric.MEMORY),
    Col.DISK: Column("disk", N_("Disk"), _DISK_TIP, 17, right=True, metric=Metric.DISK),
    Col.NETWORK: Column("network", N_("Network"), _NETWORK_TIP, 17, right=True, metric=Metric.NET),
    Col.ADDRESS: Column("address", N_("IP address"), _ADDRESS_TIP, 20),
    Col.VCPUS: Column("vcpus", N_("Processors"), N_("Virtual processors (libvirt: vCPUs)"), 11, right=True),
    Col.MEMORY_SIZE: Column("memory-size", N_("Memory size"), _SIZE_TIP, 15, right=True),
    Col.AUTOSTART: Column("autostart", N_("Autostart"), N_("Whether the machine starts together with its host"), 11, shown=False),
    Col.LIBVIRT_NAME: Column("libvirt-name", N_("libvirt name"), _NAME_TIP, 20, shown=False),
    Col.UUID: Column("uuid", N_("UUID"), N_("libvirt’s identity of the domain"), 38, shown=False),
}

STAT_COLUMNS = (Col.CPU, Col.MEMORY, Col.DISK, Col.NETWORK)
