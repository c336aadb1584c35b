"""How the host reads and writes a disk (formatdomain, "driver" of disks)."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Section, Table
from app.devices.shared.conditions import only
from app.devices.shared.disk_kinds import FORMATS
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import options
from app.i18n import N_

FORMAT = Field(
    "driver/@type",
    N_("Format"),
    Kind.CHOICE,
    N_("How the content is kept. The wrong one shows the guest nonsense, so it is never guessed."),
    FORMATS,
    default="raw",
    words="qcow2 raw",
)
_CACHE = Field(
    "driver/@cache",
    N_("Cache"),
    Kind.CHOICE,
    N_("Whether the host's memory speeds the disk up, and when data are safe."),
    (
        Choice("default", N_("The emulator's choice")),
        Choice(
            "none", N_("None"), N_("Past the host's memory; the disk's own cache is used. The choice for machines that migrate")
        ),
        Choice("writeback", N_("Write back"), N_("Fast; safe when the guest asks for it")),
        Choice("writethrough", N_("Write through"), N_("Each write waits until it is on the disk")),
        Choice("directsync", N_("None, and each write waits")),
        Choice("unsafe", N_("Unsafe"), N_("Never waits: a failure of the host can destroy the content")),
    ),
    default="default",
)
_IO = Field(
    "driver/@io",
    N_("Requests to the host"),
    Kind.CHOICE,
    N_("How the emulator asks the host's system."),
    (
        Choice("threads", N_("Threads")),
        Choice("native", N_("Native (Linux AIO)"), N_("Needs a cache of “None”")),
        Choice("io_uring", "io_uring"),
    ),
    default=N_("The emulator's choice"),
    words="aio",
)
_DISCARD = Field(
    "driver/@discard",
    N_("Freed blocks"),
    Kind.CHOICE,
    N_("What happens when the guest tells that it does not need blocks any more (TRIM)."),
    (
        Choice("unmap", N_("Are given back to the storage"), N_("The image does not grow needlessly")),
        Choice("ignore", N_("Stay occupied")),
    ),
    default="ignore",
    words="trim discard unmap",
)
_ZEROES = Field(
    "driver/@detect_zeroes",
    N_("Written zeros"),
    Kind.CHOICE,
    N_("Blocks of zeros can be noticed and not stored."),
    (
        Choice("off", N_("Are stored")),
        Choice("on", N_("Are stored briefly")),
        Choice("unmap", N_("Are given back to the storage")),
    ),
    default="off",
)


def _errors(name: str, label: str, *, room: bool) -> Field:
    full = (Choice("enospace", N_("Pause it when the storage is full, else tell it")),) if room else ()
    return Field(
        f"driver/@{name}",
        label,
        Kind.CHOICE,
        N_("What the machine does when the host cannot do what it asks."),
        (Choice("stop", N_("Pause it")), Choice("report", N_("Tell the guest")), Choice("ignore", N_("Go on")), *full),
        default=N_("The emulator's choice"),
        words="error policy",
    )


DRIVER = Section(
    N_("Speed and safety"),
    (
        _CACHE,
        _IO,
        _DISCARD,
        _ZEROES,
        _errors("error_policy", N_("When writing fails"), room=True),
        _errors("rerror_policy", N_("When reading fails"), room=False),
        on_off(
            "driver/@copy_on_read",
            N_("Copy what is read from the backing image"),
            N_("What was read once is then in the disk's own image."),
        ),
        Field(
            "driver/@iothread",
            N_("I/O thread"),
            Kind.INTEGER,
            N_("The thread of the machine that serves this disk; virtio only."),
            minimum=1,
        ),
        Field(
            "driver/@queues",
            N_("Queues"),
            Kind.INTEGER,
            N_("As many as processors is a good choice; virtio only."),
            minimum=1,
            words="multiqueue",
        ),
        Field("driver/@queue_size", N_("Length of a queue"), Kind.INTEGER, N_("A power of two."), minimum=1, folded=True),
        Field(
            "driver/metadata_cache/max_size",
            N_("Cache for the tables of qcow2"),
            Kind.SIZE,
            N_("A larger one makes large images faster."),
            scale="bytes",
            has_unit=True,
            when=(only("driver/@type", "qcow2"),),
            folded=True,
        ),
        on_off(
            "driver/@discard_no_unref",
            N_("Keep the place of freed blocks"),
            N_("Keeps a qcow2 image from falling into pieces."),
            when=(only("driver/@type", "qcow2"),),
            since=(9, 5, 0),
            folded=True,
        ),
        Table(
            "driver/iothreads/iothread",
            N_("I/O threads and their queues"),
            (
                Field(
                    "@id",
                    N_("I/O thread"),
                    Kind.INTEGER,
                    help=N_("A number of the machine's I/O threads."),
                    minimum=1,
                    required=True,
                ),
            ),
            new="<iothread id='1'/>",
            key="@id",
            help=N_("Several threads serve the disk."),
            folded=True,
            since=(10, 0, 0),
        ),
    ),
    folded=True,
)
RARE: tuple[Field, ...] = (
    Field(
        "driver/@name",
        N_("Driver"),
        Kind.CHOICE,
        N_("Which part of the hypervisor reads the image."),
        (Choice("qemu", "QEMU"), Choice("phy", "phy (Xen)"), Choice("tap", "tap (Xen)"), Choice("file", "file (Xen)")),
    ),
    on_off(
        "driver/@ioeventfd",
        N_("Requests in a thread of their own"),
        N_("The guest goes on while the host works (ioeventfd); virtio only."),
    ),
    on_off("driver/@event_idx", N_("Fewer interrupts"), N_("Guest and host tell each other when to interrupt; virtio only.")),
    *options(only("target/@bus", "virtio", "scsi")),
)
