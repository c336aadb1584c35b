"""Where a disk's content is: the source of the disk itself, of its backing image and of its data file."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table, When
from app.devices.shared.conditions import only
from app.devices.shared.disk_kinds import KINDS, PROTOCOLS
from app.devices.shared.disk_servers import servers
from app.devices.shared.seclabel import labels
from app.devices.shared.switches import yes_no
from app.i18n import N_


def source(base: str = "", live: str = "") -> tuple[Field | Table, ...]:
    """The fields below ``source`` and the type beside it; base: "" or "backingStore/".

    live: "device" for drives whose medium can change.
    """
    kind = f"{base}@type"
    return (
        Field(
            kind,
            N_("Kind of source"),
            Kind.CHOICE,
            N_("What the content of the disk is at the host."),
            KINDS,
            required=not base,
            live=live,
            words="file block network volume",
        ),
        *_local(base, kind, live),
        *_volume(base, kind, live),
        *_hardware(base, kind, live),
        Field(
            f"{base}source/@protocol",
            N_("Protocol"),
            Kind.CHOICE,
            N_("How the storage is reached."),
            PROTOCOLS,
            when=(only(kind, "network"),),
            live=live,
        ),
        *servers(base, live),
    )


def _local(base: str, kind: str, live: str) -> tuple[Field, ...]:
    return (
        Field(
            f"{base}source/@file",
            N_("File"),
            Kind.PATH,
            N_("The image file on the host."),
            when=(only(kind, "file"),),
            live=live,
            taken="" if base else "disk",
            words="image path iso",
        ),
        Field(
            f"{base}source/@dev",
            N_("Device"),
            Kind.PATH,
            N_("The disk, partition or logical volume of the host: /dev/disk/by-id/…"),
            names="block-devices",
            when=(only(kind, "block", "vhostvdpa"),),
            live=live,
            taken="" if base else "disk",
            words="lvm partition",
        ),
        Field(
            f"{base}source/@dir",
            N_("Folder"),
            Kind.PATH,
            N_("Its files are shown to the guest on a FAT disk."),
            when=(only(kind, "dir"),),
            live=live,
        ),
    )


def _volume(base: str, kind: str, live: str) -> tuple[Field, ...]:
    when: tuple[When, ...] = (only(kind, "volume"),)
    return (
        Field(
            f"{base}source/@pool",
            N_("Storage pool"),
            Kind.CHOICE,
            N_("The pool of libvirt that has the volume."),
            names="pools",
            when=when,
            live=live,
        ),
        Field(f"{base}source/@volume", N_("Volume"), Kind.TEXT, N_("Its name in the pool."), when=when, live=live),
        Field(
            f"{base}source/@mode",
            N_("An iSCSI volume is used"),
            Kind.CHOICE,
            N_("Only for volumes of iSCSI pools."),
            (Choice("host", N_("As a disk of the host")), Choice("direct", N_("By the machine itself"))),
            when=when,
            live=live,
        ),
    )


def _hardware(base: str, kind: str, live: str) -> tuple[Field, ...]:
    nvme, user = (only(kind, "nvme"),), (only(kind, "vhostuser"),)
    parts = ((N_("PCI domain"), "domain"), (N_("PCI bus"), "bus"), (N_("PCI slot"), "slot"), (N_("PCI function"), "function"))
    return (
        Field(
            f"{base}source/@type",
            N_("Reached by"),
            Kind.CHOICE,
            N_("How the source is reached."),
            (Choice("pci", N_("PCI address")), Choice("unix", N_("Unix socket"))),
            when=(only(kind, "nvme", "vhostuser"),),
            live=live,
        ),
        Field(
            f"{base}source/@namespace",
            N_("NVMe namespace"),
            Kind.INTEGER,
            N_("Which part of the NVMe disk; the first is 1."),
            minimum=1,
            when=nvme,
            live=live,
        ),
        yes_no(
            f"{base}source/@managed",
            N_("Taken from the host by libvirt"),
            N_("libvirt takes the controller from the host when the machine starts, and gives it back when it stops."),
            when=nvme,
            live=live,
        ),
        *(
            Field(
                f"{base}source/address/@{name}",
                label,
                Kind.TEXT,
                help=N_("Of the controller at the host, as lspci shows it."),
                when=nvme,
                live=live,
            )
            for label, name in parts
        ),
        Field(
            f"{base}source/@path",
            N_("Socket"),
            Kind.PATH,
            N_("The socket of the program that is the disk."),
            when=user,
            live=live,
        ),
    )


def rare(base: str = "", live: str = "") -> tuple[Field | Table, ...]:
    """What is seldom said of a source: for the section "More"."""
    kind = f"{base}@type"
    return (
        Field(
            f"{base}source/@startupPolicy",
            N_("When the source is missing"),
            Kind.CHOICE,
            N_("What happens if the file is not there when the machine starts."),
            (
                Choice("mandatory", N_("The machine does not start")),
                Choice("requisite", N_("It is left out after a migration or restore only")),
                Choice("optional", N_("It is left out")),
            ),
            default="mandatory",
            when=(only(kind, "file", "block", "volume", "dir", "nvme"),),
            live=live,
        ),
        Field(
            f"{base}source/@fdgroup",
            N_("Handed-over files"),
            Kind.TEXT,
            N_("The name of files that another program has opened for libvirt."),
            when=(only(kind, "file"),),
        ),
        Field(
            f"{base}source/@index",
            N_("Index in the chain"),
            Kind.INTEGER,
            N_("libvirt numbers the images of a running machine."),
            minimum=1,
        ),
        Table(
            f"{base}source/slices/slice",
            N_("Part of the file that is used"),
            (
                Field(
                    "@type",
                    N_("Use"),
                    Kind.CHOICE,
                    help=N_("What the part holds."),
                    choices=(Choice("storage", N_("The disk's content")),),
                    required=True,
                ),
                Field("@offset", N_("Begins at"), Kind.SIZE, help=N_("How far into the file."), scale="bytes", required=True),
                Field("@size", N_("Size"), Kind.SIZE, help=N_("How long the part is."), scale="bytes", required=True),
            ),
            new="<slice type='storage' offset='0' size='1048576'/>",
            limit=1,
            folded=True,
            help=N_("The disk is only a part of the file or device."),
        ),
        labels(f"{base}source", only(kind, "file", "block", "volume")),
    )
