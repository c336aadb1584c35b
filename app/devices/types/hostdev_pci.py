"""PCI devices of the host that the machine gets (formatdomain, "Host device assignment", pci)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import BOOT, more
from app.devices.shared.rom import ROM
from app.devices.shared.switches import yes_no
from app.devices.shared.teaming import teaming
from app.devices.types.hostdev_usb import MANAGED, MODE, STARTUP
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_HEX = r"0x[0-9a-fA-F]+|\d+"
_PARTS = (
    ("domain", N_("PCI domain of the host")),
    ("bus", N_("PCI bus of the host")),
    ("slot", N_("PCI slot of the host")),
    ("function", N_("PCI function of the host")),
)
_SOURCE = tuple(
    Field(
        f"source/address/@{name}",
        label,
        Kind.TEXT,
        N_("As lspci shows it: 0000:01:00.0 is domain, bus, slot and function."),
        pattern=_HEX,
        pattern_help=N_("This must be a number such as 0x01."),
        required=name != "domain",
        words="passthrough gpu vfio",
    )
    for name, label in _PARTS
)
_DRIVER = (
    Field(
        "driver/@name",
        N_("Driver of the host"),
        Kind.CHOICE,
        N_("How the device is given away; best left to libvirt."),
        (Choice("vfio", "VFIO"), Choice("xen", "Xen"), Choice("kvm", N_("KVM (old)"))),
        offered="hostdev/pciBackend",
    ),
    Field(
        "driver/@model",
        N_("VFIO driver"),
        Kind.TEXT,
        N_("A driver of the maker, for example mlx5_vfio_pci, which can migrate."),
        since=(10, 0, 0),
    ),
    yes_no(
        "source/@writeFiltering",
        N_("Filter what the guest configures"),
        N_("On Xen only: “No” lets the guest write to all of the configuration."),
    ),
)


def _identity(document: Document, element: Element) -> str:
    def part(name: str, digits: int) -> str:
        text = document.get(f"source/address/@{name}", "0", element) or "0"
        try:
            return f"{int(text, 0):0{digits}x}"
        except ValueError:
            return text

    return f"{part('domain', 4)}:{part('bus', 2)}:{part('slot', 2)}.{part('function', 1)}"


def _summary(document: Document, element: Element) -> str:
    return _("PCI device of the host: {name}").format(name=_identity(document, element))


def _title(document: Document, element: Element) -> str:
    return _("PCI device {name}").format(name=_identity(document, element))


HOSTDEV_PCI = DeviceType(
    "hostdev-pci",
    N_("PCI device of the host"),
    "device-hostdev",
    Band.DEVICES,
    (
        Section(N_("PCI device of the host"), (*_SOURCE, MANAGED, BOOT[0]), editor="host-device"),
        Section(N_("Boot ROM"), ROM, folded=True),
        address("pci", "ccw", "unassigned"),
        more(STARTUP, *_DRIVER, *teaming(), BOOT[1], MODE),
    ),
    _summary,
    N_("A card of the host, such as a graphics card, which this machine alone uses."),
    order=510,
    tag="hostdev",
    match=lambda element: element.get("mode", "subsystem") == "subsystem" and element.get("type") == "pci",
    title=_title,
    variants=(
        Variant(
            "hostdev-pci",
            N_("PCI device of the host"),
            "<hostdev mode='subsystem' type='pci' managed='yes'><source>{pci}</source></hostdev>",
            N_("The host needs an IOMMU (VT-d, AMD-Vi) that is turned on."),
        ),
    ),
    hotplug=True,
)
