"""CD drives, with or without a disc (formatdomain, "Hard drives, floppy disks, CDROMs")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.disk_driver import DRIVER, FORMAT
from app.devices.shared.disk_driver import RARE as DRIVER_RARE
from app.devices.shared.disk_guest import BACKING, BUS, IDENTITY, RARE, READ_ONLY, SHAREABLE, TARGET, TRANSIENT
from app.devices.shared.disk_kinds import place
from app.devices.shared.disk_source import rare, source
from app.devices.shared.encryption import encryption
from app.devices.shared.identity import BOOT, more
from app.devices.shared.iotune import IOTUNE
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

TRAY = Field(
    "target/@tray",
    N_("Tray"),
    Kind.CHOICE,
    N_("Whether the drive is open."),
    (Choice("closed", N_("Closed")), Choice("open", N_("Open"))),
    default="closed",
)


def _summary(document: Document, element: Element) -> str:
    return _("{bus}: {place}").format(
        bus=word_of(BUS, document, element) or _("any bus"), place=place(document, element) or _("no disc")
    )


def _title(document: Document, element: Element) -> str:
    return _("CD drive {name}").format(name=document.get("target/@dev", "", element))


CDROM = DeviceType(
    "disk-cdrom",
    N_("CD drive"),
    "drive-optical",
    Band.STORAGE,
    (
        Section(N_("CD drive"), (*source(live="device"), TRAY, BUS, TARGET, BOOT[0], READ_ONLY), editor="medium"),
        DRIVER,
        IOTUNE,
        IDENTITY,
        encryption(),
        BACKING,
        address("drive", "usb", "pci"),
        more(FORMAT, SHAREABLE, *TRANSIENT, *RARE, *rare(live="device"), *DRIVER_RARE),
    ),
    _summary,
    N_("Discs can be put in and taken out while the machine runs."),
    order=20,
    tag="disk",
    match=lambda element: element.get("device") == "cdrom",
    title=_title,
    keys=("target/@dev", "alias/@name"),
    variants=(
        Variant(
            "cdrom",
            N_("CD drive"),
            "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><target dev='{cd}' bus='{cd-bus}'/><readonly/>"
            "</disk>",
            N_("An empty drive; put a disc in afterwards."),
        ),
    ),
    hotplug=False,
)
