"""Virtual networks of a host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.i18n import _
from app.model.records import NetworkRecord
from app.virt.binding import libvirt
from app.virt.domain_call import CHANGE_S, READ_S
from app.virt.errors import is_unsupported
from app.virt.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lease:
    """One DHCP lease.  expires_s: seconds since 1970, 0 for never."""

    mac: str
    address: str
    prefix: int
    hostname: str
    expires_s: int


async def list_records(session: Session) -> list[NetworkRecord]:
    """All networks; empty where the driver has none.  One call, and three for each network."""
    return await session.call(_list, what=_("Cannot list the networks."), timeout_s=READ_S, background=True)


def _list(conn: libvirt.virConnect) -> list[NetworkRecord]:
    try:
        networks = conn.listAllNetworks()
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return []
    return [record for network in networks if (record := _record(network)) is not None]


def _record(network: libvirt.virNetwork) -> NetworkRecord | None:
    try:
        active, persistent = bool(network.isActive()), bool(network.isPersistent())
        return NetworkRecord(
            network.UUIDString(), network.name(), active, persistent, persistent and bool(network.autostart()), _bridge(network)
        )
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_NETWORK:
            return None  # it went between the listing and now
        raise


def _bridge(network: libvirt.virNetwork) -> str:
    try:
        return network.bridgeName()
    except libvirt.libvirtError:
        return ""  # macvtap, SR-IOV and the like have none


async def _on(session: Session, uuid: str, what: str, fn: Callable[[libvirt.virNetwork], T]) -> T:
    return await session.call(lambda conn: fn(conn.networkLookupByUUIDString(uuid)), what=what, timeout_s=CHANGE_S)


async def xml(session: Session, uuid: str, *, inactive: bool = False) -> str:
    """The network's XML.  inactive: as of its next start."""

    def work(network: libvirt.virNetwork) -> str:
        return network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE if inactive else 0)

    return await _on(session, uuid, _("Cannot read the network's description."), work)


async def start(session: Session, uuid: str) -> None:
    """Starts a network."""
    await _on(session, uuid, _("Cannot start the network."), lambda network: network.create())


async def stop(session: Session, uuid: str) -> None:
    """Stops a network; guests on it lose their link until it starts and they are plugged in again."""
    await _on(session, uuid, _("Cannot stop the network."), lambda network: network.destroy())


async def set_autostart(session: Session, uuid: str, on: bool) -> None:
    """Whether the network starts with the host."""
    await _on(
        session, uuid, _("Cannot change whether the network starts with the host."), lambda network: network.setAutostart(int(on))
    )


async def define(session: Session, text: str) -> str:
    """Makes or changes a network; its UUID."""
    return await session.call(
        lambda conn: conn.networkDefineXML(text).UUIDString(), what=_("Cannot define the network."), timeout_s=CHANGE_S
    )


async def undefine(session: Session, uuid: str) -> None:
    """Removes a network's definition."""
    await _on(session, uuid, _("Cannot remove the network."), lambda network: network.undefine())


async def leases(session: Session, uuid: str) -> list[Lease]:
    """The addresses that the network's DHCP server has lent; empty where the driver does not tell."""

    def work(network: libvirt.virNetwork) -> list[Lease]:
        try:
            entries = network.DHCPLeases()
        except libvirt.libvirtError as error:
            if not is_unsupported(error):
                raise
            return []
        return [
            Lease(entry.get("mac") or "", entry["ipaddr"], entry["prefix"], entry.get("hostname") or "", entry["expirytime"])
            for entry in entries
        ]

    return await _on(session, uuid, _("Cannot read the network's leases."), work)
