"""Video cards (formatdomain, "Video devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only, unless
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off, yes_no
from app.devices.shared.virtio import options
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "model/@type",
    N_("Model"),
    Kind.CHOICE,
    N_("What card the guest sees."),
    (
        Choice("virtio", "virtio", N_("For Linux guests; can do 3D")),
        Choice("qxl", "QXL", N_("Several screens over SPICE, for older guests")),
        Choice("vga", "VGA", N_("Works with each guest")),
        Choice("bochs", "Bochs", N_("Simple; for guests with UEFI")),
        Choice("ramfb", "ramfb", N_("The simplest; for guests with UEFI on ARM")),
        Choice("cirrus", "Cirrus", N_("For very old guests")),
        Choice("vmvga", "VMware SVGA"),
        Choice("gop", "GOP (bhyve)"),
        Choice("xen", "Xen"),
        Choice("vbox", "VirtualBox"),
        Choice("none", N_("No card"), N_("No card at all, even where a machine has one by itself")),
    ),
    required=True,
    offered="video/modelType",
    words="gpu graphics card",
)
_QXL = only("model/@type", "qxl")
_SOME = unless("model/@type", "none")


def _kib(name: str, label: str, about: str, *, qxl: bool = True) -> Field:
    return Field(
        f"model/@{name}", label, Kind.SIZE, about, scale="KiB", when=(_QXL if qxl else _SOME,), words="vram video memory"
    )


_FIELDS = (
    _MODEL,
    Field(
        "model/@heads",
        N_("Screens"),
        Kind.INTEGER,
        N_("How many screens the guest has at this card."),
        minimum=1,
        default="1",
        when=(only("model/@type", "virtio", "qxl", "vbox", "vmvga"),),
        words="heads monitors",
    ),
    Field(
        "model/resolution/@x",
        N_("Width at the start"),
        Kind.INTEGER,
        help=N_("Before the guest's driver has begun."),
        unit="px",
        minimum=1,
        when=(_SOME,),
    ),
    Field(
        "model/resolution/@y",
        N_("Height at the start"),
        Kind.INTEGER,
        help=N_("Before the guest's driver has begun."),
        unit="px",
        minimum=1,
        when=(_SOME,),
    ),
    yes_no(
        "model/acceleration/@accel3d",
        N_("3D"),
        N_("The host's graphics card draws for the guest; the display must have 3D too."),
        when=(only("model/@type", "virtio", "vbox"),),
    ),
    on_off(
        "model/@blob",
        N_("Shared picture memory"),
        N_("The guest's pictures need no copying; the machine's memory must be shared."),
        when=(only("model/@type", "virtio"),),
        since=(9, 2, 0),
    ),
    yes_no("model/@primary", N_("First card"), N_("The one on which the guest starts."), when=(_SOME,)),
    _kib("vram", N_("Video memory"), N_("More is needed for large screens."), qxl=False),
    _kib("ram", N_("Memory for pictures"), N_("The first memory of QXL.")),
    _kib("vgamem", N_("Memory for one screen"), N_("A part of the memory for pictures.")),
    _kib("vram64", N_("Further video memory"), N_("Beyond 4 GiB; 0: none.")),
)
_RARE = (
    Field(
        "driver/@name",
        N_("Drawn by"),
        Kind.CHOICE,
        N_("Which program draws."),
        (Choice("qemu", N_("The emulator")), Choice("vhostuser", N_("Another program (vhost-user)"))),
    ),
    yes_no("model/acceleration/@accel2d", N_("2D"), N_("The host helps to draw."), when=(only("model/@type", "vbox"),)),
    Field(
        "model/acceleration/@rendernode",
        N_("Graphics card of the host"),
        Kind.PATH,
        N_("For vhost-user: /dev/dri/renderD128."),
        when=(only("model/@type", "virtio"),),
    ),
    Field(
        "driver/@vgaconf",
        N_("Configuration of VGA (bhyve)"),
        Kind.CHOICE,
        help=N_("How the guest reaches the card."),
        choices=(Choice("io", N_("By I/O")), Choice("on", N_("On")), Choice("off", N_("Off"))),
        when=(only("model/@type", "gop"),),
    ),
    *options(only("model/@type", "virtio")),
)


def _summary(document: Document, element: Element) -> str:
    model = word_of(_MODEL, document, element)
    heads = document.get("model/@heads", "1", element)
    return model if heads in ("1", "") else _("{model}, screens: {count}").format(model=model, count=heads)


def _title(document: Document, element: Element) -> str:
    if document.get("model/@type", "", element) == "none":
        return _("No video card")
    return _("Video card {model}").format(model=word_of(_MODEL, document, element)).rstrip()


VIDEO = DeviceType(
    "video",
    N_("Video card"),
    "device-video",
    Band.DEVICES,
    (Section(N_("Video card"), _FIELDS), address("pci", "ccw", "virtio-mmio"), more(*_RARE)),
    _summary,
    N_("Draws the guest's screen."),
    order=110,
    tag="video",
    title=_title,
    variants=(
        Variant(
            "video-virtio",
            N_("Video card: virtio"),
            "<video><model type='virtio' heads='1'/></video>",
            N_("For Linux guests."),
            "video/modelType=virtio",
        ),
        Variant(
            "video-qxl",
            N_("Video card: QXL"),
            "<video><model type='qxl' heads='1'/></video>",
            N_("Further screens over SPICE."),
            "video/modelType=qxl",
        ),
        Variant(
            "video-vga",
            N_("Video card: VGA"),
            "<video><model type='vga'/></video>",
            N_("Works with each guest."),
            "video/modelType=vga",
        ),
        Variant(
            "video-bochs",
            N_("Video card: Bochs"),
            "<video><model type='bochs'/></video>",
            N_("For guests with UEFI."),
            "video/modelType=bochs",
        ),
        Variant("video-ramfb", N_("Video card: ramfb"), "<video><model type='ramfb'/></video>", "", "video/modelType=ramfb"),
        Variant(
            "video-none",
            N_("No video card"),
            "<video><model type='none'/></video>",
            N_("Keeps libvirt from adding one."),
            "video/modelType=none",
        ),
    ),
)
