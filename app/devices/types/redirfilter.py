"""Which USB devices of the viewer may be redirected (formatdomain, "Redirected devices", redirfilter)."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Field, Kind, Section, Table, Variant
from app.devices.shared.switches import yes_no
from app.i18n import N_, ngettext
from app.xmldoc.document import Document, Element

_ANY = N_("-1 or nothing: any")
_RULES = Table(
    "usbdev",
    N_("Rules"),
    (
        yes_no("@allow", N_("Allowed"), N_("Whether such devices may be used.")),
        Field("@class", N_("Class"), Kind.TEXT, N_("Of the device: 0x08 is storage."), default=_ANY),
        Field("@vendor", N_("Vendor"), Kind.TEXT, N_("As lsusb shows it: 0x046d."), default=_ANY),
        Field("@product", N_("Product"), Kind.TEXT, N_("As lsusb shows it: 0xc52b."), default=_ANY),
        Field("@version", N_("Version"), Kind.TEXT, N_("For example 1.10."), default=_ANY),
    ),
    new="<usbdev allow='no'/>",
    help=N_("The first rule that fits decides; without one the device is not allowed."),
)


def _summary(document: Document, element: Element) -> str:
    count = len(document.find_all("usbdev", element))
    return ngettext("{count} rule", "{count} rules", count).format(count=count)


REDIRFILTER = DeviceType(
    "redirfilter",
    N_("Filter of USB redirection"),
    "device-redirect",
    Band.DEVICES,
    (Section(N_("Filter of USB redirection"), (_RULES,)),),
    _summary,
    N_("Which USB devices of the viewer's computer the machine may get."),
    order=570,
    tag="redirfilter",
    keys=(),
    limit=1,
    variants=(
        Variant(
            "redirfilter",
            N_("Filter of USB redirection"),
            "<redirfilter><usbdev class='0x08' allow='yes'/><usbdev allow='no'/></redirfilter>",
            N_("Begins with storage only."),
        ),
    ),
)
