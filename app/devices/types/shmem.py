"""Memory that machines and programs of the host share (formatdomain, "Shared memory device")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "model/@type",
    N_("Model"),
    Kind.CHOICE,
    N_("Whether those who share it can ring each other."),
    (
        Choice("ivshmem-plain", N_("Memory only")),
        Choice("ivshmem-doorbell", N_("Memory and doorbells"), N_("Needs a server program")),
        Choice("ivshmem", N_("Both (old)")),
    ),
    words="ivshmem looking glass",
)
_BELL = only("model/@type", "ivshmem-doorbell", "ivshmem")
_FIELDS = (
    Field(
        "@name",
        N_("Name"),
        Kind.TEXT,
        N_("All with the same name share the memory."),
        required=True,
        distinct=True,
        pattern="[^/]*",
        pattern_help=N_("There can be no slash in it."),
    ),
    _MODEL,
    Field("size", N_("Size"), Kind.SIZE, N_("A power of two."), scale="bytes", has_unit=True, default="4 MiB"),
    Field(
        "@role",
        N_("When the machine moves"),
        Kind.CHOICE,
        N_("Whether the memory's content moves with it."),
        (Choice("master", N_("The content moves too")), Choice("peer", N_("It must be unplugged first"))),
    ),
    Field("server/@path", N_("Socket of the server"), Kind.PATH, help=N_("Where the ivshmem server waits."), when=(_BELL,)),
    Field(
        "msi/@vectors", N_("Interrupts"), Kind.INTEGER, help=N_("One for each machine that can ring."), minimum=1, when=(_BELL,)
    ),
    on_off(
        "msi/@ioeventfd",
        N_("Doorbells in a thread of their own"),
        N_("The guest goes on while the host works (ioeventfd)."),
        when=(_BELL,),
    ),
)


def _summary(document: Document, element: Element) -> str:
    size, unit = document.get("size", None, element), document.get("size/@unit", "bytes", element)
    text = (
        _("{size} {unit}").format(size=size, unit={"M": "MiB", "G": "GiB", "K": "KiB"}.get(unit or "", unit)) if size else "4 MiB"
    )
    return _("{model}, {size}").format(model=word_of(_MODEL, document, element) or _("default model"), size=text)


def _title(_document: Document, element: Element) -> str:
    return _("Shared memory {name}").format(name=element.get("name") or "").rstrip()


SHMEM = DeviceType(
    "shmem",
    N_("Shared memory"),
    "device-shmem",
    Band.DEVICES,
    (Section(N_("Shared memory"), _FIELDS), address("pci"), more()),
    _summary,
    N_("A piece of memory that this machine shares with others or with programs of the host."),
    order=660,
    tag="shmem",
    title=_title,
    keys=("@name",),
    variants=(
        Variant(
            "shmem-plain",
            N_("Shared memory"),
            "<shmem name='{shmem}'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>",
        ),
        Variant(
            "shmem-doorbell",
            N_("Shared memory with doorbells"),
            "<shmem name='{shmem}'><model type='ivshmem-doorbell'/><server path='/run/ivshmem.sock'/>"
            "<msi vectors='32' ioeventfd='on'/></shmem>",
        ),
    ),
    hotplug=True,
)
