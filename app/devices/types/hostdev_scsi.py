"""SCSI devices of the host, and SCSI hosts by vhost (formatdomain, "Host device assignment", scsi and scsi_host)."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Table, Variant
from app.devices.shared.address import address
from app.devices.shared.auth import auth
from app.devices.shared.conditions import only
from app.devices.shared.disk_servers import hosts
from app.devices.shared.identity import BOOT, more
from app.devices.shared.switches import yes_no
from app.devices.shared.virtio import MODELS
from app.devices.types.hostdev_usb import MANAGED, MODE
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_LOCAL = only("source/@protocol", "adapter", None)
_ISCSI = only("source/@protocol", "iscsi")
_SOURCE: tuple[Field | Table, ...] = (
    Field(
        "source/@protocol",
        N_("Where it is"),
        Kind.CHOICE,
        N_("At an adapter of the host, or an iSCSI target that the machine itself uses."),
        (Choice("adapter", N_("Adapter of the host")), Choice("iscsi", "iSCSI")),
        default="adapter",
    ),
    Field("source/adapter/@name", N_("Adapter"), Kind.TEXT, N_("As lsscsi shows it: scsi_host2."), when=(_LOCAL,)),
    *(
        Field(f"source/address/@{name}", label, Kind.INTEGER, help=N_("As lsscsi shows it."), minimum=0, when=(_LOCAL,))
        for name, label in (("bus", N_("Bus")), ("target", N_("Target")), ("unit", N_("Unit")))
    ),
    Field(
        "source/@name",
        N_("iSCSI target and unit"),
        Kind.TEXT,
        N_("For example iqn.2020-01.org.example:target/1."),
        when=(_ISCSI,),
    ),
    hosts("source/", _ISCSI, "", transport=False),
    *auth("source/", _ISCSI),
    Field(
        "source/initiator/iqn/@name",
        N_("Name of the initiator"),
        Kind.TEXT,
        help=N_("The iSCSI name (IQN) by which the host presents itself."),
        when=(_ISCSI,),
    ),
)
_ADAPTER = tuple(
    Field(
        f"source/adapter/@{name}",
        label,
        Kind.TEXT,
        help=N_("For adapters of Fibre Channel that libvirt makes itself."),
        when=(_LOCAL,),
        folded=True,
    )
    for name, label in (
        ("type", N_("Kind of adapter")),
        ("parent", N_("Parent adapter")),
        ("managed", N_("Made by libvirt")),
        ("parent_wwnn", N_("Node name of the parent")),
        ("parent_wwpn", N_("Port name of the parent")),
        ("parent_fabric_wwn", N_("Fabric of the parent")),
        ("wwnn", N_("Node name")),
        ("wwpn", N_("Port name")),
    )
)
_PARENT = (
    Field(
        "source/adapter/parentaddr/@unique_id",
        N_("Number of the parent"),
        Kind.TEXT,
        N_("Tells adapters at the same PCI address apart."),
        when=(_LOCAL,),
        folded=True,
    ),
    *(
        Field(
            f"source/adapter/parentaddr/address/@{name}",
            label,
            Kind.TEXT,
            N_("Of the card to which the adapter belongs, as lspci shows it."),
            when=(_LOCAL,),
            folded=True,
        )
        for name, label in (
            ("domain", N_("PCI domain")),
            ("bus", N_("PCI bus")),
            ("slot", N_("PCI slot")),
            ("function", N_("PCI function")),
        )
    ),
)
_RIGHTS = (
    Field("readonly", N_("Read only"), Kind.PRESENCE, N_("The guest cannot write to it.")),
    Field("shareable", N_("Shared with other machines"), Kind.PRESENCE, N_("Others may use it at the same time.")),
    Field(
        "@sgio",
        N_("SCSI commands of the guest"),
        Kind.CHOICE,
        help=N_("Which of them reach the device."),
        choices=(Choice("filtered", N_("Harmless ones")), Choice("unfiltered", N_("All"))),
        default="filtered",
        folded=True,
    ),
    yes_no("@rawio", N_("Raw access"), N_("The emulator gets the right to raw input and output."), folded=True),
)


def _identity(document: Document, element: Element) -> str:
    if document.get("source/@protocol", "", element) == "iscsi":
        return document.get("source/@name", "", element) or ""
    parts = [
        document.get(f"source/{path}", "0", element) or "0"
        for path in ("adapter/@name", "address/@bus", "address/@target", "address/@unit")
    ]
    return ":".join([parts[0].removeprefix("scsi_host"), *parts[1:]])


def _summary(document: Document, element: Element) -> str:
    return _("SCSI device of the host: {name}").format(name=_identity(document, element))


def _title(document: Document, element: Element) -> str:
    return _("SCSI device {name}").format(name=_identity(document, element))


HOSTDEV_SCSI = DeviceType(
    "hostdev-scsi",
    N_("SCSI device of the host"),
    "device-hostdev",
    Band.DEVICES,
    (
        Section(N_("SCSI device of the host"), (*_SOURCE, BOOT[0], *_RIGHTS), editor="host-device"),
        address("drive"),
        more(*_ADAPTER, *_PARENT, MANAGED, BOOT[1], MODE),
    ),
    _summary,
    N_("The guest gives its commands to the device itself, also to tape drives and changers."),
    order=520,
    tag="hostdev",
    match=lambda element: element.get("mode", "subsystem") == "subsystem" and element.get("type") == "scsi",
    title=_title,
    variants=(
        Variant(
            "hostdev-scsi",
            N_("SCSI device of the host"),
            "<hostdev mode='subsystem' type='scsi'><source>{scsi-device}</source></hostdev>",
        ),
        Variant(
            "hostdev-iscsi",
            N_("SCSI device: iSCSI target"),
            "<hostdev mode='subsystem' type='scsi'><source protocol='iscsi' name='iqn.2020-01.org.example:target/1'>"
            "<host name='storage.example.org' port='3260'/></source></hostdev>",
        ),
    ),
    hotplug=True,
)


def _host_summary(document: Document, element: Element) -> str:
    return _("SCSI target of the host's kernel: {name}").format(name=document.get("source/@wwpn", "", element))


HOSTDEV_SCSI_HOST = DeviceType(
    "hostdev-scsi-host",
    N_("SCSI target by vhost"),
    "device-hostdev",
    Band.DEVICES,
    (
        Section(
            N_("SCSI target by vhost"),
            (
                Field(
                    "source/@protocol",
                    N_("Way"),
                    Kind.CHOICE,
                    help=N_("How the target is reached."),
                    choices=(Choice("vhost", N_("The kernel (vhost)")),),
                    required=True,
                ),
                Field(
                    "source/@wwpn",
                    N_("Target"),
                    Kind.TEXT,
                    N_("Its name at the host: naa. and sixteen hexadecimal digits."),
                    required=True,
                    pattern=r"naa\.[0-9a-fA-F]{16}",
                    pattern_help=N_("This must be naa. and sixteen hexadecimal digits."),
                ),
                Field(
                    "@model",
                    N_("Form of virtio"),
                    Kind.CHOICE,
                    N_("Only for old guests another than virtio."),
                    MODELS,
                    default="virtio",
                ),
            ),
        ),
        address("pci", "ccw"),
        more(MANAGED, MODE),
    ),
    _host_summary,
    N_("A SCSI target that the host's kernel serves."),
    order=530,
    tag="hostdev",
    match=lambda element: element.get("mode", "subsystem") == "subsystem" and element.get("type") == "scsi_host",
    variants=(
        Variant(
            "hostdev-scsi-host",
            N_("SCSI target by vhost"),
            "<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>",
        ),
    ),
    hotplug=True,
)
