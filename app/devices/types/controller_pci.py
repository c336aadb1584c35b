"""PCI and PCI Express controllers: roots, ports, switches, bridges (formatdomain, "Controllers", pci)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.types.controller import INDEX
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_ROOTS = ("pci-root", "pcie-root")
_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("Each device of PCI Express needs a port of its own; ports that are free let devices be added while it runs."),
    (
        Choice("pcie-root-port", N_("PCI Express root port"), N_("One device; can be unplugged while the machine runs")),
        Choice("pcie-to-pci-bridge", N_("Bridge from PCI Express to PCI"), N_("For old PCI cards")),
        Choice("pcie-switch-upstream-port", N_("Switch, upper port")),
        Choice("pcie-switch-downstream-port", N_("Switch, lower port")),
        Choice("pcie-expander-bus", N_("PCI Express expander"), N_("A root of its own, near a NUMA cell")),
        Choice("pci-expander-bus", N_("PCI expander"), N_("A root of its own, near a NUMA cell")),
        Choice("pci-bridge", N_("PCI bridge")),
        Choice("dmi-to-pci-bridge", N_("DMI to PCI bridge (old)")),
        Choice("pcie-root", N_("PCI Express root")),
        Choice("pci-root", N_("PCI root")),
    ),
    required=True,
)
_NAME = Field(
    "model/@name",
    N_("What the guest sees"),
    Kind.CHOICE,
    N_("The emulated part; best left to libvirt."),
    (
        Choice("pcie-root-port", N_("Root port of QEMU")),
        Choice("ioh3420", "Intel IOH 3420"),
        Choice("x3130-upstream", N_("TI x3130, upper")),
        Choice("xio3130-downstream", N_("TI xio3130, lower")),
        Choice("pcie-pci-bridge", N_("PCI Express bridge of QEMU")),
        Choice("pci-bridge", N_("PCI bridge of QEMU")),
        Choice("i82801b11-bridge", "Intel 82801 (DMI)"),
        Choice("pxb-pcie", N_("PCI Express expander of QEMU")),
        Choice("pxb", N_("PCI expander of QEMU")),
        Choice("spapr-pci-host-bridge", "sPAPR (POWER)"),
    ),
)
_BRIDGES = only("@model", "pci-bridge", "pci-expander-bus")
_PORTS = only("@model", "pcie-root-port", "pcie-switch-downstream-port")
_ROOM = (
    Field(
        "pcihole64",
        N_("Room for large cards"),
        Kind.SIZE,
        N_("Address space above 4 GiB, for graphics cards that are passed through."),
        has_unit=True,
        when=(only("@model", *_ROOTS),),
        words="hole 64",
    ),
    on_off(
        "target/@hotplug",
        N_("Can be plugged while it runs"),
        N_("“Off” keeps the guest from offering to eject the device."),
        when=(_PORTS,),
        default="on",
    ),
    Field(
        "target/node",
        N_("NUMA cell"),
        Kind.INTEGER,
        N_("The guest's cell near to it."),
        minimum=0,
        when=(only("@model", "pci-expander-bus", "pcie-expander-bus", "pci-root"),),
    ),
    Field(
        "target/@busNr",
        N_("Bus number"),
        Kind.INTEGER,
        help=N_("The guest's bus that is behind it."),
        minimum=0,
        maximum=254,
        when=(only("@model", "pci-expander-bus", "pcie-expander-bus"),),
    ),
    Field(
        "target/@chassis",
        N_("Chassis"),
        Kind.INTEGER,
        help=N_("Told to the guest; libvirt chooses it."),
        minimum=0,
        maximum=255,
        when=(_PORTS,),
        folded=True,
    ),
    Field(
        "target/@port",
        N_("Port"),
        Kind.TEXT,
        help=N_("Told to the guest; libvirt chooses it."),
        when=(_PORTS,),
        folded=True,
        pattern=r"0x[0-9a-fA-F]{1,2}|\d+",
    ),
    Field(
        "target/@chassisNr",
        N_("Chassis of the bridge"),
        Kind.INTEGER,
        help=N_("Told to the guest; libvirt chooses it."),
        minimum=0,
        maximum=255,
        when=(_BRIDGES,),
        folded=True,
    ),
    Field(
        "target/@index",
        N_("Number of the root"),
        Kind.INTEGER,
        N_("On POWER only."),
        minimum=0,
        maximum=31,
        when=(only("@model", "pci-root"),),
        folded=True,
    ),
)


def _summary(document: Document, element: Element) -> str:
    return _("{model}, devices: {count}").format(model=word_of(_MODEL, document, element), count=_plugged(element))


def _plugged(element: Element) -> int:
    """How many devices have a PCI address at this controller."""
    parent, number = element.getparent(), _number(element.get("index") or "0")
    if parent is None:
        return 0
    places = (place for place in parent.iterfind("*/address") if place.get("type") == "pci")
    return sum(_number(place.get("bus")) == number for place in places)


def _number(text: str | None) -> int | None:
    try:
        return int(text or "", 0)
    except ValueError:
        return None


def _title(_document: Document, element: Element) -> str:
    return _("PCI controller {number}").format(number=element.get("index") or "").rstrip()


CONTROLLER_PCI = DeviceType(
    "controller-pci",
    N_("PCI controller"),
    "device-controller",
    Band.DEVICES,
    (Section(N_("PCI controller"), (_MODEL, INDEX, *_ROOM)), address("pci"), more(_NAME)),
    _summary,
    N_("PCI devices are plugged into it. libvirt adds those that are needed."),
    order=910,
    tag="controller",
    match=lambda element: element.get("type") == "pci",
    title=_title,
    keys=("@index", "alias/@name"),
    variants=(
        Variant(
            "controller-pcie-root-port",
            N_("PCI Express root port"),
            "<controller type='pci' model='pcie-root-port'/>",
            N_("A free port lets one more device be added while the machine runs."),
        ),
        Variant(
            "controller-pcie-to-pci-bridge",
            N_("Bridge from PCI Express to PCI"),
            "<controller type='pci' model='pcie-to-pci-bridge'/>",
        ),
        Variant("controller-pcie-expander-bus", N_("PCI Express expander"), "<controller type='pci' model='pcie-expander-bus'/>"),
        Variant("controller-pci-bridge", N_("PCI bridge"), "<controller type='pci' model='pci-bridge'/>"),
    ),
)
