"""Network cards of every kind of connection (formatdomain, "Network interfaces")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import unless
from app.devices.shared.identity import BOOT, more
from app.devices.shared.ip_config import addresses, routes
from app.devices.shared.nic_driver import BACKEND, DRIVER, OFFLOADS, RARE
from app.devices.shared.nic_rules import BANDWIDTH, FILTER, SWITCH, VLAN
from app.devices.shared.nic_source import KIND, source
from app.devices.shared.rom import ROM
from app.devices.shared.switches import yes_no
from app.devices.shared.teaming import teaming
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "model/@type",
    N_("Model"),
    Kind.CHOICE,
    N_("What card the guest sees. virtio is fastest; the guest needs its driver."),
    (
        Choice("virtio", "virtio"),
        Choice("e1000e", "Intel e1000e"),
        Choice("e1000", "Intel e1000"),
        Choice("rtl8139", "Realtek RTL8139"),
        Choice("igb", "Intel igb (82576)"),
        Choice("vmxnet3", "VMware vmxnet3"),
        Choice("virtio-transitional", N_("virtio, for old guests too")),
        Choice("virtio-non-transitional", N_("virtio 1.0 and newer only")),
        Choice("usb-net", N_("USB network card")),
        Choice("ne2k_pci", "NE2000 PCI"),
        Choice("pcnet", "AMD PCnet"),
        Choice("i82559er", "Intel i82559er"),
        Choice("spapr-vlan", "sPAPR VLAN (POWER)"),
        Choice("netfront", "Xen"),
    ),
    when=(unless("@type", "hostdev", why=N_("The guest sees the host's own card.")),),
)
_MAC = Field(
    "mac/@address",
    N_("MAC address"),
    Kind.MAC,
    N_("Tells the card apart in its network. Guests remember it, so change it with care."),
    taken="mac",
    distinct=True,
)
_MAC_RARE = (
    Field(
        "mac/@type",
        N_("Origin of the address"),
        Kind.CHOICE,
        N_("On VMware only."),
        (Choice("generated", N_("Generated")), Choice("static", N_("Fixed"))),
    ),
    yes_no("mac/@check", N_("Check the address"), N_("On VMware only: whether the address may lie outside of VMware's own.")),
)
_LINK = Field(
    "link/@state",
    N_("Cable"),
    Kind.CHOICE,
    N_("Whether the guest sees the card as plugged in."),
    (Choice("up", N_("Plugged in")), Choice("down", N_("Unplugged"))),
    default="up",
    live="interface-link",
    words="link carrier",
)
_MTU = Field(
    "mtu/@size",
    N_("Largest packet (MTU)"),
    Kind.INTEGER,
    N_("All cards of a network should have the same."),
    minimum=68,
    maximum=65535,
    unit="bytes",
    default="1500",
)
_TARGET = (
    Field(
        "target/@dev",
        N_("Name at the host"),
        Kind.TEXT,
        N_("The device of the host that leads to this card; made by libvirt without a word here."),
        words="tap vnet",
    ),
    yes_no("target/@managed", N_("Made by libvirt"), N_("“No”: the TAP device is there already.")),
)
_FILTERS = yes_no(
    "@trustGuestRxFilters",
    N_("Let the guest change its address"),
    N_("The host follows when the guest changes its MAC address or the groups it listens to."),
    live="device",
)


def _summary(document: Document, element: Element) -> str:
    names = (document.get(f"source/@{name}", None, element) for name in ("network", "bridge", "dev", "name", "path", "address"))
    place = next((name for name in names if name), "")
    words = {
        "model": word_of(_MODEL, document, element) or _("default model"),
        "kind": word_of(KIND, document, element),
        "place": place,
    }
    return _("{model}, {kind}: {place}").format(**words) if place else _("{model}, {kind}").format(**words)


def _title(document: Document, element: Element) -> str:
    return _("Network card {mac}").format(mac=document.get("mac/@address", "", element)).rstrip()


def _variant(kind: str, name: str, inside: str, about: str = "", model: str = "<model type='virtio'/>") -> Variant:
    return Variant(
        f"interface-{kind}", name, f"<interface type='{kind}'><mac address='{{mac}}'/>{inside}{model}</interface>", about
    )


_VARIANTS = (
    _variant("network", N_("Network card: virtual network"), "<source network='{network}'/>", N_("A network of libvirt.")),
    _variant("bridge", N_("Network card: bridge"), "<source bridge='{bridge}'/>", N_("In the host's own network.")),
    _variant(
        "direct", N_("Network card: macvtap"), "<source dev='{interface}' mode='bridge'/>", N_("At a network card of the host.")
    ),
    _variant("user", N_("Network card: user network"), "", N_("Outward connections only; needs no rights on the host.")),
    Variant(
        "interface-passt",
        N_("Network card: user network with forwarded ports"),
        "<interface type='user'><mac address='{mac}'/><model type='virtio'/><backend type='passt'/>"
        "<portForward proto='tcp'><range start='2222' to='22'/></portForward></interface>",
        N_("The program passt carries it; ports of the host reach the guest."),
    ),
    _variant(
        "ethernet",
        N_("Network card: TAP device"),
        "<target dev='tap0' managed='no'/>",
        N_("A device of the host that exists already."),
    ),
    Variant(
        "interface-hostdev",
        N_("Network card: a card of the host"),
        "<interface type='hostdev' managed='yes'><mac address='{mac}'/><source>"
        "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x0'/></source></interface>",
        N_("A virtual function (SR-IOV) for this machine alone."),
    ),
    _variant("vdpa", N_("Network card: vDPA"), "<source dev='/dev/vhost-vdpa-0'/>"),
    _variant(
        "vhostuser",
        N_("Network card: vhost-user"),
        "<source type='unix' path='/run/vhost-net.sock' mode='server'/>",
        N_("A switch in user space; the machine's memory must be shared."),
    ),
    _variant(
        "udp",
        N_("Network card: UDP tunnel"),
        "<source address='127.0.0.1' port='5558'><local address='127.0.0.1' port='5559'/></source>",
    ),
    _variant("mcast", N_("Network card: multicast group"), "<source address='230.0.0.1' port='5558'/>"),
    _variant("server", N_("Network card: TCP tunnel, waits"), "<source address='127.0.0.1' port='5558'/>"),
    _variant("client", N_("Network card: TCP tunnel, connects"), "<source address='127.0.0.1' port='5558'/>"),
    _variant("internal", N_("Network card: internal network"), "<source name='intnet'/>", N_("Of VirtualBox."), model=""),
)

INTERFACE = DeviceType(
    "interface",
    N_("Network card"),
    "network-connect",
    Band.STORAGE,
    (
        Section(N_("Network card"), (KIND, *source(), _MODEL, _MAC, _LINK, BOOT[0], _MTU), editor="network"),
        BACKEND,
        BANDWIDTH,
        FILTER,
        VLAN,
        SWITCH,
        DRIVER,
        OFFLOADS,
        Section(
            N_("Addresses in the guest"),
            (
                addresses("", N_("Addresses in the guest"), N_("For containers and user networks, where the host sets them.")),
                routes("", N_("Routes in the guest")),
            ),
            folded=True,
        ),
        address("pci", "ccw", "usb", "virtio-mmio", "spapr-vio"),
        more(*_TARGET, _FILTERS, *_MAC_RARE, *ROM, BOOT[1], *teaming(), *RARE),
    ),
    _summary,
    N_("Connects the guest to a network."),
    order=50,
    tag="interface",
    title=_title,
    keys=("mac/@address", "alias/@name"),
    variants=_VARIANTS,
    hotplug=True,
)
