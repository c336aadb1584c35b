"""Reaching the guest: its picture, keys, addresses and the socket of its graphical console."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from app.errors import Invalid, Unsupported
from app.i18n import N_, _
from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S, on_domain
from app.virt.errors import is_lost
from app.virt.session import Session


class AddressSource(Enum):
    """Who told an address, best first."""

    AGENT = "agent"
    LEASE = "lease"
    ARP = "arp"


SOURCE_WORDS: dict[AddressSource, str] = {
    AddressSource.AGENT: N_("told by the agent in the guest"),
    AddressSource.LEASE: N_("lent by the virtual network's DHCP server"),
    AddressSource.ARP: N_("seen in the host's ARP table"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One network address of a guest.  prefix: bits of the network, 0 if not known; interface: its name there or on the host."""

    address: str
    source: AddressSource
    prefix: int = 0
    mac: str = ""
    interface: str = ""
    ipv6: bool = False


async def addresses(session: Session, uuid: str) -> list[Address]:
    """The guest's addresses by the best source that knows any; loopback is left out; empty if nobody knows."""
    return await on_domain(
        session, uuid, _("Cannot find the machine's addresses."), _addresses, timeout_s=READ_S, background=True
    )


def _addresses(domain: libvirt.virDomain) -> list[Address]:
    sources = {
        AddressSource.AGENT: libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
        AddressSource.LEASE: libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
        AddressSource.ARP: libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
    }
    for source, number in sources.items():
        try:
            found = _plain(domain.interfaceAddresses(number, 0), source)
        except libvirt.libvirtError as error:
            if is_lost(error) or error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                raise
            continue  # no agent, no lease, no ARP: the next source may know
        if found:
            return found
    return []


def _plain(interfaces: dict[str, dict[str, object]] | None, source: AddressSource) -> list[Address]:
    found = []
    for name, facts in (interfaces or {}).items():
        entries = facts.get("addrs") or []
        if not isinstance(entries, list):
            continue
        for entry in entries:
            text = str(entry["addr"])
            if text.startswith("127.") or text == "::1":
                continue
            found.append(
                Address(text, source, int(entry.get("prefix", 0)), str(facts.get("hwaddr") or ""), str(name), ":" in text)
            )
    return found


async def screenshot(session: Session, uuid: str, screen: int = 0) -> tuple[str, bytes]:
    """The guest's picture as (MIME type, file content); PNG since QEMU 7.1, PPM before."""

    def work(conn: libvirt.virConnect) -> tuple[str, bytes]:
        stream = conn.newStream(0)
        try:
            mime = lookup.domain(conn, uuid).screenshot(stream, screen, 0)
            parts: list[bytes] = []
            stream.recvAll(lambda _stream, data, _opaque: _keep(parts, data), None)
            stream.finish()
        except libvirt.libvirtError:
            _abort(stream)
            raise
        return mime, b"".join(parts)

    return await session.call(work, what=_("Cannot take a screenshot."), timeout_s=READ_S)


def _keep(parts: list[bytes], data: bytes) -> None:
    """A host that never ends its picture must not fill our memory."""
    if sum(map(len, parts)) > LARGEST_PICTURE:
        raise Invalid(_("Cannot take a screenshot."), why=_("The host sends a picture that is too large."))
    parts.append(data)


LARGEST_PICTURE = 256 << 20
"""Bytes; a PPM of 8192x8192 pixels has 192 MiB."""


def _abort(stream: libvirt.virStream) -> None:
    with contextlib.suppress(libvirt.libvirtError):  # it never began
        stream.abort()


async def open_graphics(session: Session, uuid: str, index: int = 0, *, skip_auth: bool = False) -> socket.socket:
    """A connected socket to the guest's graphics server number ``index``, handed over by the host.

    Works for hosts that are reached by a UNIX socket only; ``Unsupported`` elsewhere.  skip_auth: without
    the console's password, which the connection to libvirt vouches for.  The caller closes the socket.
    """

    def work(domain: libvirt.virDomain) -> int:
        return domain.openGraphicsFD(index, libvirt.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH if skip_auth else 0)

    what = _("Cannot open the machine's graphical console.")
    number = await on_domain(session, uuid, what, work, timeout_s=READ_S)
    if number < 0:
        raise Unsupported(what, why=_("The host did not hand the console over."))
    try:
        return socket.socket(fileno=number)
    except OSError:
        os.close(number)
        raise


class KeyCodes(Enum):
    """Numbering of ``send_keys``."""

    LINUX = 0
    XT = 1
    ATSET1 = 2


async def send_keys(
    session: Session, uuid: str, codes: Sequence[int], *, hold_ms: int = 50, kind: KeyCodes = KeyCodes.LINUX
) -> None:
    """Presses these keys together for ``hold_ms``."""

    def work(domain: libvirt.virDomain) -> None:
        domain.sendKey(kind.value, hold_ms, list(codes), len(codes), 0)

    await on_domain(session, uuid, _("Cannot send the keys."), work)
