"""How the host moves a network card's packets: who does it, with how many queues, and what the guest may leave to the host."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Section, Table, When
from app.devices.shared.conditions import only, unless
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import options
from app.i18n import N_

_VIRTIO: When = only("model/@type", "virtio", "virtio-transitional", "virtio-non-transitional", why=N_("Only virtio has it."))

_FOR_HOST = (
    ("csum", N_("Checksums")),
    ("gso", N_("Large packets (GSO)")),
    ("tso4", N_("Segments of TCP over IPv4")),
    ("tso6", N_("Segments of TCP over IPv6")),
    ("ecn", N_("Congestion marks (ECN)")),
    ("ufo", N_("Fragments of UDP")),
    ("mrg_rxbuf", N_("Merged receive buffers")),
)
_FOR_GUEST = _FOR_HOST[:1] + _FOR_HOST[2:6]

DRIVER = Section(
    N_("Speed"),
    (
        Field(
            "driver/@name",
            N_("Packets are moved by"),
            Kind.CHOICE,
            N_("Who carries the packets of the guest."),
            (
                Choice("vhost", N_("The kernel (vhost)"), N_("Faster")),
                Choice("qemu", N_("The emulator")),
                Choice("vfio", "VFIO"),
                Choice("kvm", "KVM"),
                Choice("xen", "Xen"),
            ),
            default=N_("The kernel where it can"),
            words="vhost",
        ),
        Field(
            "driver/@queues",
            N_("Queues"),
            Kind.INTEGER,
            N_("As many as processors lets the guest use all of them for its network."),
            minimum=1,
            when=(_VIRTIO,),
            words="multiqueue",
        ),
        Field(
            "driver/@rx_queue_size",
            N_("Length of the receive queue"),
            Kind.INTEGER,
            N_("A power of two, 256 to 1024."),
            minimum=1,
            when=(_VIRTIO,),
        ),
        Field(
            "driver/@tx_queue_size",
            N_("Length of the send queue"),
            Kind.INTEGER,
            N_("A power of two, 256 to 1024."),
            minimum=1,
            when=(_VIRTIO,),
        ),
        Field(
            "coalesce/rx/frames/@max",
            N_("Packets for one interrupt"),
            Kind.INTEGER,
            N_("More saves work and takes longer."),
            minimum=0,
            live="device",
        ),
        Field(
            "tune/sndbuf",
            N_("Send buffer at the host"),
            Kind.INTEGER,
            N_("0: not limited."),
            minimum=0,
            unit="bytes",
            folded=True,
        ),
        Field(
            "driver/@txmode",
            N_("Sent by"),
            Kind.CHOICE,
            N_("Best left to the emulator."),
            (Choice("iothread", N_("A thread")), Choice("timer", N_("A timer"))),
            when=(_VIRTIO,),
            folded=True,
        ),
        on_off(
            "driver/@ioeventfd",
            N_("Requests in a thread of their own"),
            N_("The guest goes on while the host works (ioeventfd)."),
            when=(_VIRTIO,),
            folded=True,
        ),
        on_off(
            "driver/@event_idx",
            N_("Fewer interrupts"),
            N_("Guest and host tell each other when to interrupt."),
            when=(_VIRTIO,),
            folded=True,
        ),
        on_off(
            "driver/@rss",
            N_("Queues chosen by the card (RSS)"),
            N_("The guest's connections are spread over the queues."),
            when=(_VIRTIO,),
            folded=True,
        ),
        on_off(
            "driver/@rss_hash_report",
            N_("The guest is told how a queue was chosen"),
            N_("For programs in the guest that spread connections further."),
            when=(_VIRTIO,),
            folded=True,
        ),
    ),
    folded=True,
)

OFFLOADS = Section(
    N_("Left to the other side"),
    (
        *(
            on_off(f"driver/host/@{name}", label, N_("The host does this for what the guest sends."), when=(_VIRTIO,))
            for name, label in _FOR_HOST
        ),
        *(
            on_off(f"driver/guest/@{name}", label, N_("The guest takes what the host has not finished."), when=(_VIRTIO,))
            for name, label in _FOR_GUEST
        ),
    ),
    N_("Work on packets that is not done twice; turned off only to look for faults. First the host's, then the guest's."),
    folded=True,
)

BACKEND = Section(
    N_("User network"),
    (
        Field(
            "backend/@type",
            N_("Program"),
            Kind.CHOICE,
            N_("Which program carries the user network."),
            (
                Choice("passt", "passt", N_("Ports can be forwarded; IPv6 works as at the host")),
                Choice("default", N_("The emulator (SLIRP)"), since=(9, 2, 0)),
            ),
            default=N_("The emulator (SLIRP)"),
            when=(only("@type", "user", "vhostuser"),),
            words="passt slirp",
        ),
        Field(
            "backend/@logFile",
            N_("Log of passt"),
            Kind.PATH,
            help=N_("A file of the host, for looking for faults."),
            when=(only("backend/@type", "passt"),),
            folded=True,
        ),
        Table(
            "portForward",
            N_("Forwarded ports"),
            (
                Field(
                    "@proto",
                    N_("Protocol"),
                    Kind.CHOICE,
                    help=N_("Which kind of connection."),
                    choices=(Choice("tcp", "TCP"), Choice("udp", "UDP")),
                    required=True,
                ),
                Field(
                    "range/@start",
                    N_("Port at the host"),
                    Kind.INTEGER,
                    help=N_("The first one, on which the host waits."),
                    minimum=0,
                    maximum=65535,
                ),
                Field("range/@end", N_("up to"), Kind.INTEGER, N_("For a range of ports."), minimum=0, maximum=65535),
                Field(
                    "range/@to",
                    N_("Port in the guest"),
                    Kind.INTEGER,
                    N_("The same one, if nothing is said."),
                    minimum=0,
                    maximum=65535,
                ),
                Field(
                    "@address", N_("Only at address"), Kind.TEXT, N_("An address of the host; all of them, if nothing is said.")
                ),
                Field("@dev", N_("Only at device"), Kind.TEXT, N_("A network card of the host.")),
                Field("range/@exclude", N_("Left out"), Kind.SWITCH, N_("These ports are not forwarded.")),
            ),
            new="<portForward proto='tcp'><range start='2222' to='22'/></portForward>",
            help=N_("Connections to the host that reach the guest. They need passt."),
            when=(only("@type", "user", "vhostuser"),),
            words="port forward ssh passt",
        ),
    ),
)

RARE: tuple[Field, ...] = (
    *options(_VIRTIO),
    Field(
        "backend/@tap",
        N_("TAP device file"),
        Kind.PATH,
        N_("Instead of /dev/net/tun."),
        when=(unless("@type", "hostdev", "user"),),
    ),
    Field(
        "backend/@vhost",
        N_("vhost device file"),
        Kind.PATH,
        N_("Instead of /dev/vhost-net."),
        when=(unless("@type", "hostdev", "user"),),
    ),
    Field(
        "script/@path",
        N_("Script that connects it"),
        Kind.TEXT,
        help=N_("It gets the name of the TAP device."),
        when=(only("@type", "ethernet", "bridge", "vhostuser"),),
    ),
    Field(
        "downscript/@path",
        N_("Script that disconnects it"),
        Kind.TEXT,
        help=N_("It gets the name of the TAP device."),
        when=(only("@type", "ethernet"),),
    ),
    Field("backenddomain/@name", N_("Domain that serves it"), Kind.TEXT, N_("On Xen only.")),
    Field("guest/@dev", N_("Name in the container"), Kind.TEXT, N_("On LXC and OpenVZ only.")),
    Field("guest/@actual", N_("Name in the container now"), Kind.TEXT, N_("Written by libvirt while it runs.")),
)
