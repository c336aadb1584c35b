"""The host's end of a character device: where its bytes go (formatdomain, "Host interface")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table, When
from app.devices.shared.conditions import only
from app.devices.shared.seclabel import labels
from app.devices.shared.switches import on_off, yes_no
from app.i18n import N_

KINDS = (
    Choice("pty", N_("Terminal of the host"), N_("A pseudo-terminal, which the console view can open")),
    Choice("unix", N_("Unix socket")),
    Choice("tcp", N_("Network connection (TCP)")),
    Choice("udp", N_("Network packets (UDP)")),
    Choice("file", N_("File"), N_("Everything that the guest sends is written to it")),
    Choice("dev", N_("Device of the host"), N_("A serial or parallel port of the host")),
    Choice("pipe", N_("Named pipe")),
    Choice("null", N_("Nowhere")),
    Choice("stdio", N_("Standard input and output of the emulator")),
    Choice("vc", N_("A tab of the emulator's own window")),
    Choice("spicevmc", N_("SPICE"), N_("A channel of the SPICE connection")),
    Choice("spiceport", N_("SPICE, by name"), N_("A named channel of the SPICE connection")),
    Choice("qemu-vdagent", N_("Clipboard agent of QEMU"), N_("Shares the clipboard over VNC too")),
    Choice("dbus", N_("D-Bus"), N_("A named channel of the D-Bus display")),
    Choice("nmdm", N_("Null modem of the host (bhyve)")),
)


def kinds(*values: str) -> tuple[Choice, ...]:
    """Those of ``KINDS``, in this order."""
    return tuple(choice for value in values for choice in KINDS if choice.value == value)


def type_field(*values: str, path: str = "@type", offered: str = "") -> Field:
    """Where it is connected at the host; without ``values`` every kind."""
    return Field(
        path,
        N_("Connected to"),
        Kind.CHOICE,
        N_("Where at the host the guest's bytes go to and come from."),
        kinds(*values) if values else KINDS,
        offered=offered,
        required=True,
    )


def source(prefix: str = "") -> tuple[Field | Table, ...]:
    """The fields below ``source``, ``protocol`` and ``log``. prefix: "backend/" where they stand there."""
    kind = f"{prefix}@type"
    return (
        *_local(prefix, kind),
        *_network(prefix, kind),
        *_reconnecting(prefix, kind),
        *_agent(prefix, kind),
        *_log(prefix),
        labels(f"{prefix}source", only(kind, "file", "dev", "unix", "pipe")),
    )


def _local(prefix: str, kind: str) -> tuple[Field, ...]:
    return (
        Field(
            f"{prefix}source/@mode",
            N_("Role"),
            Kind.CHOICE,
            N_("Who waits for whom."),
            (Choice("bind", N_("The machine waits for a connection")), Choice("connect", N_("The machine connects"))),
            when=(only(kind, "unix", "tcp"),),
        ),
        Field(
            f"{prefix}source/@path",
            N_("Path"),
            Kind.PATH,
            N_("File, device, socket or pipe of the host."),
            when=(only(kind, "file", "dev", "pipe", "unix", "pty"),),
        ),
        on_off(
            f"{prefix}source/@append",
            N_("Keep what is in the file"),
            N_("New output is added at the end; otherwise the file is emptied at each start."),
            when=(only(kind, "file", "unix"),),
        ),
        Field(
            f"{prefix}source/@channel",
            N_("Name of the channel"),
            Kind.TEXT,
            N_("For example org.qemu.console.serial.0."),
            when=(only(kind, "spiceport", "dbus"),),
        ),
        Field(
            f"{prefix}source/@master",
            N_("Device of the machine"),
            Kind.PATH,
            help=N_("The end of the null modem that the machine has: /dev/nmdm0A."),
            when=(only(kind, "nmdm"),),
        ),
        Field(
            f"{prefix}source/@slave",
            N_("Device of the other end"),
            Kind.PATH,
            help=N_("The end for you: /dev/nmdm0B."),
            when=(only(kind, "nmdm"),),
        ),
    )


def _network(prefix: str, kind: str) -> tuple[Field, ...]:
    udp: When = only(kind, "udp")
    return (
        Field(
            f"{prefix}source/@host",
            N_("Host"),
            Kind.TEXT,
            N_("Name or address to connect to, or to wait on."),
            when=(only(kind, "tcp"),),
        ),
        Field(f"{prefix}source/@service", N_("Port"), Kind.TEXT, N_("Number or name of the port."), when=(only(kind, "tcp"),)),
        Field(
            f"{prefix}source[@mode='connect']/@host",
            N_("Sent to: host"),
            Kind.TEXT,
            help=N_("To whom the packets go."),
            when=(udp,),
        ),
        Field(
            f"{prefix}source[@mode='connect']/@service",
            N_("Sent to: port"),
            Kind.TEXT,
            help=N_("To which port the packets go."),
            when=(udp,),
        ),
        Field(
            f"{prefix}source[@mode='bind']/@host",
            N_("Received at: address"),
            Kind.TEXT,
            help=N_("Where packets are taken: an address of the host."),
            when=(udp,),
        ),
        Field(
            f"{prefix}source[@mode='bind']/@service",
            N_("Received at: port"),
            Kind.TEXT,
            help=N_("On which port packets are taken."),
            when=(udp,),
        ),
        Field(
            f"{prefix}protocol/@type",
            N_("Protocol"),
            Kind.CHOICE,
            N_("What is spoken on the connection."),
            (
                Choice("raw", N_("Bytes as they are")),
                Choice("telnet", "Telnet"),
                Choice("telnets", "Telnet, TLS"),
                Choice("tls", "TLS"),
            ),
            default="raw",
            when=(only(kind, "tcp", "unix"),),
        ),
        yes_no(
            f"{prefix}source/@tls",
            N_("Encrypted (TLS)"),
            N_("Uses the certificates of the host's configuration; without a word the host's configuration decides."),
            when=(only(kind, "tcp"),),
        ),
    )


def _reconnecting(prefix: str, kind: str) -> tuple[Field, ...]:
    when = (only(kind, "tcp", "unix"),)
    return (
        yes_no(
            f"{prefix}source/reconnect/@enabled", N_("Connect again"), N_("Tries again when the connection is lost."), when=when
        ),
        Field(
            f"{prefix}source/reconnect/@timeout",
            N_("Connect again after"),
            Kind.INTEGER,
            help=N_("How long to wait before the next try."),
            unit="s",
            minimum=1,
            when=when,
        ),
    )


def _agent(prefix: str, kind: str) -> tuple[Field, ...]:
    when = (only(kind, "qemu-vdagent"),)
    return (
        yes_no(
            f"{prefix}source/clipboard/@copypaste",
            N_("Shared clipboard"),
            N_("What is copied in the guest can be pasted outside and the other way round."),
            when=when,
        ),
        Field(
            f"{prefix}source/mouse/@mode",
            N_("Mouse"),
            Kind.CHOICE,
            N_("Who moves the pointer."),
            (Choice("client", N_("The viewer")), Choice("server", N_("The machine"))),
            when=when,
        ),
    )


def _log(prefix: str) -> tuple[Field, ...]:
    return (
        Field(
            f"{prefix}log/@file",
            N_("Also written to the file"),
            Kind.PATH,
            N_("A copy of everything that the guest sends, whatever it is connected to."),
            folded=True,
            words="log",
        ),
        on_off(
            f"{prefix}log/@append", N_("Keep what is in that file"), N_("Otherwise it is emptied at each start."), folded=True
        ),
    )
