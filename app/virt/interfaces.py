"""Network interfaces of a host, as libvirt's interface driver lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_lost
from app.virt.safe_xml import parse
from app.virt.session import Session


@dataclass(frozen=True, slots=True)
class InterfaceRecord:
    """kind: "ethernet", "bridge", "bond", "vlan"."""

    name: str
    kind: str = ""
    active: bool = False


async def list_records(session: Session) -> list[InterfaceRecord]:
    """All; empty where the driver has none or its service does not run.  A call for each."""
    return await session.call(_list, what=_("Cannot list the host's network interfaces."), timeout_s=READ_S, background=True)


def _list(conn: libvirt.virConnect) -> list[InterfaceRecord]:
    try:
        return [_record(one) for one in conn.listAllInterfaces(0)]
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return []


def _record(interface: Any) -> InterfaceRecord:
    name = interface.name()
    try:
        kind = parse(interface.XMLDesc(0)).get("type") or ""
        active = bool(interface.isActive())
    except (libvirt.libvirtError, ParseError):
        return InterfaceRecord(name)
    return InterfaceRecord(name, kind, active)
