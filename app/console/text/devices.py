"""What a machine's XML says of its serial ports, consoles and channels, and which of them can be opened.  Pure.

Sources: libvirt formatdomain, "Consoles, serial, parallel & channel devices"; which types libvirt opens:
``qemuDomainOpenConsole`` (PTY; later versions also UNIX) and ``qemuDomainOpenChannel`` (UNIX) of its QEMU driver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Invalid
from app.i18n import N_, _

if TYPE_CHECKING:
    from lxml import etree

KINDS = ("serial", "console", "parallel", "channel")

_LIBVIRTS_OWN = "org.qemu.guest_agent."
_SPICES_OWN = ("com.redhat.spice.", "org.spice-space.")
_OPENS = {"channel": ("unix",)}
_USUALLY_OPENS = ("pty", "unix", "nmdm")


@dataclass(frozen=True, slots=True)
class TextDevice:
    """One device.  place: its port as the guest counts, from 0 (a PC's first serial port is its ttyS0).

    key: kind and place, the same while the machine is off; alias: libvirt's name for it while it runs.
    why_not: why it cannot be opened, a sentence; empty if it can.
    """

    key: str
    kind: str
    place: int
    alias: str
    title: str
    source: str
    why_not: str = ""

    @property
    def opens(self) -> bool:
        """Whether a terminal can be connected to it."""
        return not self.why_not


def parse_devices(xml: str) -> list[TextDevice]:
    """All, serial ports first, without a console that only names a serial port.  Raises Invalid for what is no XML."""
    from lxml import etree  # noqa: PLC0415 - 37 ms, wanted when a console opens

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Invalid(_("The machine's description cannot be read."), raw=str(error)) from error
    found = []
    for kind in KINDS:
        elements = [each for each in root.findall(f"./devices/{kind}") if kind != "console" or not _is_serial(each, root)]
        found += sorted((_device(kind, index, each) for index, each in enumerate(elements)), key=lambda device: device.place)
    return found


def _is_serial(console: etree._Element, root: etree._Element) -> bool:
    """The first console stands for the first serial port on most machines."""
    target = console.find("target")
    return (target is None or target.get("type") in ("serial", None)) and root.find("./devices/serial") is not None


def _device(kind: str, index: int, element: etree._Element) -> TextDevice:
    alias, target, source = element.find("alias"), element.find("target"), element.find("source")
    name = (target.get("name") or "") if target is not None else ""
    bus = (target.get("type") or "") if target is not None else ""
    port = (target.get("port") or "") if target is not None else ""
    place = int(port) if port.isdecimal() and len(port) < 4 else index
    key = f"{kind}{place}"
    return TextDevice(
        key=key,
        kind=kind,
        place=place,
        alias=(alias.get("name") or key) if alias is not None else key,
        title=_title(kind, place + 1, bus, name),
        source=element.get("type", ""),
        why_not=_why_not(kind, element.get("type", ""), source, name),
    )


def _title(kind: str, number: int, bus: str, name: str) -> str:
    if kind == "serial":
        return _("Serial {number}").format(number=number)
    if kind == "parallel":
        return _("Parallel {number}").format(number=number)
    if kind == "channel":
        return _("Channel {name}").format(name=name or number)
    return _("Console {number} ({bus})").format(number=number, bus=bus or "?")


def _why_not(kind: str, source_type: str, source: etree._Element | None, name: str) -> str:
    if kind == "channel" and name.startswith(_LIBVIRTS_OWN):
        return _("libvirt itself speaks to the guest's agent over it.")
    if kind == "channel" and name.startswith(_SPICES_OWN):
        return _("The graphical console uses it (SPICE).")
    if source_type == "unix" and source is not None and source.get("mode") == "connect":
        return _("QEMU connects to a program over the socket {path}.").format(path=source.get("path", ""))
    if source_type in _OPENS.get(kind, _USUALLY_OPENS):
        return ""
    return _type_reason(kind, source_type, source)


def _type_reason(kind: str, source_type: str, source: etree._Element | None) -> str:
    told: dict[str, str] = {str(key): str(value) for key, value in source.attrib.items()} if source is not None else {}
    text = _REASONS.get(source_type)
    if text is not None:
        address = ":".join(filter(None, (told.get("host"), told.get("service"))))
        return _(text).format(path=told.get("path", ""), address=address, type=source_type)
    if kind == "channel":
        return _("libvirt opens channels of the type “unix” only, and this one is “{type}”.").format(type=source_type)
    return _("libvirt opens the types “pty” and “unix” only, and this one is “{type}”.").format(type=source_type)


_PORT = N_("It is a network port of the host ({address}); use a program for that, such as telnet.")
_SPICE = N_("The graphical console uses it ({type}).")
_REASONS = {
    "file": N_("What it says is written to the file {path} on the host."),
    "tcp": _PORT,
    "udp": _PORT,
    "spicevmc": _SPICE,
    "spiceport": _SPICE,
    "qemu-vdagent": _SPICE,
    "dbus": _SPICE,
    "dev": N_("It is the host's own device {path}."),
    "null": N_("It is connected to nothing (null)."),
}
