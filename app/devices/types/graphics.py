"""How the guest's screen is reached: VNC, SPICE and others (formatdomain, "Graphical framebuffers")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Table, Variant
from app.devices.shared import spice
from app.devices.shared.conditions import only
from app.devices.shared.switches import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("How viewers reach the guest's screen."),
    (
        Choice("spice", "SPICE", N_("Sound, clipboard, USB and several screens")),
        Choice("vnc", "VNC", N_("Simple; each viewer knows it")),
        Choice("dbus", "D-Bus", N_("For programs on the same host")),
        Choice("rdp", "RDP", N_("Of VirtualBox; with QEMU since libvirt 11.1")),
        Choice("egl-headless", N_("3D without a screen of its own"), N_("Lets VNC show what the host's graphics card draws")),
        Choice("sdl", N_("Window of the emulator (SDL)")),
        Choice("desktop", N_("Window on the desktop"), N_("Of VirtualBox and VMware")),
    ),
    required=True,
    offered="graphics/type",
    words="display screen vnc spice",
)
_NET = only("@type", "vnc", "spice", "rdp")
_SPICE = only("@type", "spice")
_VNC = only("@type", "vnc")
_REACHED = (
    yes_no("@autoport", N_("Port chosen by libvirt"), N_("A free one, at each start."), when=(_NET,)),
    Field("@port", N_("Port"), Kind.INTEGER, N_("-1: chosen at each start."), minimum=-1, maximum=65535, when=(_NET,)),
    Field(
        "@tlsPort",
        N_("Encrypted port"),
        Kind.INTEGER,
        N_("The host needs certificates for SPICE."),
        minimum=-1,
        maximum=65535,
        when=(_SPICE,),
        words="tls",
    ),
    Field(
        "@websocket",
        N_("Port for browsers"),
        Kind.INTEGER,
        N_("WebSocket, for viewers such as noVNC; -1: chosen at each start."),
        minimum=-1,
        maximum=65535,
        when=(_VNC,),
        words="novnc",
    ),
    Table(
        "listen",
        N_("Waits at"),
        (
            Field(
                "@type",
                N_("Kind"),
                Kind.CHOICE,
                help=N_("How the place is told."),
                choices=(
                    Choice("address", N_("Address")),
                    Choice("network", N_("Network of libvirt")),
                    Choice("socket", N_("Unix socket")),
                    Choice("none", N_("Nowhere"), N_("libvirt hands the connection over")),
                ),
                required=True,
            ),
            Field(
                "@address",
                N_("Address"),
                Kind.TEXT,
                N_("127.0.0.1: only the host itself; 0.0.0.0 or ::: everybody."),
                when=(only("@type", "address", "network"),),
            ),
            Field(
                "@network",
                N_("Network"),
                Kind.CHOICE,
                help=N_("Whose address on this host is used."),
                names="networks",
                when=(only("@type", "network"),),
            ),
            Field(
                "@socket",
                N_("Socket"),
                Kind.PATH,
                help=N_("A path; whoever may open it can connect."),
                when=(only("@type", "socket"),),
            ),
        ),
        new="<listen type='address' address='127.0.0.1'/>",
        help=N_("Where viewers can connect. Without a word the host's configuration decides."),
        when=(_NET,),
        words="listen address socket",
    ),
)
_WHO = (
    Field(
        "@passwd",
        N_("Password"),
        Kind.SECRET,
        N_("Asked of viewers. VNC uses the first eight characters only."),
        when=(only("@type", "vnc", "spice"),),
        live="device",
    ),
    Field(
        "@passwdValidTo",
        N_("Password valid until"),
        Kind.TEXT,
        N_("In UTC: 2030-12-31T23:59:59."),
        when=(only("@type", "vnc", "spice"),),
        live="device",
        pattern=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?",
        pattern_help=N_("This must be a time such as 2030-12-31T23:59:59."),
    ),
    Field(
        "@connected",
        N_("When the password changes"),
        Kind.CHOICE,
        N_("What happens to viewers that are connected."),
        (
            Choice("keep", N_("They stay")),
            Choice("disconnect", N_("They are disconnected")),
            Choice("fail", N_("The change fails")),
        ),
        when=(only("@type", "vnc", "spice"),),
        live="device",
        folded=True,
    ),
    Field(
        "@sharePolicy",
        N_("Several viewers"),
        Kind.CHOICE,
        N_("Whether a second viewer may connect."),
        (
            Choice("allow-exclusive", N_("Unless one asks to be alone")),
            Choice("force-shared", N_("Always together")),
            Choice("ignore", N_("As they please")),
        ),
        when=(_VNC,),
    ),
    yes_no(
        "@powerControl",
        N_("Viewers may turn the machine off"),
        N_("They can reset, restart and shut the guest down."),
        when=(_VNC,),
    ),
    Field(
        "@defaultMode",
        N_("Encryption"),
        Kind.CHOICE,
        N_("What holds for channels that the table below does not name."),
        (Choice("any", N_("As the viewer wants")), Choice("secure", N_("Always")), Choice("insecure", N_("Never"))),
        when=(_SPICE,),
    ),
    Table(
        "channel",
        N_("Encryption of single channels"),
        (
            Field(
                "@name",
                N_("Channel"),
                Kind.CHOICE,
                help=N_("A part of the SPICE connection."),
                choices=(
                    Choice("main", N_("Control")),
                    Choice("display", N_("Screen")),
                    Choice("inputs", N_("Keyboard and mouse")),
                    Choice("cursor", N_("Pointer")),
                    Choice("playback", N_("Sound")),
                    Choice("record", N_("Microphone")),
                    Choice("smartcard", N_("Smart card")),
                    Choice("usbredir", N_("USB")),
                ),
                required=True,
            ),
            Field(
                "@mode",
                N_("Encryption"),
                Kind.CHOICE,
                help=N_("Whether this part must be encrypted."),
                choices=(
                    Choice("any", N_("As the viewer wants")),
                    Choice("secure", N_("Always")),
                    Choice("insecure", N_("Never")),
                ),
                required=True,
            ),
        ),
        new="<channel name='main' mode='secure'/>",
        key="@name",
        when=(_SPICE,),
        folded=True,
    ),
)
_GL = only("@type", "spice", "sdl", "dbus", "egl-headless")
_DRAWING = (
    yes_no(
        "gl/@enable",
        N_("3D by the host's graphics card"),
        N_("The guest needs a virtio video card with 3D; SPICE then works on this host only."),
        when=(only("@type", "spice", "sdl", "dbus"),),
    ),
    Field("gl/@rendernode", N_("Graphics card of the host"), Kind.PATH, N_("Which one draws: /dev/dri/renderD128."), when=(_GL,)),
    Field(
        "audio/@id",
        N_("Sound over"),
        Kind.INTEGER,
        N_("The number of the audio backend whose sound goes to viewers."),
        minimum=1,
        when=(only("@type", "vnc", "dbus"),),
    ),
    Field(
        "@keymap",
        N_("Keyboard of viewers"),
        Kind.TEXT,
        N_("For viewers that cannot send keys by their place: de, en-us."),
        when=(only("@type", "vnc", "spice"),),
    ),
)
_RARE = (
    Field(
        "@listen",
        N_("Address (old form)"),
        Kind.TEXT,
        N_("The same as the first address above; libvirt keeps both alike."),
        when=(_NET,),
    ),
    Field("@socket", N_("Socket (old form)"), Kind.PATH, help=N_("Instead of an address and a port."), when=(_VNC,)),
    Field(
        "@address",
        N_("Bus"),
        Kind.TEXT,
        N_("Address of the D-Bus; without one libvirt starts a bus of its own."),
        when=(only("@type", "dbus"),),
    ),
    yes_no("@p2p", N_("Without a bus"), N_("Viewers get a connection of their own from libvirt."), when=(only("@type", "dbus"),)),
    Field("@display", N_("X display"), Kind.TEXT, N_("For example :0.0."), when=(only("@type", "sdl", "desktop"),)),
    Field("@xauth", N_("X authority"), Kind.TEXT, N_("The file that gives access to the display."), when=(only("@type", "sdl"),)),
    yes_no("@fullscreen", N_("Full screen"), N_("The window fills the host's screen."), when=(only("@type", "sdl", "desktop"),)),
    yes_no(
        "@replaceUser",
        N_("A new viewer replaces the old one"),
        N_("Otherwise the new one is turned away."),
        when=(only("@type", "rdp"),),
    ),
    yes_no("@multiUser", N_("Several viewers at once"), N_("They see and do the same."), when=(only("@type", "rdp"),)),
    Field(
        "@username",
        N_("User name"),
        Kind.TEXT,
        help=N_("That viewers give together with the password."),
        when=(only("@type", "rdp"),),
        since=(11, 1, 0),
    ),
)


def _summary(document: Document, element: Element) -> str:
    kind = word_of(_KIND, document, element)
    listen = document.find("listen", element)
    socket = (listen.get("socket") if listen is not None else None) or element.get("socket")
    if socket:
        return _("{kind}, socket {path}").format(kind=kind, path=socket)
    if element.get("type") not in ("vnc", "spice", "rdp"):
        return kind
    where = (listen.get("address") if listen is not None else None) or element.get("listen") or _("the host's default address")
    port = element.get("port") or "-1"
    if port == "-1":
        return _("{kind}, {address}, automatic port").format(kind=kind, address=where)
    return _("{kind}, {address}, port {port}").format(kind=kind, address=where, port=port)


def _title(document: Document, element: Element) -> str:
    return _("Display {kind}").format(kind=word_of(_KIND, document, element))


GRAPHICS = DeviceType(
    "graphics",
    N_("Display"),
    "video-display",
    Band.DEVICES,
    (
        Section(N_("Display"), (_KIND, *_REACHED), editor="display"),
        Section(N_("Access"), _WHO),
        Section("SPICE", spice.FIELDS, folded=True),
        Section(N_("Drawing and keys"), _DRAWING),
        Section(N_("More"), _RARE, folded=True),
    ),
    _summary,
    N_("How the guest's screen is reached."),
    order=100,
    tag="graphics",
    title=_title,
    keys=("@type",),
    variants=(
        Variant(
            "graphics-spice",
            N_("Display: SPICE"),
            "<graphics type='spice' autoport='yes'><listen type='address' address='127.0.0.1'/><image compression='off'/>"
            "</graphics>",
            N_("Sound, clipboard and USB."),
            "graphics/type=spice",
        ),
        Variant(
            "graphics-vnc",
            N_("Display: VNC"),
            "<graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>",
            N_("Each viewer knows it."),
            "graphics/type=vnc",
        ),
        Variant(
            "graphics-dbus",
            N_("Display: D-Bus"),
            "<graphics type='dbus'/>",
            N_("For programs on the same host."),
            "graphics/type=dbus",
        ),
        Variant(
            "graphics-egl-headless",
            N_("Display: 3D without a screen"),
            "<graphics type='egl-headless'/>",
            N_("Besides VNC, for 3D by the host's graphics card."),
            "graphics/type=egl-headless",
        ),
        Variant(
            "graphics-sdl",
            N_("Display: window of the emulator (SDL)"),
            "<graphics type='sdl' display=':0.0'/>",
            "",
            "graphics/type=sdl",
        ),
        Variant("graphics-rdp", N_("Display: RDP"), "<graphics type='rdp' autoport='yes'/>", "", "graphics/type=rdp"),
        Variant(
            "graphics-desktop",
            N_("Display: window on the desktop"),
            "<graphics type='desktop'/>",
            N_("Of VirtualBox and VMware."),
            "graphics/type=desktop",
        ),
    ),
)
