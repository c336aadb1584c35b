"""Consoles (formatdomain, "Console"): the first is the first serial port by another name."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import VIRTIO, address
from app.devices.shared.identity import more
from app.devices.types.serial import PORT, TTY, describe
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_TARGET = Field(
    "target/@type",
    N_("Kind of console"),
    Kind.CHOICE,
    N_("What the guest sees."),
    (
        Choice("serial", N_("Serial port"), N_("The first serial port, by another name")),
        Choice("virtio", "virtio", N_("Named hvc0 by Linux")),
        Choice("sclp", "SCLP (s390)"),
        Choice("sclplm", N_("SCLP line mode (s390)")),
        Choice("xen", "Xen"),
        Choice("lxc", "LXC"),
        Choice("openvz", "OpenVZ"),
        Choice("uml", "UML"),
    ),
    default="serial",
    offered="console/type",
)
_TYPE = chardev.type_field()


def _summary(document: Document, element: Element) -> str:
    return _("{kind}, {connection}").format(kind=word_of(_TARGET, document, element), connection=describe(document, element))


CONSOLE = DeviceType(
    "console",
    N_("Console"),
    "device-console",
    Band.DEVICES,
    (Section(N_("Console"), (_TARGET, _TYPE, *chardev.source(), PORT)), address("virtio-serial", *VIRTIO), more(TTY)),
    _summary,
    N_("A text console of the guest's system."),
    order=210,
    tag="console",
    keys=("target/@port", "alias/@name"),
    variants=(
        Variant(
            "console-virtio",
            N_("Console: virtio"),
            "<console type='pty'><target type='virtio'/></console>",
            N_("Faster than a serial port; Linux calls it hvc0."),
        ),
        Variant("console-serial", N_("Console: serial port"), "<console type='pty'><target type='serial'/></console>"),
        Variant("console-sclp", N_("Console: SCLP"), "<console type='pty'><target type='sclp'/></console>", N_("On s390.")),
    ),
    hotplug=True,
)
