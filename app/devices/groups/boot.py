"""Boot order: which devices the firmware tries (formatdomain, "BIOS bootloader")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import yes_no
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_DEVICE = Field("@dev", N_("Kind of device"), Kind.CHOICE, N_("The first device of this kind is tried."),
                (Choice("hd", N_("Disk")), Choice("cdrom", N_("CD/DVD")), Choice("network", N_("Network (PXE)")),
                    Choice("fd", N_("Floppy"))),
                required=True)  # fmt: skip
_PER_DEVICE = When(
    "devices/disk/boot",
    negate=True,
    why=N_("Single devices of this machine have their own place in the order; libvirt takes only one of the two ways."),
)
_ORDER = Table("os/boot", N_("Kinds of device, in order"), (_DEVICE,), new="<boot dev='hd'/>", key="@dev", limit=4,
    when=(_PER_DEVICE,),
               help=N_("The old way: by kind. The order of single devices, set at each, is more exact."),
               words="boot order sequence pxe")  # fmt: skip
_MENU = (
    yes_no("os/bootmenu/@enable", N_("Boot menu"), N_("The firmware offers a choice at the start (F12, or Esc)."),
        words="interactive boot menu F12"),
    Field("os/bootmenu/@timeout", N_("Wait for a key"), Kind.INTEGER, N_("How long the menu's prompt stays; at most 65,535."),
        unit="ms", minimum=0, maximum=65535,
          when=(When("os/bootmenu/@enable", ("yes",), N_("There is no boot menu.")),)),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    own = sum(
        1
        for path in ("devices/disk/boot", "devices/interface/boot", "devices/hostdev/boot", "devices/redirdev/boot")
        for _one in document.find_all(path)
    )
    if own:
        return ngettext("{count} device in order", "{count} devices in order", own).format(count=own)
    kinds = [str(one.get("dev", "")) for one in document.find_all("os/boot")]
    return ", ".join(next((_(choice.words) for choice in _DEVICE.choices if choice.value == kind), kind) for kind in kinds) or _(
        "The firmware decides"
    )


BOOT = Group(
    "boot", N_("Boot order"), "media-playback-start", Band.MACHINE,
    (Section(N_("Boot order"), (_ORDER,), editor="boot-order"), Section(N_("Boot menu"), _MENU)),
    _summary,
    N_("From what the machine starts."),
    drivers=frozenset({"QEMU", "Xen", "Test", "bhyve", "VMWARE", "ESX", "vz"}),
)  # fmt: skip
