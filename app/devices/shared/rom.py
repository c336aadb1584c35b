"""The option ROM of a PCI device, from which it can boot (formatdomain, "rom")."""

from __future__ import annotations

from app.devices.description import Field, Kind
from app.devices.shared.switches import on_off, yes_no
from app.i18n import N_

ROM: tuple[Field, ...] = (
    yes_no("rom/@enabled", N_("Boot ROM"), N_("“No”: the device has no boot ROM, so the firmware cannot boot from it.")),
    on_off("rom/@bar", N_("Boot ROM visible to the guest"), N_("Whether the ROM is in the guest's memory.")),
    Field(
        "rom/@file",
        N_("File of the boot ROM"),
        Kind.PATH,
        N_("Used instead of the device's own, as for graphics cards."),
        words="pxe vbios",
    ),
)
