"""The answers that a plan is made of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from app.i18n import N_


class DiskKind(Enum):
    """Where the machine's disk comes from."""

    NEW = "new"
    USE = "use"
    COPY = "copy"
    OVERLAY = "overlay"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """size: bytes of the guest's disk; a copy or an overlay may be larger than its image, 0 keeps the size.
    pool: name of the pool for NEW, COPY and OVERLAY; "" makes the standard one.
    path: the image for USE, COPY and OVERLAY, or a block device.  on_host: it is a path of the host, not of this computer.
    format: as the guest will use it.  source_format: of ``path`` where that is another one, so that it is converted.
    preallocate: all of it is taken at once.  passphrase: the disk is encrypted (LUKS) with it; never shown, kept or logged.
    bus: "" for what fits the system best.
    """

    kind: DiskKind
    size: int = 0
    pool: str = ""
    path: str = ""
    format: str = "qcow2"
    source_format: str = ""
    preallocate: bool = False
    passphrase: str = field(default="", repr=False)
    on_host: bool = False
    bus: str = ""

    @property
    def converts(self) -> bool:
        """Whether the copy gets another format than its image has."""
        return bool(self.source_format) and self.source_format != self.format


class NetworkKind(Enum):
    """How the machine reaches the world."""

    NETWORK = "network"
    BRIDGE = "bridge"
    DIRECT = "direct"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Forward:
    """One port of the host that leads into the guest.  address: on which address of the host; "" for all."""

    host_port: int
    guest_port: int
    protocol: str = "tcp"
    address: str = ""


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """source: name of the network, bridge or (DIRECT: macvtap) the host's adapter.  start: the network is off and will be
    started.  forwards: for USER.  passt: USER by passt instead of QEMU's own (slirp).  model: "" for what fits best."""

    kind: NetworkKind
    source: str = ""
    start: bool = False
    forwards: tuple[Forward, ...] = ()
    passt: bool = False
    model: str = ""


class Firmware(Enum):
    """What starts the machine."""

    BIOS = "bios"
    UEFI = "uefi"
    UEFI_SECURE = "uefi-secure"


FIRMWARE_WORDS = {Firmware.BIOS: N_("BIOS"), Firmware.UEFI: N_("UEFI"), Firmware.UEFI_SECURE: N_("UEFI with Secure Boot")}


class Acceleration(Enum):
    """libvirt's domain types for a whole machine."""

    KVM = "kvm"
    EMULATION = "qemu"
    PRACTICE = "test"
    HVF = "hvf"
    XEN = "xen"
    LXC = "lxc"
    BHYVE = "bhyve"
    VIRTUOZZO = "vz"


ACCELERATION_WORDS = {
    Acceleration.KVM: N_("KVM (full speed)"),
    Acceleration.EMULATION: N_("Emulation (slow)"),
    Acceleration.PRACTICE: N_("Practice machine"),
    Acceleration.HVF: N_("macOS hypervisor (full speed)"),
    Acceleration.XEN: N_("Xen"),
    Acceleration.LXC: N_("Linux container"),
    Acceleration.BHYVE: N_("bhyve"),
    Acceleration.VIRTUOZZO: N_("Virtuozzo"),
}


@dataclass(frozen=True, slots=True)
class Platform:
    """What kind of machine, in libvirt's words; "" is the host's own architecture, the recommended machine type.

    os_type: "hvm" a whole machine; "xen", "xenpvh" paravirtualised; "exe" a container.
    """

    arch: str = ""
    os_type: str = "hvm"
    machine: str = ""


class Graphics(Enum):
    """How the screen is shown."""

    VNC = "vnc"
    SPICE = "spice"
    NONE = "none"


GRAPHICS_WORDS = {Graphics.VNC: N_("VNC"), Graphics.SPICE: N_("SPICE"), Graphics.NONE: N_("No screen")}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the host that the guest mounts by ``tag``."""

    path: str
    tag: str
