"""What a network card is connected to at the host (formatdomain, "Network interfaces")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table
from app.devices.shared.conditions import only
from app.devices.shared.ip_config import addresses, routes
from app.devices.shared.switches import yes_no
from app.i18n import N_

KIND = Field(
    "@type",
    N_("Connected to"),
    Kind.CHOICE,
    N_("How the guest's network reaches the world."),
    (
        Choice("network", N_("Virtual network"), N_("A network of libvirt: NAT, routed, isolated, or a bridge by name")),
        Choice("bridge", N_("Bridge of the host"), N_("The guest is in the host's own network")),
        Choice(
            "direct",
            N_("Network card of the host (macvtap)"),
            N_("In the host's network; the guest and the host do not see each other mostly"),
        ),
        Choice("user", N_("User network"), N_("Outward connections only, without rights on the host (passt or SLIRP)")),
        Choice("ethernet", N_("A TAP device"), N_("A device of the host that you or a script connect")),
        Choice(
            "hostdev",
            N_("A network card of the host, given away"),
            N_("A PCI card or virtual function (SR-IOV) for this machine alone"),
        ),
        Choice("vdpa", N_("vDPA device")),
        Choice("vhostuser", N_("Another program (vhost-user)"), N_("A switch such as DPDK or Open vSwitch in user space")),
        Choice("udp", N_("UDP tunnel")),
        Choice("mcast", N_("Multicast group"), N_("All machines with the same group are in one network")),
        Choice("server", N_("TCP tunnel, waits")),
        Choice("client", N_("TCP tunnel, connects")),
        Choice("internal", N_("Internal network"), N_("Of VirtualBox and others")),
        Choice("null", N_("Nothing"), N_("A card without a network (bhyve)")),
        Choice("vds", N_("Distributed switch"), N_("Of VMware vSphere")),
    ),
    required=True,
    live="device",
    words="nat bridge macvtap passt slirp",
)


def source() -> tuple[Field | Table, ...]:
    """The fields below ``source``, each shown with its kind."""
    return (*_NAMED, *_HARDWARE, *_SOCKETS)


_NAMED: tuple[Field | Table, ...] = (
    Field(
        "source/@network",
        N_("Virtual network"),
        Kind.CHOICE,
        N_("Which network of libvirt."),
        names="networks",
        when=(only("@type", "network"),),
        live="device",
    ),
    Field(
        "source/@portgroup",
        N_("Group of ports"),
        Kind.TEXT,
        N_("A set of rules that the network defines: VLAN, speed."),
        when=(only("@type", "network"),),
        live="device",
    ),
    Field(
        "source/@bridge",
        N_("Bridge"),
        Kind.CHOICE,
        N_("A bridge of the host, to which a network card belongs."),
        names="bridges",
        when=(only("@type", "bridge"),),
        live="device",
    ),
    Field(
        "source/@macTableManager",
        N_("Table of addresses kept by"),
        Kind.CHOICE,
        N_("Who tells the bridge where each card is."),
        (Choice("kernel", N_("The bridge")), Choice("libvirt", "libvirt", N_("No flooding, no learning"))),
        when=(only("@type", "bridge"),),
        folded=True,
    ),
    Field(
        "source/@dev",
        N_("Device of the host"),
        Kind.CHOICE,
        N_("The network card, or the vDPA device /dev/vhost-vdpa-0."),
        names="interfaces",
        when=(only("@type", "direct", "user", "vdpa"),),
        live="device",
    ),
    Field(
        "source/@mode",
        N_("Kind of connection"),
        Kind.CHOICE,
        N_("What the card of the host does with the packets of its guests; with vhost-user, who makes the socket."),
        (
            Choice("bridge", N_("Bridge"), N_("Guests at the same card see each other")),
            Choice("vepa", N_("By the switch (VEPA)"), N_("Everything goes to the switch outside")),
            Choice("private", N_("Private"), N_("Guests never see each other")),
            Choice("passthrough", N_("Only for this machine"), N_("The card belongs to it alone")),
            Choice("server", N_("The machine waits for the switch (vhost-user)")),
            Choice("client", N_("The machine connects to the switch (vhost-user)")),
        ),
        when=(only("@type", "direct", "vhostuser"),),
        live="device",
    ),
    Field(
        "source/@name",
        N_("Name of the internal network"),
        Kind.TEXT,
        help=N_("Cards with the same name are in one network."),
        when=(only("@type", "internal"),),
    ),
    Field(
        "source/@switchid", N_("Switch"), Kind.UUID, help=N_("The UUID of the distributed switch."), when=(only("@type", "vds"),)
    ),
    Field(
        "source/@portid",
        N_("Port"),
        Kind.TEXT,
        N_("At a virtual network libvirt writes it while the machine runs."),
        when=(only("@type", "vds", "network"),),
        folded=True,
    ),
    Field(
        "source/@portgroupid",
        N_("Group of ports of the switch"),
        Kind.TEXT,
        help=N_("The key of the group of ports."),
        when=(only("@type", "vds"),),
    ),
    Field(
        "source/@connectionid",
        N_("Connection"),
        Kind.TEXT,
        help=N_("A number that the switch gives."),
        when=(only("@type", "vds"),),
    ),
    addresses("source/", N_("Addresses at the host's end"), N_("Set on the TAP device of the host."), only("@type", "ethernet")),
    routes("source/", N_("Routes of the host"), only("@type", "ethernet")),
)
_HARDWARE: tuple[Field | Table, ...] = (
    yes_no(
        "@managed",
        N_("Taken from the host by libvirt"),
        N_("libvirt takes the card from the host when the machine starts, and gives it back when it stops."),
        when=(only("@type", "hostdev"),),
    ),
    Field(
        "source/address/@type",
        N_("Bus of the card"),
        Kind.CHOICE,
        help=N_("Virtual functions are PCI."),
        choices=(Choice("pci", "PCI"), Choice("usb", "USB")),
        when=(only("@type", "hostdev"),),
    ),
    *(
        Field(
            f"source/address/@{name}",
            label,
            Kind.TEXT,
            help=N_("As lspci shows it: 0000:01:10.0 is domain, bus, slot and function."),
            when=(only("@type", "hostdev"), only("source/address/@type", "pci")),
            words="sr-iov",
        )
        for name, label in (("domain", N_("PCI domain")), ("slot", N_("PCI slot")), ("function", N_("PCI function")))
    ),
    Field(
        "source/address/@bus",
        N_("Bus number"),
        Kind.TEXT,
        help=N_("The bus of the host on which the card is, as lspci or lsusb shows it."),
        when=(only("@type", "hostdev"),),
    ),
    Field(
        "source/address/@device",
        N_("USB device number"),
        Kind.TEXT,
        help=N_("It changes each time the card is plugged in."),
        when=(only("@type", "hostdev"), only("source/address/@type", "usb")),
    ),
    yes_no(
        "source/@missing",
        N_("Missing at the moment"),
        N_("Written by libvirt when a USB card was not there at the start."),
        when=(only("@type", "hostdev"),),
        folded=True,
    ),
    Field(
        "source/vendor/@id",
        N_("USB vendor"),
        Kind.TEXT,
        help=N_("As lsusb shows it: 0x0bda."),
        when=(only("@type", "hostdev"),),
        folded=True,
    ),
    Field(
        "source/product/@id",
        N_("USB product"),
        Kind.TEXT,
        help=N_("As lsusb shows it: 0x8153."),
        when=(only("@type", "hostdev"),),
        folded=True,
    ),
)
_TUNNELS = only("@type", "udp", "mcast", "server", "client")
_SOCKETS: tuple[Field | Table, ...] = (
    Field(
        "source/@type",
        N_("Reached by"),
        Kind.CHOICE,
        help=N_("Only sockets of the host are possible."),
        choices=(Choice("unix", N_("Unix socket")),),
        when=(only("@type", "vhostuser"),),
    ),
    Field("source/@path", N_("Socket"), Kind.PATH, N_("The socket of the switch."), when=(only("@type", "vhostuser"),)),
    yes_no(
        "source/reconnect/@enabled",
        N_("Connect again"),
        N_("Tries again when the connection to the switch is lost."),
        when=(only("@type", "vhostuser"),),
    ),
    Field(
        "source/reconnect/@timeout",
        N_("Connect again after"),
        Kind.INTEGER,
        help=N_("How long to wait before the next try."),
        unit="s",
        minimum=1,
        when=(only("@type", "vhostuser"),),
    ),
    Field(
        "source/@address", N_("Address"), Kind.TEXT, N_("The other end, the group, or where the machine waits."), when=(_TUNNELS,)
    ),
    Field(
        "source/@port", N_("Port"), Kind.INTEGER, help=N_("Of the tunnel or group."), minimum=0, maximum=65535, when=(_TUNNELS,)
    ),
    Field(
        "source/local/@address",
        N_("Own address"),
        Kind.TEXT,
        help=N_("Where packets of the other end are taken."),
        when=(only("@type", "udp"),),
    ),
    Field(
        "source/local/@port",
        N_("Own port"),
        Kind.INTEGER,
        help=N_("Where packets of the other end are taken."),
        minimum=0,
        maximum=65535,
        when=(only("@type", "udp"),),
    ),
)
