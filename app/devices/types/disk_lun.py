"""Disks whose SCSI commands reach the host's storage (formatdomain, "Hard drives, floppy disks, CDROMs": ``device='lun'``)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.disk_driver import DRIVER, FORMAT
from app.devices.shared.disk_driver import RARE as DRIVER_RARE
from app.devices.shared.disk_guest import BUS, IDENTITY, RARE, READ_ONLY, SHAREABLE, TARGET
from app.devices.shared.disk_kinds import place
from app.devices.shared.disk_source import rare, source
from app.devices.shared.encryption import encryption
from app.devices.shared.identity import BOOT, more
from app.devices.shared.iotune import IOTUNE
from app.devices.shared.switches import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_SGIO = Field(
    "@sgio",
    N_("SCSI commands of the guest"),
    Kind.CHOICE,
    N_("Which of them reach the storage."),
    (Choice("filtered", N_("Harmless ones")), Choice("unfiltered", N_("All"))),
    default="filtered",
)
_RAWIO = yes_no("@rawio", N_("Raw access"), N_("The emulator gets the right to raw input and output, for commands that need it."))


def _summary(document: Document, element: Element) -> str:
    return _("SCSI pass-through, {bus}: {place}").format(
        bus=word_of(BUS, document, element) or _("any bus"), place=place(document, element) or _("no source")
    )


def _title(document: Document, element: Element) -> str:
    return _("Disk {name}").format(name=document.get("target/@dev", "", element))


LUN = DeviceType(
    "disk-lun",
    N_("SCSI disk, passed through"),
    "drive-harddisk",
    Band.STORAGE,
    (
        Section(N_("Disk"), (*source(), BUS, TARGET, BOOT[0], _SGIO, _RAWIO, READ_ONLY, SHAREABLE), editor="disk"),
        DRIVER,
        IOTUNE,
        IDENTITY,
        encryption(),
        address("drive", "pci", "ccw"),
        more(FORMAT, *RARE, *rare(), *DRIVER_RARE),
    ),
    _summary,
    N_("A disk of the host whose SCSI commands the guest gives itself, as clusters need."),
    order=15,
    tag="disk",
    match=lambda element: element.get("device") == "lun",
    title=_title,
    keys=("target/@dev", "alias/@name"),
    variants=(
        Variant(
            "disk-lun",
            N_("Disk: SCSI disk of the host, passed through"),
            "<disk type='block' device='lun'><driver name='qemu' type='raw' cache='none'/><source dev='{block}'/>"
            "<target dev='{scsi}' bus='scsi'/></disk>",
            N_("The guest gives the SCSI commands itself; for clusters with persistent reservations."),
            "disk/bus=scsi",
        ),
    ),
    hotplug=True,
)
