"""Controllers, into which other devices are plugged (formatdomain, "Controllers"): all but PCI."""

from __future__ import annotations

from collections.abc import Callable

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import options
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

INDEX = Field(
    "@index",
    N_("Number"),
    Kind.INTEGER,
    N_("Devices name the controller that they are plugged into by it."),
    minimum=0,
    words="index",
)
_NAMES = {
    "usb": N_("USB controller"),
    "scsi": N_("SCSI controller"),
    "sata": N_("SATA controller"),
    "ide": N_("IDE controller"),
    "fdc": N_("Floppy controller"),
    "virtio-serial": N_("virtio serial controller"),
    "ccid": N_("Card reader (CCID)"),
    "isa": N_("ISA controller"),
    "xenbus": N_("Xen bus"),
}
_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("Which devices can be plugged into it."),
    tuple(Choice(kind, name) for kind, name in _NAMES.items()),
    required=True,
)
_USB = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What the guest sees. xHCI has all speeds and needs the least work."),
    (
        Choice("qemu-xhci", N_("USB 3 (xHCI, of QEMU)")),
        Choice("nec-xhci", N_("USB 3 (xHCI, of NEC)")),
        Choice("ich9-ehci1", N_("USB 2 (EHCI, ICH9)")),
        Choice("ich9-uhci1", N_("USB 1, companion 1 (ICH9)")),
        Choice("ich9-uhci2", N_("USB 1, companion 2 (ICH9)")),
        Choice("ich9-uhci3", N_("USB 1, companion 3 (ICH9)")),
        Choice("ehci", "USB 2 (EHCI)"),
        Choice("piix3-uhci", "USB 1 (PIIX3)"),
        Choice("piix4-uhci", "USB 1 (PIIX4)"),
        Choice("vt82c686b-uhci", "USB 1 (VIA)"),
        Choice("pci-ohci", "USB 1 (OHCI)"),
        Choice("qusb1", "USB 1.1 (Xen)"),
        Choice("qusb2", "USB 2 (Xen)"),
        Choice("none", N_("No USB"), N_("The machine has no USB at all")),
    ),
    when=(only("@type", "usb"),),
    words="usb2 usb3",
)
_SCSI = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What the guest sees. virtio SCSI is fastest; the guest needs its driver."),
    (
        Choice("virtio-scsi", "virtio SCSI"),
        Choice("virtio-transitional", N_("virtio SCSI, for old guests too")),
        Choice("virtio-non-transitional", N_("virtio SCSI 1.0 and newer only")),
        Choice("auto", N_("Automatic")),
        Choice("lsilogic", "LSI Logic"),
        Choice("lsisas1068", "LSI SAS 1068"),
        Choice("lsisas1078", "LSI SAS 1078 (MegaRAID)"),
        Choice("vmpvscsi", "VMware PVSCSI"),
        Choice("buslogic", "BusLogic"),
        Choice("ibmvscsi", "IBM vSCSI (POWER)"),
        Choice("ncr53c90", "NCR 53C90"),
        Choice("dc390", "DC-390"),
        Choice("am53c974", "AM53C974"),
    ),
    when=(only("@type", "scsi"),),
)
_SERIAL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("Only for old guests another than virtio."),
    (
        Choice("virtio", "virtio"),
        Choice("virtio-transitional", N_("virtio, for old guests too")),
        Choice("virtio-non-transitional", N_("virtio 1.0 and newer only")),
    ),
    when=(only("@type", "virtio-serial"),),
)
_IDE = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    help=N_("What the guest sees; best left to libvirt."),
    choices=(Choice("piix3", "PIIX3"), Choice("piix4", "PIIX4"), Choice("ich6", "ICH6")),
    when=(only("@type", "ide"),),
)
_PORTS = (
    Field(
        "@ports",
        N_("Ports"),
        Kind.INTEGER,
        N_("How many devices can be plugged in."),
        minimum=0,
        when=(only("@type", "usb", "virtio-serial"),),
    ),
    Field(
        "@vectors",
        N_("Interrupts"),
        Kind.INTEGER,
        N_("How many of the guest's interrupts it uses."),
        minimum=0,
        when=(only("@type", "virtio-serial"),),
    ),
    Field(
        "master/@startport",
        N_("First port of the companion"),
        Kind.INTEGER,
        N_("Where a USB 1 companion begins at its USB 2 controller."),
        minimum=0,
        when=(only("@type", "usb"),),
    ),
    Field(
        "@maxGrantFrames",
        N_("Shared memory pages, at most"),
        Kind.INTEGER,
        help=N_("For what is shared with other domains."),
        minimum=0,
        when=(only("@type", "xenbus"),),
    ),
    Field(
        "@maxEventChannels",
        N_("Event channels, at most"),
        Kind.INTEGER,
        help=N_("For messages with other domains."),
        minimum=0,
        when=(only("@type", "xenbus"),),
    ),
)
_SCSI_ONLY = only("@type", "scsi")
_SPEED = Section(
    N_("Speed"),
    (
        Field(
            "driver/@iothread",
            N_("I/O thread"),
            Kind.INTEGER,
            N_("The thread of the machine that serves all its disks; virtio SCSI only."),
            minimum=1,
            when=(_SCSI_ONLY,),
        ),
        Field(
            "driver/@queues",
            N_("Queues"),
            Kind.INTEGER,
            N_("As many as processors is a good choice."),
            minimum=1,
            when=(_SCSI_ONLY,),
        ),
        Field(
            "driver/@cmd_per_lun",
            N_("Commands at a time for a disk"),
            Kind.INTEGER,
            help=N_("More keeps fast storage busy."),
            minimum=1,
            when=(_SCSI_ONLY,),
        ),
        Field(
            "driver/@max_sectors",
            N_("Largest request"),
            Kind.INTEGER,
            help=N_("In units of 512 bytes."),
            unit="× 512 bytes",
            minimum=1,
            when=(_SCSI_ONLY,),
        ),
        on_off(
            "driver/@ioeventfd",
            N_("Requests in a thread of their own"),
            N_("The guest goes on while the host works (ioeventfd)."),
            when=(_SCSI_ONLY,),
        ),
        *options(only("@type", "scsi", "virtio-serial")),
    ),
    folded=True,
)


def _plugged(document: Document, element: Element) -> int:
    """How many devices say that they are at this controller."""
    bus = {"scsi": "scsi", "sata": "sata", "ide": "ide", "fdc": "fdc"}.get(element.get("type") or "")
    number = element.get("index") or "0"
    at = [one for one in document.find_all("devices/disk") if document.get("target/@bus", "", one) == bus]
    return sum(document.get("address/@controller", "0", one) == number for one in at)


def _summary(document: Document, element: Element) -> str:
    model = document.get("@model", None, element) or _("default model")
    if element.get("type") in ("scsi", "sata", "ide", "fdc"):
        return _("{model}, disks: {count}").format(model=model, count=_plugged(document, element))
    return model


def _title(_document: Document, element: Element) -> str:
    kind = element.get("type") or ""
    name = _(_NAMES.get(kind, "")) or kind or _("Controller")
    return _("{kind} {number}").format(kind=name, number=element.get("index") or "").rstrip()


def _variant(kind: str, xml: str, about: str = "") -> Variant:
    return Variant(f"controller-{kind}", _NAMES[kind], xml, about)


def _controller(kind: str, order: int, sections: tuple[Section, ...], *variants: Variant) -> DeviceType:
    """The type of one kind of controller; of all that have no type of their own for kind ""."""
    match: Callable[[Element], bool] = (
        (lambda element: element.get("type") == kind) if kind else (lambda element: element.get("type") not in _OWN)
    )
    return DeviceType(
        f"controller-{kind}" if kind else "controller",
        _NAMES[kind] if kind else N_("Controller"),
        "device-controller",
        Band.DEVICES,
        (*sections, address("pci", "ccw", "usb", "spapr-vio", "virtio-mmio", "isa"), more()),
        _summary,
        N_("Other devices are plugged into it. libvirt adds those that are needed."),
        order=order,
        tag="controller",
        match=match,
        title=_title,
        variants=variants,
        hotplug=True,
    )


_OWN = ("pci", "usb", "scsi", "virtio-serial")
_PORT, _VECTORS, _MASTER, _GRANTS, _EVENTS = _PORTS
CONTROLLER_USB = _controller(
    "usb",
    890,
    (Section(N_("USB controller"), (_KIND, _USB, INDEX, _PORT, _MASTER)),),
    _variant("usb", "<controller type='usb' model='qemu-xhci'/>"),
)
CONTROLLER_SCSI = _controller(
    "scsi",
    880,
    (Section(N_("SCSI controller"), (_KIND, _SCSI, INDEX)), _SPEED),
    _variant("scsi", "<controller type='scsi' model='virtio-scsi'/>", N_("For many disks, and for disks passed through.")),
)
CONTROLLER_SERIAL = _controller(
    "virtio-serial",
    895,
    (
        Section(N_("virtio serial controller"), (_KIND, _SERIAL, INDEX, _PORT, _VECTORS)),
        Section(N_("Speed"), options(), folded=True),
    ),
    _variant("virtio-serial", "<controller type='virtio-serial'/>", N_("For channels and consoles.")),
)
CONTROLLER = _controller(
    "",
    900,
    (Section(N_("Controller"), (_KIND, _IDE, INDEX, _GRANTS, _EVENTS)),),
    _variant("sata", "<controller type='sata'/>"),
    _variant("ccid", "<controller type='ccid'/>", N_("For smart cards.")),
    _variant("ide", "<controller type='ide'/>", N_("On old machine types only.")),
    _variant("fdc", "<controller type='fdc'/>"),
    _variant("isa", "<controller type='isa'/>"),
    _variant("xenbus", "<controller type='xenbus'/>"),
)
