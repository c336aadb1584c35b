"""Serial ports (formatdomain, "Serial port")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

TYPE = chardev.type_field(offered="")
TTY = Field("@tty", N_("Terminal of the host now"), Kind.TEXT, N_("Written by libvirt while the machine runs."))
_TARGET = Field(
    "target/@type",
    N_("Kind of port"),
    Kind.CHOICE,
    N_("What the guest sees; without a word the machine's usual one."),
    (
        Choice("isa-serial", N_("Serial port (ISA)")),
        Choice("pci-serial", N_("Serial card (PCI)")),
        Choice("usb-serial", N_("USB serial adapter")),
        Choice("system-serial", N_("Built in (ARM, RISC-V)")),
        Choice("spapr-vio-serial", "sPAPR VIO (POWER)"),
        Choice("sclp-serial", "SCLP (s390)"),
        Choice("isa-debug", N_("Debug port of the firmware")),
    ),
)
_MODEL = Field(
    "target/model/@name",
    N_("Model"),
    Kind.CHOICE,
    N_("Best left to libvirt."),
    tuple(
        Choice(name, "")
        for name in (
            "isa-serial",
            "pci-serial",
            "usb-serial",
            "spapr-vty",
            "pl011",
            "16550a",
            "sclpconsole",
            "sclplmconsole",
            "isa-debugcon",
        )
    ),
)
PORT = Field(
    "target/@port",
    N_("Number"),
    Kind.INTEGER,
    N_("0 is the first port of the guest."),
    minimum=0,
    default=N_("the next free one"),
)


def describe(document: Document, element: Element) -> str:
    """Where a character device is connected, on one line."""
    way = word_of(TYPE, document, element)
    place = document.get("source/@path", None, element) or document.get("source/@service", None, element)
    return _("{way}: {place}").format(way=way, place=place) if place else way


def _title(document: Document, element: Element) -> str:
    number = document.get("target/@port", None, element)
    return _("Serial port {number}").format(number=int(number) + 1) if number and number.isdecimal() else _("Serial port")


SERIAL = DeviceType(
    "serial",
    N_("Serial port"),
    "device-serial",
    Band.DEVICES,
    (
        Section(N_("Serial port"), (TYPE, *chardev.source(), _TARGET, PORT)),
        address("isa", "pci", "usb", "spapr-vio"),
        more(_MODEL, TTY),
    ),
    describe,
    N_("Texts of the guest's system; the console view opens it."),
    order=200,
    tag="serial",
    title=_title,
    keys=("target/@port", "alias/@name"),
    variants=(
        Variant(
            "serial-pty", N_("Serial port"), "<serial type='pty'/>", N_("A terminal of the host, which the console view opens.")
        ),
        Variant(
            "serial-file",
            N_("Serial port: written to a file"),
            "<serial type='file'><source path='/var/log/libvirt/serial-{name}.log'/></serial>",
        ),
        Variant(
            "serial-unix",
            N_("Serial port: Unix socket"),
            "<serial type='unix'><source mode='bind' path='/run/serial-{name}.sock'/></serial>",
        ),
        Variant(
            "serial-tcp",
            N_("Serial port: network connection"),
            "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='4555'/><protocol type='raw'/></serial>",
            N_("Others connect to the machine."),
        ),
        Variant(
            "serial-udp",
            N_("Serial port: network packets"),
            "<serial type='udp'><source mode='connect' host='127.0.0.1' service='4556'/></serial>",
        ),
        Variant("serial-dev", N_("Serial port: port of the host"), "<serial type='dev'><source path='/dev/ttyS0'/></serial>"),
        Variant("serial-pci", N_("Serial card (PCI)"), "<serial type='pty'><target type='pci-serial'/></serial>"),
        Variant("serial-usb", N_("USB serial adapter"), "<serial type='pty'><target type='usb-serial'/></serial>"),
        Variant(
            "serial-debug",
            N_("Debug port of the firmware"),
            "<serial type='file'><source path='/var/log/libvirt/firmware-{name}.log'/><target type='isa-debug'>"
            "<model name='isa-debugcon'/></target>"
            "<address type='isa' iobase='0x402'/></serial>",
            N_("What UEFI tells while it starts."),
        ),
    ),
    hotplug=True,
)
