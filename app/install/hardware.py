"""Which virtual hardware fits a system: virtio where it has drivers, the best fallback where not."""

from __future__ import annotations

from dataclasses import dataclass

from app.install import age
from app.install.osinfo import System
from app.install.plan import Acceleration, Firmware
from app.install.survey import Abilities


@dataclass(frozen=True, slots=True)
class Hardware:
    """Names as libvirt's XML has them; "" leaves the device out."""

    machine: str
    cpu_mode: str
    disk_bus: str
    cd_bus: str
    nic_model: str
    video: str
    rng: bool
    balloon: bool
    channels: bool
    usb_model: str
    hyperv: bool
    localtime: bool
    scsi_controller: bool


def choose(system: System, abilities: Abilities, accel: Acceleration, firmware: Firmware) -> Hardware:
    """What an expert would take for ``system`` on a host of these abilities."""
    q35 = _q35(system, abilities)
    cd_bus = _cd_bus(system, q35)
    return Hardware(
        machine=abilities.machine if q35 else "pc",
        cpu_mode=_cpu_mode(abilities, accel),
        disk_bus=_disk_bus(system, q35),
        cd_bus=cd_bus,
        nic_model=_nic(system, q35),
        video=_video(system, abilities, firmware),
        rng=system.drives("virtio-rng"),
        balloon=not age.old(system),
        channels=system.drives("virtio-console") or (system.windows and q35),
        usb_model="qemu-xhci" if q35 or system.drives("qemu-xhci", "nec-xhci") else "piix3-uhci",
        hyperv=system.name.family == "winnt",
        localtime=system.windows or system.name.family in ("msdos", "os2"),
        scsi_controller=cd_bus == "scsi",
    )


def _q35(system: System, abilities: Abilities) -> bool:
    """PCI Express for everything but systems that the database knows to lack it (before about 2007)."""
    if "q35" not in abilities.machine:
        return False
    return system.drives("qemu-x86-q35") or not age.old(system)


def _cpu_mode(abilities: Abilities, accel: Acceleration) -> str:
    """host-passthrough under KVM; under emulation everything that QEMU can emulate (since libvirt 7.1)."""
    wanted = "host-passthrough" if accel is Acceleration.KVM else "maximum"
    return wanted if wanted in abilities.cpu_modes else ""


def _disk_bus(system: System, q35: bool) -> str:
    if system.drives("virtio-block"):
        return "virtio"
    return "sata" if q35 else "ide"


def _cd_bus(system: System, q35: bool) -> str:
    """virtio-scsi for Linux that drives it (drives can be added while it runs, and minimal kernels have nothing else);
    SATA for all others, whose installers lack the driver."""
    if system.name.family == "linux" and system.drives("virtio-scsi") and system.drives("virtio-block"):
        return "scsi"
    return "sata" if q35 else "ide"


def _nic(system: System, q35: bool) -> str:
    if system.drives("virtio-net"):
        return "virtio"
    if system.drives("e1000e") or not system.drives("e1000", "rtl8139", "pcnet", "ne2k_pci"):
        return "e1000e" if q35 else "rtl8139"
    return "e1000" if system.drives("e1000") else "rtl8139"


def _video(system: System, abilities: Abilities, firmware: Firmware) -> str:
    """virtio where the system drives it and there is something to fall back on (its VGA mode), plain VGA elsewhere."""
    models = abilities.video_models
    if system.name.family == "linux" and system.drives("virtio-gpu") and "virtio" in models:
        return "virtio"
    if firmware is not Firmware.BIOS and system.windows and "bochs" in models:
        return "bochs"
    return "vga" if not models or "vga" in models else sorted(models - {"none"})[0]
