"""Leases of a lock manager, which keep a machine from running twice (formatdomain, "Device leases")."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Field, Kind, Section, Variant
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_FIELDS = (
    Field("lockspace", N_("Lock space"), Kind.TEXT, N_("The group of locks.")),
    Field("key", N_("Lock"), Kind.TEXT, N_("Its name in the lock space."), required=True),
    Field("target/@path", N_("File of the locks"), Kind.PATH, N_("On storage that all hosts share."), required=True),
    Field(
        "target/@offset",
        N_("Place in the file"),
        Kind.INTEGER,
        help=N_("From the beginning of the file."),
        unit="bytes",
        minimum=0,
        default="0",
    ),
)


def _summary(document: Document, element: Element) -> str:
    return _("{key} in {path}").format(key=document.get("key", "", element), path=document.get("target/@path", "", element))


LEASE = DeviceType(
    "lease",
    N_("Lease"),
    "device-lease",
    Band.STORAGE,
    (Section(N_("Lease"), _FIELDS),),
    _summary,
    N_("The machine starts only if the lock is free (sanlock)."),
    order=60,
    tag="lease",
    keys=("key",),
    variants=(
        Variant(
            "lease",
            N_("Lease"),
            "<lease><lockspace>default</lockspace><key>{name}</key><target path='/var/lib/libvirt/leases' offset='0'/></lease>",
        ),
    ),
    hotplug=True,
)
