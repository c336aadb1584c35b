"""Every device type and every group, in the order in which they are shown."""

from __future__ import annotations

from app.devices.description import Description, DeviceType, Group
from app.devices.groups.arguments import ARGUMENTS
from app.devices.groups.blkio import BLKIO
from app.devices.groups.boot import BOOT
from app.devices.groups.clock import CLOCK
from app.devices.groups.confidential import CONFIDENTIAL
from app.devices.groups.container import CONTAINER_GROUP
from app.devices.groups.cpu import CPU
from app.devices.groups.cputune import CPUTUNE
from app.devices.groups.features import FEATURES
from app.devices.groups.firmware import OS
from app.devices.groups.hyperv import HYPERV
from app.devices.groups.memory import MEMORY
from app.devices.groups.numa import NUMA
from app.devices.groups.overview import OVERVIEW
from app.devices.groups.power import POWER
from app.devices.groups.resources import RESOURCES
from app.devices.groups.security import SECURITY
from app.devices.groups.smbios import SMBIOS
from app.devices.groups.system import METADATA
from app.devices.groups.vcpus import VCPUS
from app.devices.types.watchdog import WATCHDOG
from app.xmldoc.document import Element

TYPES: tuple[DeviceType, ...] = (WATCHDOG,)
"""For one tag the narrower type comes first: the first that fits an element has it."""

GROUPS: tuple[Group, ...] = (
    OVERVIEW, OS, BOOT, VCPUS, CPU, MEMORY, NUMA, CPUTUNE, BLKIO, FEATURES, HYPERV, CLOCK, POWER, SMBIOS, CONTAINER_GROUP,
    SECURITY, CONFIDENTIAL, RESOURCES, ARGUMENTS, METADATA,
)  # fmt: skip

ALL: tuple[Description, ...] = (*GROUPS, *TYPES)


def type_of(element: Element) -> DeviceType | None:
    """The type of an element below ``<devices>``; None for what has no form (the inspector shows it)."""
    return next((one for one in TYPES if one.fits(element)), None)
