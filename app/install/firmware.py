"""Which firmware a system wants and this host has."""

from __future__ import annotations

from app.i18n import _
from app.install import arches
from app.install.osinfo import System
from app.install.plan import Firmware, Recommended
from app.install.survey import Abilities


def recommend(system: System, abilities: Abilities) -> Recommended[Firmware]:
    """BIOS unless the system wants UEFI: it starts every medium, and running machines can be snapshot with every libvirt
    (before 10.10 there is no internal snapshot of a machine with UEFI)."""
    if wants_secure_boot(system):
        return _secure(system, abilities)
    arch = arches.find(abilities.arch)
    if arch.firmware is not Firmware.BIOS:
        return Recommended(Firmware.UEFI, _("Machines of this architecture start by UEFI."))
    if not arch.x86:
        return Recommended(Firmware.BIOS, _("Machines of this architecture have firmware of their own."))
    if system.efi and system.bios is False and abilities.efi:
        return Recommended(Firmware.UEFI, _("{system} starts by UEFI only.").format(system=system.name.name))
    return Recommended(Firmware.BIOS, _("Starts every medium; UEFI is not needed."))


def _secure(system: System, abilities: Abilities) -> Recommended[Firmware]:
    name = system.name.name
    if abilities.secure_boot:
        return Recommended(Firmware.UEFI_SECURE, _("{system} asks for Secure Boot and a TPM.").format(system=name))
    if abilities.efi:
        reason = _("{system} asks for Secure Boot, which this host cannot do; the installer may refuse.")
        return Recommended(Firmware.UEFI, reason.format(system=name))
    reason = _("{system} asks for UEFI, for which no firmware is installed on this host (package ovmf or edk2-ovmf).")
    return Recommended(Firmware.BIOS, reason.format(system=name))


def wants_secure_boot(system: System) -> bool:
    """Windows 11 and Server 2025 refuse to install without; libosinfo lists only "efi" for them."""
    return system.name.short_id in ("win11", "win2k25") or system.name.short_id.startswith("win12")


def wants_tpm(system: System, firmware: Firmware, abilities: Abilities) -> bool:
    """A TPM 2.0 where the system asks for one or Secure Boot is used, and the host can emulate it (swtpm)."""
    wanted = wants_secure_boot(system) or firmware is Firmware.UEFI_SECURE
    return wanted and "emulator" in abilities.tpm_backends and bool(abilities.tpm_models)


def why_not(firmware: Firmware, abilities: Abilities) -> str:
    """Why this host cannot start a machine by ``firmware``, or ``""``."""
    arch = arches.find(abilities.arch)
    if firmware is Firmware.BIOS and arch.firmware is not Firmware.BIOS:
        return _("Machines of this architecture have no BIOS.")
    if firmware is not Firmware.BIOS and not arch.uefi:
        return _("Machines of this architecture have no UEFI.")
    if firmware is not Firmware.BIOS and not abilities.efi:
        return _("No UEFI firmware is installed on this host (package ovmf or edk2-ovmf).")
    if firmware is Firmware.UEFI_SECURE and not abilities.secure_boot:
        return _("This host's hypervisor or firmware has no Secure Boot.")
    return ""
