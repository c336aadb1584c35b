"""Floppy drives (formatdomain, "Hard drives, floppy disks, CDROMs")."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.disk_driver import DRIVER, FORMAT
from app.devices.shared.disk_driver import RARE as DRIVER_RARE
from app.devices.shared.disk_guest import BACKING, BUS, RARE, READ_ONLY, TARGET, TRANSIENT
from app.devices.shared.disk_kinds import place
from app.devices.shared.disk_source import rare, source
from app.devices.shared.identity import BOOT, more
from app.devices.types.disk_cdrom import TRAY
from app.i18n import N_, _
from app.xmldoc.document import Document, Element


def _summary(document: Document, element: Element) -> str:
    return place(document, element) or _("no floppy disk")


def _title(document: Document, element: Element) -> str:
    return _("Floppy drive {name}").format(name=document.get("target/@dev", "", element))


FLOPPY = DeviceType(
    "disk-floppy",
    N_("Floppy drive"),
    "device-floppy",
    Band.STORAGE,
    (
        Section(N_("Floppy drive"), (*source(live="device"), FORMAT, TRAY, BUS, TARGET, BOOT[0], READ_ONLY), editor="medium"),
        DRIVER,
        BACKING,
        address("drive"),
        more(*TRANSIENT, *RARE, *rare(live="device"), *DRIVER_RARE),
    ),
    _summary,
    N_("For old systems, and for drivers that their setup asks for."),
    order=30,
    tag="disk",
    match=lambda element: element.get("device") == "floppy",
    title=_title,
    keys=("target/@dev", "alias/@name"),
    variants=(
        Variant(
            "floppy",
            N_("Floppy drive"),
            "<disk type='file' device='floppy'><driver name='qemu' type='raw'/><target dev='{floppy}' bus='fdc'/></disk>",
            N_("An empty drive; put a disk in afterwards."),
            "disk/bus=fdc",
        ),
    ),
    limit=2,
)
