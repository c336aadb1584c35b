"""What every device may have: a name for programs, a number for the guest's names, a place in the boot order."""

from __future__ import annotations

from app.devices.description import Field, Kind, Section, Table
from app.i18n import N_

ALIAS = Field(
    "alias/@name",
    N_("Alias"),
    Kind.TEXT,
    N_("A name by which programs and the log find this device. Your own must begin with “ua-”."),
    default=N_("made at each start"),
    distinct=True,
    pattern=r"[A-Za-z0-9_-]+",
    pattern_help=N_("Only letters, digits, “_” and “-” can be in it."),
)
ACPI_INDEX = Field(
    "acpi/@index",
    N_("Number in the guest"),
    Kind.INTEGER,
    N_("The guest can name the device after this number (eno5), wherever it is plugged in."),
    minimum=0,
    distinct=True,
)
BOOT_ORDER = Field(
    "boot/@order",
    N_("Place in the boot order"),
    Kind.INTEGER,
    N_("1 is tried first. Such numbers cannot be combined with the boot order of the machine."),
    minimum=1,
    default=N_("not booted from"),
    words="start",
    live="device",
)
BOOT_PARAMETER = Field(
    "boot/@loadparm",
    N_("Parameter for the boot loader"),
    Kind.TEXT,
    N_("Up to eight characters; on s390 only."),
    pattern=r"[a-zA-Z0-9.\s]{1,8}",
    folded=True,
    pattern_help=N_("It has up to eight letters, digits, points and blanks."),
)
BOOT: tuple[Field, ...] = (BOOT_ORDER, BOOT_PARAMETER)


def more(*items: Field | Table, index: bool = True, alias: bool = True) -> Section:
    """The folded section of rarely needed things, with what every device has at its end.  index, alias: it may have these."""
    last = ((ALIAS,) if alias else ()) + ((ACPI_INDEX,) if index else ())
    return Section(N_("More"), (*items, *last), folded=True)
