"""What the guest sees of a disk: its bus, name, serial number and rights."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Section, Table
from app.devices.shared.auth import auth
from app.devices.shared.conditions import only
from app.devices.shared.disk_kinds import FORMATS
from app.devices.shared.disk_source import rare, source
from app.devices.shared.encryption import fields as encrypted
from app.devices.shared.identity import BOOT
from app.devices.shared.reservations import reservations
from app.devices.shared.switches import on_off, yes_no
from app.devices.shared.virtio import MODELS
from app.i18n import N_

BUS = Field(
    "target/@bus",
    N_("Bus"),
    Kind.CHOICE,
    N_("How the guest sees the disk. virtio is fastest; the guest needs its driver to boot from it."),
    (
        Choice("virtio", "virtio"),
        Choice("scsi", "SCSI"),
        Choice("sata", "SATA"),
        Choice("usb", "USB"),
        Choice("ide", "IDE"),
        Choice("fdc", N_("Floppy controller")),
        Choice("sd", N_("SD card")),
        Choice("xen", "Xen"),
        Choice("uml", "UML"),
    ),
    offered="disk/bus",
    words="controller virtio sata scsi",
)
TARGET = Field(
    "target/@dev",
    N_("Name"),
    Kind.TEXT,
    N_("Tells the disks of the machine apart: vda, sda, hda. The guest may call it otherwise."),
    required=True,
    distinct=True,
    pattern=r"(fd|hd|sd|vd|xvd|ubd)[A-Za-z0-9_]+|[a-z]+",
    pattern_help=N_("This must be a name such as vda or sdb."),
)
READ_ONLY = Field("readonly", N_("Read only"), Kind.PRESENCE, N_("The guest cannot write to it."))
SHAREABLE = Field(
    "shareable",
    N_("Shared with other machines"),
    Kind.PRESENCE,
    N_("Others may use it at the same time; their systems must be made for that, or the content is lost."),
)
TRANSIENT: tuple[Field, ...] = (
    Field(
        "transient",
        N_("Forget changes when the machine stops"),
        Kind.PRESENCE,
        N_("What the guest writes is thrown away at its end."),
    ),
    yes_no(
        "transient/@shareBacking",
        N_("Others may use the image meanwhile"),
        N_("Other machines can start from the same image at the same time."),
        when=(only("transient"),),
    ),
)
IDENTITY = Section(
    N_("What the guest sees"),
    (
        Field("serial", N_("Serial number"), Kind.TEXT, N_("The guest finds the disk by it: /dev/disk/by-id/…"), words="by-id"),
        Field(
            "wwn",
            N_("World wide name"),
            Kind.TEXT,
            N_("Sixteen hexadecimal digits."),
            pattern=r"(0x)?[0-9a-fA-F]{16}",
            pattern_help=N_("It has sixteen hexadecimal digits."),
            when=(only("target/@bus", "scsi", "ide", "sata"),),
        ),
        Field(
            "vendor",
            N_("Vendor"),
            Kind.TEXT,
            N_("Up to eight characters; SCSI only."),
            pattern=r"[ -~]{0,8}",
            pattern_help=N_("It has up to eight characters."),
            when=(only("target/@bus", "scsi"),),
        ),
        Field(
            "product",
            N_("Product"),
            Kind.TEXT,
            N_("Up to sixteen characters; SCSI only."),
            pattern=r"[ -~]{0,16}",
            pattern_help=N_("It has up to sixteen characters."),
            when=(only("target/@bus", "scsi"),),
        ),
        Field(
            "target/@rotation_rate",
            N_("Speed of rotation"),
            Kind.INTEGER,
            N_("1 tells the guest that it is a solid-state disk."),
            minimum=1,
            maximum=65535,
            unit="min⁻¹",
            when=(only("target/@bus", "scsi", "ide", "sata"),),
            words="ssd",
        ),
        on_off(
            "target/@removable", N_("Removable"), N_("The guest shows it like a USB stick."), when=(only("target/@bus", "usb"),)
        ),
        Field(
            "blockio/@logical_block_size",
            N_("Logical block size"),
            Kind.INTEGER,
            help=N_("The smallest piece that the guest can read; 512 or 4096."),
            unit="bytes",
            minimum=512,
            folded=True,
        ),
        Field(
            "blockio/@physical_block_size",
            N_("Physical block size"),
            Kind.INTEGER,
            help=N_("The piece that the storage writes at once; the guest arranges its data by it."),
            unit="bytes",
            minimum=512,
            folded=True,
        ),
        Field("geometry/@cyls", N_("Cylinders"), Kind.INTEGER, N_("For very old systems only."), minimum=1, folded=True),
        Field("geometry/@heads", N_("Heads"), Kind.INTEGER, help=N_("For very old systems only."), minimum=1, folded=True),
        Field(
            "geometry/@secs",
            N_("Sectors on a track"),
            Kind.INTEGER,
            help=N_("For very old systems only."),
            minimum=1,
            folded=True,
        ),
        Field(
            "geometry/@trans",
            N_("Translation by the BIOS"),
            Kind.CHOICE,
            help=N_("How the BIOS counts cylinders."),
            choices=(Choice("auto", N_("Automatic")), Choice("none", N_("None")), Choice("lba", "LBA")),
            folded=True,
        ),
    ),
    folded=True,
)
DEVICE = Field(
    "@device",
    N_("Shown to the guest as"),
    Kind.CHOICE,
    N_("What kind of drive it is."),
    (
        Choice("disk", N_("Disk")),
        Choice("lun", N_("SCSI disk of the host, commands passed through")),
        Choice("cdrom", N_("CD drive")),
        Choice("floppy", N_("Floppy drive")),
    ),
    default="disk",
    offered="disk/diskDevice",
)
MODEL = Field(
    "@model",
    N_("Form of virtio"),
    Kind.CHOICE,
    N_("Only for old guests another than virtio."),
    MODELS,
    default="virtio",
    offered="disk/model",
    when=(only("target/@bus", "virtio"),),
)
SNAPSHOT = Field(
    "@snapshot",
    N_("In snapshots of the machine"),
    Kind.CHOICE,
    N_("How this disk takes part when nothing else is asked."),
    (
        Choice("internal", N_("Inside the image")),
        Choice("external", N_("A new image over it")),
        Choice("no", N_("Left out")),
        Choice("manual", N_("Done by another program")),
    ),
)
BACKING = Section(
    N_("Backing image"),
    (
        *source("backingStore/"),
        *rare("backingStore/"),
        *encrypted("backingStore/source/", only("backingStore/@type", why=N_("First say what the backing image is."))),
        *reservations("backingStore/", only("backingStore/@type", "block", "network")),
        Field(
            "backingStore/format/@type",
            N_("Format of the backing image"),
            Kind.CHOICE,
            help=N_("How its content is kept."),
            choices=FORMATS,
        ),
        Field(
            "backingStore/format/metadata_cache/max_size",
            N_("Cache for the tables of qcow2"),
            Kind.SIZE,
            help=N_("A larger one makes large images faster."),
            scale="bytes",
            has_unit=True,
        ),
        Field(
            "backingStore/@index",
            N_("Index of the backing image"),
            Kind.INTEGER,
            N_("libvirt numbers the images of a running machine."),
            minimum=1,
        ),
    ),
    N_("The image that this one is based on. Without a word here libvirt reads it from the image itself, which is mostly best."),
    folded=True,
)
RARE: tuple[Field | Table, ...] = (
    DEVICE,
    MODEL,
    SNAPSHOT,
    *BOOT[1:],
    *reservations("", only("@type", "block", "network", "volume")),
    *auth("", only("@type", "volume", "network")),
    *encrypted("", only("encryption", why=N_("It is told at the source today."))),
    Field("backenddomain/@name", N_("Domain that serves it"), Kind.TEXT, N_("On Xen only.")),
    Table(
        "throttlefilters/throttlefilter",
        N_("Shared limits"),
        (Field("@group", N_("Group"), Kind.TEXT, help=N_("The name of a group of limits."), required=True),),
        new="<throttlefilter group='limit0'/>",
        help=N_("Groups of limits, defined for the machine, that hold for this disk."),
        folded=True,
        since=(11, 2, 0),
    ),
)
