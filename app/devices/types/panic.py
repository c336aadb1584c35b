"""Panic notifier: tells the host that the guest's kernel has failed (formatdomain, "Panic device")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What the guest sees; without a word the machine's usual one."),
    (
        Choice("isa", "ISA"),
        Choice("pvpanic", "PCI", since=(9, 1, 0)),
        Choice("hyperv", "Hyper-V", N_("For Windows")),
        Choice("pseries", N_("POWER")),
        Choice("s390", "s390"),
    ),
    offered="panic/model",
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_MODEL, document, element) or _("default model")


PANIC = DeviceType(
    "panic",
    N_("Panic notifier"),
    "device-panic",
    Band.DEVICES,
    (Section(N_("Panic notifier"), (_MODEL,)), address("isa", "pci"), more(index=False)),
    _summary,
    N_("The host learns that the guest's system has failed, and does what the machine's events say."),
    order=640,
    tag="panic",
    keys=("@model",),
    limit=2,
    variants=(
        Variant("panic", N_("Panic notifier"), "<panic/>"),
        Variant(
            "panic-hyperv",
            N_("Panic notifier: Hyper-V"),
            "<panic model='hyperv'/>",
            N_("For Windows guests."),
            "panic/model=hyperv",
        ),
        Variant(
            "panic-pvpanic",
            N_("Panic notifier: PCI"),
            "<panic model='pvpanic'/>",
            N_("Since libvirt 9.1."),
            "panic/model=pvpanic",
        ),
    ),
)
