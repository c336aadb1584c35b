"""Which virtual hardware fits a system: virtio where it has drivers, the best fallback where not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.install import age, arches
from app.install.arches import Arch
from app.install.choices import Acceleration, Firmware
from app.install.osinfo import System
from app.install.survey import Abilities

ROOT_PORTS = 14
"""As virt-manager and virt-install: about seven are used, the rest are for devices added while the machine runs."""


_XHCI_FROM = 2012


@dataclass(frozen=True, slots=True)
class Hardware:
    """Names as libvirt's XML has them; "" leaves the device out.

    balloon: "none" takes out what libvirt would add, "" says nothing.  console: "serial", "sclp", "xen", "lxc", "pty" or "".
    driver: name of the disks' driver.  screen: video and graphics make sense.  timers, pm: PC clocks and sleep states.
    """

    machine: str = ""
    cpu_mode: str = ""
    disk_bus: str = ""
    cd_bus: str = ""
    nic_model: str = ""
    video: str = ""
    rng: bool = False
    balloon: str = ""
    channels: bool = False
    usb_model: str = ""
    hyperv: bool = False
    localtime: bool = False
    scsi_controller: bool = False
    root_ports: int = 0
    keyboard: bool = False
    tablet: bool = False
    console: str = ""
    sound: str = ""
    tpm_model: str = ""
    driver: str = "qemu"
    screen: bool = True
    timers: bool = False
    pm: bool = False
    acpi: bool = False
    apic: bool = False
    vmport: bool = False
    topology: bool = False
    boot_orders: bool = False
    exe: bool = False


def choose(
    system: System, abilities: Abilities, accel: Acceleration, firmware: Firmware, *, virtio_ready: bool = False
) -> Hardware:
    """What an expert would take for ``system`` on a host of these abilities."""
    special = _SPECIAL.get(accel)
    if special is not None:
        return special(system, abilities)
    return _whole_machine(system, abilities, accel, firmware, virtio_ready)


def _whole_machine(system: System, abilities: Abilities, accel: Acceleration, firmware: Firmware, virtio_ready: bool) -> Hardware:
    """QEMU's machines, whatever runs their processors."""
    arch = arches.find(abilities.arch)
    q35 = _q35(system, abilities, arch)
    express = arch.root_ports and (q35 or not arch.x86)
    virtio = virtio_ready or system.drives("virtio-block")
    cd_bus = _cd_bus(system, arch, q35)
    screen = bool(arch.video)
    return Hardware(
        machine=abilities.machine if q35 or not arch.x86 else "pc",
        cpu_mode=_cpu_mode(abilities, accel),
        disk_bus=_disk_bus(virtio, arch, q35),
        cd_bus=cd_bus,
        nic_model=_nic(system, arch, q35, virtio_ready),
        video=_video(system, abilities, arch, firmware, virtio_ready) if screen else "",
        rng=system.drives("virtio-rng") or virtio_ready or not arch.x86,
        balloon="none" if age.old(system) else "virtio",
        channels=system.drives("virtio-console") or not arch.x86 or (system.windows and q35),
        usb_model=_usb(system, arch, q35),
        hyperv=system.name.family == "winnt" and arch.x86,
        localtime=system.windows or system.name.family in ("msdos", "os2"),
        scsi_controller=cd_bus == "scsi",
        root_ports=ROOT_PORTS if express else 0,
        keyboard=arch.keyboard,
        tablet=bool(arch.usb),
        console=arch.console,
        sound=_sound(arch, q35),
        tpm_model=_tpm(arch, abilities),
        screen=screen,
        timers=arch.x86,
        pm=arch.x86,
        acpi=arch.acpi,
        apic=arch.x86,
        vmport=arch.x86,
        topology=arch.name != "s390x",
        boot_orders=True,
    )


def _q35(system: System, abilities: Abilities, arch: Arch) -> bool:
    """PCI Express for everything but systems that the database knows to lack it (before about 2007)."""
    if not arch.x86 or "q35" not in abilities.machine:
        return False
    return system.drives("qemu-x86-q35") or not age.old(system)


def _cpu_mode(abilities: Abilities, accel: Acceleration) -> str:
    """host-passthrough under KVM; under emulation everything that QEMU can emulate (since libvirt 7.1)."""
    wanted = "maximum" if accel is Acceleration.EMULATION else "host-passthrough"
    return wanted if wanted in abilities.cpu_modes else ""


def _disk_bus(virtio: bool, arch: Arch, q35: bool) -> str:
    """Machines that are no PCs never had anything but virtio and SCSI."""
    if virtio or not arch.x86:
        return "virtio"
    return "sata" if q35 else "ide"


def _cd_bus(system: System, arch: Arch, q35: bool) -> str:
    """virtio-scsi for Linux that drives it (drives can be added while it runs, and minimal kernels have nothing else);
    SATA for all others, whose installers lack the driver."""
    if not arch.x86:
        return "usb" if system.windows else "scsi"
    if system.name.family == "linux" and system.drives("virtio-scsi") and system.drives("virtio-block"):
        return "scsi"
    return "sata" if q35 else "ide"


def _nic(system: System, arch: Arch, q35: bool, virtio_ready: bool) -> str:
    if system.drives("virtio-net") or virtio_ready or not arch.x86:
        return "virtio"
    if system.drives("e1000e") or not system.drives("e1000", "rtl8139", "pcnet", "ne2k_pci"):
        return "e1000e" if q35 else "rtl8139"
    return "e1000" if system.drives("e1000") else "rtl8139"


def _video(system: System, abilities: Abilities, arch: Arch, firmware: Firmware, virtio_ready: bool) -> str:
    """virtio where the system drives it (Linux does since 2015, though the database does not list it for all) and there is
    something to fall back on (its VGA mode), plain VGA elsewhere."""
    models = abilities.video_models
    if system.windows and not arch.x86:
        return "ramfb"  # the only one that Windows on ARM shows anything on
    linux = system.name.family == "linux" and (
        system.drives("virtio-gpu") or (age.modern(system) and system.name.released is not None)
    )
    drives = linux or not arch.x86 or virtio_ready
    for model in arch.video:
        if (model != "virtio" or drives) and model in models:
            return model if model != "vga" or not _linear(system, firmware, models) else "bochs"
    return "vga" if not models or "vga" in models else sorted(models - {"none"})[0]


def _linear(system: System, firmware: Firmware, models: frozenset[str]) -> bool:
    """Windows by UEFI needs no VGA: bochs is the same without its past."""
    return firmware is not Firmware.BIOS and system.windows and "bochs" in models


def _usb(system: System, arch: Arch, q35: bool) -> str:
    """xHCI for all but systems before it (Windows before 8 has no driver): they get the chipset's own USB 2."""
    if not arch.x86:
        return arch.usb
    if system.drives("qemu-xhci", "nec-xhci"):
        return "qemu-xhci"
    if not q35:
        return "piix3-uhci"
    before = system.windows and system.name.released is not None and system.name.released.year < _XHCI_FROM
    return "ich9-ehci1" if before else "qemu-xhci"


def _sound(arch: Arch, q35: bool) -> str:
    if not arch.x86:
        return ""
    return "ich9" if q35 else "ac97"


def _tpm(arch: Arch, abilities: Abilities) -> str:
    """CRB on PCs, the device tree's TIS on ARM, POWER's own."""
    preferred = [arch.tpm, "tpm-crb", "tpm-tis"]
    return next((model for model in preferred if model and model in abilities.tpm_models), "")


def _practice(system: System, abilities: Abilities) -> Hardware:
    """libvirt's test driver has nothing behind it: little is said, so that it takes it."""
    whole = _whole_machine(system, replace(abilities, machine="q35"), Acceleration.EMULATION, Firmware.BIOS, False)
    return Hardware(
        disk_bus=whole.disk_bus,
        cd_bus=whole.cd_bus,
        nic_model=whole.nic_model,
        video=whole.video,
        acpi=True,
        timers=True,
        pm=True,
        localtime=whole.localtime,
        boot_orders=True,
    )


def _xen(system: System, abilities: Abilities) -> Hardware:
    """Paravirtualised guests have Xen's own disks, adapters and screen; whole ones begin with a PC's."""
    localtime = system.windows
    if abilities.os_type in ("xen", "linux"):
        return Hardware(disk_bus="xen", console="xen", video="xen", driver="", localtime=localtime, keyboard=False)
    if abilities.os_type == "xenpvh":
        return Hardware(machine=abilities.machine, disk_bus="xen", console="xen", screen=False, driver="", localtime=localtime)
    return Hardware(
        machine=abilities.machine,
        disk_bus="ide",
        cd_bus="ide",
        nic_model="e1000",
        video="vga" if not abilities.video_models or "vga" in abilities.video_models else "cirrus",
        usb_model="piix3-uhci",
        tablet=True,
        console="serial",
        driver="",
        acpi=True,
        apic=True,
        localtime=localtime,
    )


def _container(_system: System, _abilities: Abilities) -> Hardware:
    """Shares the host's kernel: no screen, no disk, no firmware."""
    return Hardware(console="lxc", screen=False, driver="", exe=True)


def _bhyve(system: System, _abilities: Abilities) -> Hardware:
    """FreeBSD's hypervisor: virtio and SATA, a screen by UEFI only (libvirt drvbhyve)."""
    virtio = system.drives("virtio-block") or not system.windows
    return Hardware(
        disk_bus="virtio" if virtio else "sata",
        cd_bus="sata",
        nic_model="virtio" if virtio else "e1000",
        video="gop",
        usb_model="nec-xhci",
        tablet=True,
        console="nmdm",
        driver="",
        acpi=True,
        apic=True,
        localtime=system.windows,
    )


def _virtuozzo(system: System, abilities: Abilities) -> Hardware:
    """Virtuozzo's machines and containers (libvirt drvvirtuozzo)."""
    if abilities.os_type == "exe":
        return Hardware(screen=False, driver="", exe=True)
    virtio = system.drives("virtio-net")
    return Hardware(
        disk_bus="scsi" if virtio else "sata",
        cd_bus="ide",
        nic_model="virtio" if virtio else "e1000",
        video="vga",
        driver="",
        localtime=False,
    )


_SPECIAL = {
    Acceleration.PRACTICE: _practice,
    Acceleration.XEN: _xen,
    Acceleration.LXC: _container,
    Acceleration.BHYVE: _bhyve,
    Acceleration.VIRTUOZZO: _virtuozzo,
}
"""Hypervisors that are not QEMU's machines."""
