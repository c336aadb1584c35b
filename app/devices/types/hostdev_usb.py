"""USB devices of the host that the machine gets (formatdomain, "Host device assignment", usb)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import BOOT, more
from app.devices.shared.switches import yes_no
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

STARTUP = Field(
    "source/@startupPolicy",
    N_("When it is missing"),
    Kind.CHOICE,
    N_("What happens if the device is not there when the machine starts."),
    (
        Choice("mandatory", N_("The machine does not start")),
        Choice("requisite", N_("It is left out after a migration or restore only")),
        Choice("optional", N_("It is left out")),
    ),
    default="mandatory",
    offered="hostdev/startupPolicy",
)
MANAGED = yes_no(
    "@managed",
    N_("Taken from the host by libvirt"),
    N_("libvirt takes the device from the host when the machine starts, and gives it back when it stops."),
)
MODE = Field(
    "@mode",
    N_("Given to"),
    Kind.CHOICE,
    N_("Containers get device files; machines get the device itself."),
    (Choice("subsystem", N_("A machine")), Choice("capabilities", N_("A container"))),
    default="subsystem",
)
_HEX = r"0x[0-9a-fA-F]{1,4}|[0-9a-fA-F]{1,4}"
_SOURCE = (
    Field(
        "source/vendor/@id",
        N_("Vendor"),
        Kind.TEXT,
        N_("As lsusb shows it: 0x046d."),
        pattern=_HEX,
        pattern_help=N_("This must be a number such as 0x046d."),
        words="usb id",
    ),
    Field(
        "source/product/@id",
        N_("Product"),
        Kind.TEXT,
        N_("As lsusb shows it: 0xc52b."),
        pattern=_HEX,
        pattern_help=N_("This must be a number such as 0xc52b."),
    ),
    Field(
        "source/address/@bus",
        N_("Bus of the host"),
        Kind.TEXT,
        N_("Only needed if several devices of the same kind are plugged in."),
    ),
    Field("source/address/@device", N_("Number on the bus"), Kind.TEXT, N_("It changes each time the device is plugged in.")),
    Field(
        "source/address/@port",
        N_("Port of the host"),
        Kind.TEXT,
        N_("The device that is plugged in there, whichever it is."),
        since=(12, 0, 0),
        folded=True,
    ),
)


def _identity(document: Document, element: Element) -> str:
    vendor, product = (document.get(f"source/{name}/@id", "", element) or "" for name in ("vendor", "product"))
    if vendor or product:
        return f"{vendor.removeprefix('0x')}:{product.removeprefix('0x')}"
    bus, device = (document.get(f"source/address/@{name}", "?", element) for name in ("bus", "device"))
    return _("bus {bus}, device {device}").format(bus=bus, device=device)


def _summary(document: Document, element: Element) -> str:
    return _("USB device of the host: {name}").format(name=_identity(document, element))


def _title(document: Document, element: Element) -> str:
    return _("USB device {name}").format(name=_identity(document, element))


HOSTDEV_USB = DeviceType(
    "hostdev-usb",
    N_("USB device of the host"),
    "device-usb",
    Band.DEVICES,
    (
        Section(N_("USB device of the host"), (*_SOURCE, STARTUP, BOOT[0]), editor="host-device"),
        address("usb"),
        more(
            Field(
                "source/@guestReset",
                N_("When the guest resets it"),
                Kind.CHOICE,
                N_("Some devices break when they are reset."),
                (
                    Choice("on", N_("It is reset")),
                    Choice("uninitialized", N_("Only while the guest has not set it up")),
                    Choice("off", N_("Nothing happens")),
                ),
            ),
            BOOT[1],
            MODE,
        ),
    ),
    _summary,
    N_("The guest uses it as if it were plugged in there; the host cannot use it meanwhile."),
    order=500,
    tag="hostdev",
    match=lambda element: element.get("mode", "subsystem") == "subsystem" and element.get("type") == "usb",
    title=_title,
    variants=(
        Variant(
            "hostdev-usb", N_("USB device of the host"), "<hostdev mode='subsystem' type='usb'><source>{usb}</source></hostdev>"
        ),
    ),
    hotplug=True,
)
