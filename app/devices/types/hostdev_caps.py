"""Devices of the host for containers (formatdomain, "Block / character devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.ip_config import addresses, routes
from app.devices.types.hostdev_usb import MODE
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("What the container gets."),
    (Choice("storage", N_("Disk")), Choice("misc", N_("Device file")), Choice("net", N_("Network card"))),
    required=True,
)
_NET = only("@type", "net")
_FIELDS = (
    _KIND,
    Field("source/block", N_("Disk"), Kind.PATH, N_("Of the host: /dev/sdb."), when=(only("@type", "storage"),)),
    Field("source/char", N_("Device file"), Kind.PATH, N_("Of the host: /dev/input/event3."), when=(only("@type", "misc"),)),
    Field("source/interface", N_("Network card"), Kind.CHOICE, N_("Of the host."), names="interfaces", when=(_NET,)),
    addresses("", N_("Addresses"), N_("Set on the card in the container."), _NET),
    routes("", N_("Routes"), _NET),
)


def _summary(document: Document, element: Element) -> str:
    names = (document.get(f"source/{name}", None, element) for name in ("block", "char", "interface"))
    return _("Device of the host: {name}").format(name=next((name for name in names if name), ""))


HOSTDEV_CAPS = DeviceType(
    "hostdev-caps",
    N_("Device of the host for a container"),
    "device-hostdev",
    Band.DEVICES,
    (Section(N_("Device of the host"), _FIELDS), more(MODE)),
    _summary,
    N_("A disk, device file or network card that the container uses."),
    frozenset({"LXC"}),
    550,
    tag="hostdev",
    match=lambda element: element.get("mode") == "capabilities",
    keys=("source/block", "source/char", "source/interface"),
    variants=(
        Variant(
            "hostdev-storage",
            N_("Disk of the host for a container"),
            "<hostdev mode='capabilities' type='storage'><source><block>/dev/sdb</block></source></hostdev>",
        ),
        Variant(
            "hostdev-misc",
            N_("Device file of the host for a container"),
            "<hostdev mode='capabilities' type='misc'><source><char>/dev/input/event0</char></source></hostdev>",
        ),
        Variant(
            "hostdev-net",
            N_("Network card of the host for a container"),
            "<hostdev mode='capabilities' type='net'><source><interface>{interface}</interface></source></hostdev>",
        ),
    ),
    hotplug=True,
)
