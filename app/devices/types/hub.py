"""USB hubs (formatdomain, "Hub devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.i18n import N_, _
from app.xmldoc.document import Document, Element


def _summary(document: Document, element: Element) -> str:
    port = document.get("address/@port", None, element)
    return _("USB, port {port}").format(port=port) if port else _("USB")


HUB = DeviceType(
    "hub",
    N_("USB hub"),
    "device-hub",
    Band.DEVICES,
    (
        Section(
            N_("USB hub"),
            (
                Field(
                    "@type",
                    N_("Kind"),
                    Kind.CHOICE,
                    help=N_("Only USB is possible."),
                    choices=(Choice("usb", "USB"),),
                    required=True,
                ),
            ),
        ),
        address("usb"),
        more(index=False),
    ),
    _summary,
    N_("More ports for USB devices."),
    order=920,
    tag="hub",
    variants=(Variant("hub", N_("USB hub"), "<hub type='usb'/>"),),
    hotplug=True,
)
