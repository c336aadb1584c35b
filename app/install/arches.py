"""What machines of each architecture look like: one row for each."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import N_
from app.install.choices import Firmware


@dataclass(frozen=True, slots=True)
class Arch:
    """One architecture as QEMU's machines have it.

    machines: preferred machine types, best first.  firmware: what such machines start by.  cd_bus: where the machine has no
    SATA.  video: models in the order of preference; empty: no screen.  keyboard: the machine has no PS/2 keyboard.
    console: type of the first console ("serial"; "sclp" of mainframes).  root_ports: has PCI Express.
    cpu: what to name where libvirt knows no mode ("" leaves it to the machine type).
    """

    name: str
    words: str
    machines: tuple[str, ...]
    firmware: Firmware = Firmware.BIOS
    x86: bool = False
    acpi: bool = False
    cd_bus: str = "scsi"
    video: tuple[str, ...] = ("virtio",)
    keyboard: bool = True
    usb: str = "qemu-xhci"
    console: str = "serial"
    root_ports: bool = True
    tpm: str = "tpm-tis"
    uefi: bool = True


_X86_VIDEO = ("virtio", "vga")

ARCHES = (
    Arch(
        "x86_64",
        N_("64-bit PC (x86_64)"),
        ("q35", "pc"),
        x86=True,
        acpi=True,
        cd_bus="sata",
        video=_X86_VIDEO,
        keyboard=False,
        tpm="tpm-crb",
    ),
    Arch(
        "i686",
        N_("32-bit PC (i686)"),
        ("q35", "pc"),
        x86=True,
        acpi=True,
        cd_bus="sata",
        video=_X86_VIDEO,
        keyboard=False,
        tpm="tpm-crb",
    ),
    Arch("aarch64", N_("64-bit ARM (aarch64)"), ("virt",), Firmware.UEFI, acpi=True),
    Arch("armv7l", N_("32-bit ARM (armv7l)"), ("virt",)),
    Arch("riscv64", N_("64-bit RISC-V (riscv64)"), ("virt",)),
    Arch("loongarch64", N_("LoongArch (loongarch64)"), ("virt",), Firmware.UEFI, acpi=True),
    Arch(
        "ppc64le",
        N_("POWER, little-endian (ppc64le)"),
        ("pseries",),
        video=("vga", "virtio"),
        root_ports=False,
        tpm="tpm-spapr",
        uefi=False,
    ),
    Arch("ppc64", N_("POWER (ppc64)"), ("pseries",), video=("vga", "virtio"), root_ports=False, tpm="tpm-spapr", uefi=False),
    Arch(
        "s390x",
        N_("IBM Z (s390x)"),
        ("s390-ccw-virtio",),
        video=(),
        keyboard=False,
        usb="",
        console="sclp",
        root_ports=False,
        tpm="",
        uefi=False,
    ),
)
"""Architectures in the order in which they are offered; QEMU's own defaults of these machine types since 5.0."""

_BY_NAME = {arch.name: arch for arch in ARCHES}


def find(name: str) -> Arch:
    """The row of ``name``; an unknown architecture gets what every machine has: a serial console and virtio."""
    return _BY_NAME.get(name) or Arch(name, name, (), video=(), keyboard=False, usb="", root_ports=False, tpm="")
