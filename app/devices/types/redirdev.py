"""USB devices of the viewer's computer that a machine can get (formatdomain, "Redirected devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import address
from app.devices.shared.identity import BOOT, more
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_TYPE = chardev.type_field("spicevmc", "tcp", "unix", "udp", "file", "dev", "pipe", "null", "pty", "spiceport", offered="")
_BUS = Field(
    "@bus",
    N_("Bus"),
    Kind.CHOICE,
    help=N_("Only USB is possible."),
    choices=(Choice("usb", "USB"),),
    required=True,
    offered="redirdev/bus",
)


def _summary(document: Document, element: Element) -> str:
    return _("USB, over {way}").format(way=word_of(_TYPE, document, element))


REDIRDEV = DeviceType(
    "redirdev",
    N_("USB redirection"),
    "device-redirect",
    Band.DEVICES,
    (Section(N_("USB redirection"), (_TYPE, _BUS, *chardev.source(), BOOT[0])), address("usb"), more(BOOT[1], index=False)),
    _summary,
    N_("A place for one USB device that is plugged into the viewer's computer."),
    order=560,
    tag="redirdev",
    variants=(
        Variant(
            "redirdev",
            N_("USB redirection"),
            "<redirdev bus='usb' type='spicevmc'/>",
            N_("One device at a time, over SPICE."),
            "redirdev/bus=usb",
        ),
    ),
    hotplug=True,
)
