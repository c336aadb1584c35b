"""Channels between the guest's programs and the host (formatdomain, "Channel"): agents above all."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.types.serial import describe
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

AGENTS = {
    "org.qemu.guest_agent.0": N_("Guest agent of QEMU"),
    "com.redhat.spice.0": N_("Agent of SPICE"),
    "org.spice-space.webdav.0": N_("Shared folder of SPICE"),
    "org.libguestfs.channel.0": "libguestfs",
}
_TYPE = chardev.type_field(offered="channel/type")
_VIRTIO = only("target/@type", "virtio", "xen")
_FORWARD = only("target/@type", "guestfwd")
_TARGET = (
    Field(
        "target/@type",
        N_("Kind"),
        Kind.CHOICE,
        N_("How the guest reaches it."),
        (Choice("virtio", "virtio"), Choice("guestfwd", N_("Address in the user network")), Choice("xen", "Xen")),
        required=True,
    ),
    Field(
        "target/@name",
        N_("Name"),
        Kind.TEXT,
        N_("By which the guest's program finds it: org.qemu.guest_agent.0."),
        when=(_VIRTIO,),
        words="agent guest-agent spice webdav",
    ),
    Field(
        "target/@address",
        N_("Address in the guest"),
        Kind.TEXT,
        help=N_("To which programs in the guest connect."),
        when=(_FORWARD,),
    ),
    Field(
        "target/@port", N_("Port in the guest"), Kind.TEXT, help=N_("To which programs in the guest connect."), when=(_FORWARD,)
    ),
    Field(
        "target/@state",
        N_("Program in the guest"),
        Kind.CHOICE,
        N_("Whether it is connected; written by libvirt."),
        (Choice("connected", N_("Connected")), Choice("disconnected", N_("Not connected"))),
        when=(only("target/@type", "virtio"),),
        folded=True,
    ),
)


def _name(document: Document, element: Element) -> str:
    name = document.get("target/@name", "", element) or ""
    return _(AGENTS.get(name, "")) or name


def _title(document: Document, element: Element) -> str:
    return _("Channel {name}").format(name=_name(document, element)).rstrip()


def _agent(identity: str, name: str, kind: str, about: str, inside: str) -> Variant:
    xml = f"<channel type='{kind}'>{inside}</channel>"
    return Variant(f"channel-{identity}", name, xml, about, f"channel/type={kind}")


CHANNEL = DeviceType(
    "channel",
    N_("Channel"),
    "device-channel",
    Band.DEVICES,
    (Section(N_("Channel"), (*_TARGET, _TYPE, *chardev.source())), address("virtio-serial"), more(index=False)),
    describe,
    N_("Lets a program in the guest talk to the host, as the guest agent does."),
    order=220,
    tag="channel",
    title=_title,
    keys=("target/@name", "alias/@name"),
    variants=(
        _agent(
            "guest-agent",
            N_("Channel: guest agent of QEMU"),
            "unix",
            N_("Addresses, clean shutdown and frozen file systems; install qemu-guest-agent in the guest."),
            "<target type='virtio' name='org.qemu.guest_agent.0'/>",
        ),
        _agent(
            "spice",
            N_("Channel: agent of SPICE"),
            "spicevmc",
            N_("Clipboard and screen size; install spice-vdagent in the guest."),
            "<target type='virtio' name='com.redhat.spice.0'/>",
        ),
        _agent(
            "vdagent",
            N_("Channel: clipboard over VNC"),
            "qemu-vdagent",
            N_("The emulator itself talks to spice-vdagent in the guest."),
            "<source><clipboard copypaste='yes'/><mouse mode='client'/></source>"
            "<target type='virtio' name='com.redhat.spice.0'/>",
        ),
        _agent(
            "webdav",
            N_("Channel: shared folder of SPICE"),
            "spiceport",
            N_("The viewer's folder; install spice-webdavd in the guest."),
            "<source channel='org.spice-space.webdav.0'/><target type='virtio' name='org.spice-space.webdav.0'/>",
        ),
        _agent(
            "unix",
            N_("Channel: Unix socket"),
            "unix",
            N_("For a program of your own."),
            "<source mode='bind'/><target type='virtio' name='org.example.{name}.0'/>",
        ),
        Variant(
            "channel-guestfwd",
            N_("Channel: address in the user network"),
            "<channel type='unix'><source mode='bind' path='/run/channel-{name}.sock'/>"
            "<target type='guestfwd' address='10.0.2.1' port='4600'/></channel>",
            N_("The guest connects to the address and reaches the host's socket."),
        ),
    ),
    hotplug=True,
)
