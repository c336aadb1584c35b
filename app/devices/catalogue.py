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
from app.devices.types.audio import AUDIO
from app.devices.types.channel import CHANNEL
from app.devices.types.console import CONSOLE
from app.devices.types.controller import CONTROLLER, CONTROLLER_SCSI, CONTROLLER_SERIAL, CONTROLLER_USB
from app.devices.types.controller_pci import CONTROLLER_PCI
from app.devices.types.crypto import CRYPTO
from app.devices.types.disk import DISK
from app.devices.types.disk_cdrom import CDROM
from app.devices.types.disk_floppy import FLOPPY
from app.devices.types.disk_lun import LUN
from app.devices.types.filesystem import FILESYSTEM
from app.devices.types.graphics import GRAPHICS
from app.devices.types.hostdev_caps import HOSTDEV_CAPS
from app.devices.types.hostdev_mdev import HOSTDEV_MDEV
from app.devices.types.hostdev_pci import HOSTDEV_PCI
from app.devices.types.hostdev_scsi import HOSTDEV_SCSI, HOSTDEV_SCSI_HOST
from app.devices.types.hostdev_usb import HOSTDEV_USB
from app.devices.types.hub import HUB
from app.devices.types.input import INPUT
from app.devices.types.interface import INTERFACE
from app.devices.types.iommu import IOMMU
from app.devices.types.lease import LEASE
from app.devices.types.memballoon import MEMBALLOON
from app.devices.types.memory import MEMORY_MODULE
from app.devices.types.nvram import NVRAM
from app.devices.types.panic import PANIC
from app.devices.types.parallel import PARALLEL
from app.devices.types.pstore import PSTORE
from app.devices.types.redirdev import REDIRDEV
from app.devices.types.redirfilter import REDIRFILTER
from app.devices.types.rng import RNG
from app.devices.types.serial import SERIAL
from app.devices.types.shmem import SHMEM
from app.devices.types.smartcard import SMARTCARD
from app.devices.types.sound import SOUND
from app.devices.types.tpm import TPM
from app.devices.types.video import VIDEO
from app.devices.types.vsock import VSOCK
from app.devices.types.watchdog import WATCHDOG
from app.xmldoc.document import Element

TYPES: tuple[DeviceType, ...] = (
    DISK, LUN, CDROM, FLOPPY, FILESYSTEM, INTERFACE, LEASE, GRAPHICS, VIDEO, INPUT, SOUND, AUDIO, SERIAL, CONSOLE, CHANNEL,
    PARALLEL, HOSTDEV_USB, HOSTDEV_PCI, HOSTDEV_SCSI, HOSTDEV_SCSI_HOST, HOSTDEV_MDEV, HOSTDEV_CAPS, REDIRDEV, REDIRFILTER,
    SMARTCARD, MEMORY_MODULE, MEMBALLOON, RNG, TPM, WATCHDOG, PANIC, IOMMU, SHMEM, VSOCK, CRYPTO, PSTORE,
    CONTROLLER_USB, CONTROLLER_SCSI, CONTROLLER_SERIAL, CONTROLLER, CONTROLLER_PCI, HUB, NVRAM,
)  # fmt: skip
"""For one tag the narrower type comes first: the first that fits an element has it."""

GROUPS: tuple[Group, ...] = (
    OVERVIEW, OS, BOOT, VCPUS, CPU, MEMORY, NUMA, CPUTUNE, BLKIO, FEATURES, HYPERV, CLOCK, POWER, SMBIOS, CONTAINER_GROUP,
    SECURITY, CONFIDENTIAL, RESOURCES, ARGUMENTS, METADATA,
)  # fmt: skip

ALL: tuple[Description, ...] = (*GROUPS, *TYPES)


def type_of(element: Element) -> DeviceType | None:
    """The type of an element below ``<devices>``; None for what has no form (the inspector shows it)."""
    return next((one for one in TYPES if one.fits(element)), None)
