"""Where a device sits on its bus (formatdomain, "Device Addresses").

libvirt chooses the place when nothing is said; guests remember devices by it, so it is kept once it is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.description import Choice, Field, Kind, Section
from app.devices.shared.conditions import only
from app.devices.shared.switches import on_off
from app.i18n import N_

_NUMBER = r"0[xX][0-9a-fA-F]+|\d+"
_NUMBER_HELP = N_("This must be a number, for example 0x1f or 31.")

_WORDS = {
    "pci": N_("PCI"),
    "drive": N_("Drive: controller, bus, target and unit"),
    "usb": N_("USB"),
    "ccw": N_("Channel (CCW, s390)"),
    "virtio-mmio": N_("virtio without PCI (MMIO)"),
    "virtio-serial": N_("virtio serial"),
    "ccid": N_("Card reader (CCID)"),
    "isa": N_("ISA"),
    "spapr-vio": N_("sPAPR VIO (POWER)"),
    "dimm": N_("Memory slot"),
    "unassigned": N_("Not given to the guest"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """One attribute, in the kinds of address that have it."""

    path: str
    kinds: tuple[str, ...]
    label: str
    about: str = ""
    pattern: str = _NUMBER
    pattern_help: str = _NUMBER_HELP


_PARTS = (
    _Part("@domain", ("pci",), N_("PCI domain"), N_("0 nearly always.")),
    _Part(
        "@controller",
        ("drive", "virtio-serial", "ccid"),
        N_("Controller"),
        N_("The index of the controller that it is plugged into."),
    ),
    _Part(
        "@bus",
        ("pci", "drive", "usb", "virtio-serial"),
        N_("Bus"),
        N_("On PCI and USB the index of the controller that it is plugged into."),
    ),
    _Part("@slot", ("pci", "ccid", "dimm"), N_("Slot"), N_("The place on the bus; for memory the number of the slot.")),
    _Part("@function", ("pci",), N_("PCI function"), N_("0 to 7; 0 is the first of a slot.")),
    _Part("zpci/@uid", ("pci",), N_("zPCI user identifier"), N_("On s390 only.")),
    _Part("zpci/@fid", ("pci",), N_("zPCI function identifier"), N_("On s390 only.")),
    _Part("@target", ("drive",), N_("Target"), N_("The number by which a SCSI controller knows it.")),
    _Part("@unit", ("drive",), N_("Unit"), N_("The number behind the target, or at an IDE controller the place on the cable.")),
    _Part(
        "@port",
        ("usb", "virtio-serial"),
        N_("Port"),
        N_("With USB hubs between, their ports too, separated by dots."),
        rf"{_NUMBER}|\d+(\.\d+){{1,3}}",
        N_("This must be a port, for example 1 or 2.1."),
    ),
    _Part("@cssid", ("ccw",), N_("Channel subsystem"), N_("0xfe for virtual devices.")),
    _Part("@ssid", ("ccw",), N_("Subchannel set"), N_("0x0 to 0x3.")),
    _Part("@devno", ("ccw",), N_("Device number"), N_("0x0000 to 0xffff, as the guest shows it.")),
    _Part("@iobase", ("isa",), N_("I/O port"), N_("For example 0x3f8.")),
    _Part("@irq", ("isa",), N_("Interrupt"), N_("For example 4.")),
    _Part("@reg", ("spapr-vio",), N_("Register"), N_("For example 0x30000000.")),
    _Part("@base", ("dimm",), N_("Base address"), N_("Where in the guest's memory it begins.")),
)
_SEVERAL = on_off(
    "address/@multifunction",
    N_("Several functions in this slot"),
    N_("Turned on for function 0 of a slot that has more than one function."),
    when=(only("address/@type", "pci"),),
)


_FIELDS = tuple(
    Field(
        f"address/{part.path}",
        part.label,
        Kind.TEXT,
        part.about,
        when=(only("address/@type", *part.kinds),),
        pattern=part.pattern,
        pattern_help=part.pattern_help,
    )
    for part in _PARTS
)
"""Of every kind: libvirt takes a kind that is unusual for a device from a machine that has it."""

VIRTIO = ("pci", "ccw", "virtio-mmio")
"""Where virtio devices can sit."""


def address(*kinds: str) -> Section:
    """The folded section; ``kinds`` are the types of address that such a device can usefully have."""
    choices = tuple(Choice(kind, _WORDS[kind]) for kind in kinds)
    place = Field(
        "address/@type",
        N_("Kind of address"),
        Kind.CHOICE,
        N_("How the place is told."),
        choices,
        default=N_("libvirt chooses"),
        words="bus slot",
    )
    return Section(
        N_("Address"),
        (place, *_FIELDS, _SEVERAL),
        N_(
            "Where the guest finds it. libvirt chooses and keeps a free place; another one can look like new hardware to the "
            "guest."
        ),
        folded=True,
    )
