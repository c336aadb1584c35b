"""Mediated devices: parts of a card of the host, such as a virtual graphics card (formatdomain, "Host device assignment", "
"mdev)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import BOOT, more
from app.devices.shared.switches import on_off
from app.devices.types.hostdev_usb import MANAGED, MODE
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_PCI = only("@model", "vfio-pci")
_MODEL = Field(
    "@model",
    N_("Kind"),
    Kind.CHOICE,
    N_("What sort of device it is."),
    (Choice("vfio-pci", "PCI"), Choice("vfio-ccw", N_("Channel (s390)")), Choice("vfio-ap", N_("Cryptography (s390)"))),
    required=True,
)
_FIELDS = (
    _MODEL,
    Field(
        "source/address/@uuid",
        N_("Device"),
        Kind.UUID,
        N_("Which mediated device of the host."),
        names="mdev",
        required=True,
        words="vgpu mdev",
    ),
    on_off(
        "@display",
        N_("Shows the guest's screen"),
        N_("Of virtual graphics cards: the viewer shows what they draw."),
        when=(_PCI,),
    ),
    on_off("@ramfb", N_("Shows the start too"), N_("A simple display until the guest's driver has begun."), when=(_PCI,)),
    BOOT[0],
)


def _summary(document: Document, element: Element) -> str:
    return _("{kind}: {name}").format(
        kind=word_of(_MODEL, document, element), name=document.get("source/address/@uuid", "", element)
    )


def _title(document: Document, element: Element) -> str:
    return _("Mediated device {name}").format(name=(document.get("source/address/@uuid", "", element) or "")[:8]).rstrip()


HOSTDEV_MDEV = DeviceType(
    "hostdev-mdev",
    N_("Mediated device of the host"),
    "device-hostdev",
    Band.DEVICES,
    (
        Section(N_("Mediated device of the host"), _FIELDS, editor="host-device"),
        address("pci", "ccw"),
        more(MANAGED, BOOT[1], MODE),
    ),
    _summary,
    N_("A part of a card of the host, for example a virtual graphics card."),
    order=540,
    tag="hostdev",
    match=lambda element: element.get("mode", "subsystem") == "subsystem" and element.get("type") == "mdev",
    title=_title,
    keys=("source/address/@uuid", "alias/@name"),
    variants=(
        Variant(
            "hostdev-mdev",
            N_("Mediated device of the host"),
            "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>{mdev}</source></hostdev>",
        ),
    ),
    hotplug=True,
)
