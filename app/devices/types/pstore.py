"""Memory that keeps the last words of a failed system (formatdomain, "Persistent store"), since libvirt 10.6."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_FIELDS = (
    Field(
        "@backend",
        N_("Kind"),
        Kind.CHOICE,
        help=N_("How the guest sees it."),
        choices=(Choice("acpi-erst", "ACPI ERST"),),
        required=True,
    ),
    Field("path", N_("File of the host"), Kind.PATH, N_("In which the content lies."), required=True),
    Field("size", N_("Size"), Kind.SIZE, help=N_("At least 8 KiB; the file gets this size."), has_unit=True, required=True),
)


def _summary(document: Document, element: Element) -> str:
    return document.get("path", None, element) or _("no file")


PSTORE = DeviceType(
    "pstore",
    N_("Store for failure reports"),
    "device-pstore",
    Band.DEVICES,
    (Section(N_("Store for failure reports"), _FIELDS), address("pci"), more()),
    _summary,
    N_("The guest's system writes there what happened when it failed, and reads it after the restart."),
    order=690,
    since=(10, 6, 0),
    tag="pstore",
    keys=("path",),
    limit=1,
    variants=(
        Variant(
            "pstore",
            N_("Store for failure reports"),
            "<pstore backend='acpi-erst'><path>/var/lib/libvirt/qemu/nvram/{name}_pstore.raw</path><size unit='KiB'>8</size>"
            "</pstore>",
            since=(10, 6, 0),
        ),
    ),
)
