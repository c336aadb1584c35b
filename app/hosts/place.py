"""Whether a host is this computer: whether its files, sockets and loopback addresses are ours."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.model.records import HostRecord
from app.virt import capabilities

if TYPE_CHECKING:
    from app.hosts.host import Host


async def is_here(host: Host) -> bool:
    """Whether the host is this computer.  The facts may still be on their way, soon after connecting."""
    asked = "socket=" in host.uri and host.record is None
    return on_this_computer(host.uri, await capabilities.host_facts(host.session) if asked else host.record)


def on_this_computer(uri: str, record: HostRecord | None) -> bool:
    """By the address; behind an explicit socket, which may lead elsewhere (ssh -L), only if the host has our name."""
    parts = urlsplit(uri)
    if parts.hostname or "+ssh" in parts.scheme or parts.scheme.startswith("test"):
        return False
    if "socket=" not in parts.query:
        return True
    return record is not None and record.hostname.partition(".")[0] == socket.gethostname().partition(".")[0]
