"""libvirt's objects by key, kept per connection so that a call needs no look-up round trip before it.

All functions run on session workers.  A cached object stays good over rename and restart: the drivers
find it by its UUID.
"""

from __future__ import annotations

from app.virt.binding import libvirt

PROBE_PREFIX = "hostelry-probe-"
"""Names of what the KVM probe makes for a second; no list shows them."""

_domains: dict[int, dict[str, libvirt.virDomain]] = {}
"""``id(conn)`` to UUID to domain; an entry lives until ``forget``."""


def remember(conn: libvirt.virConnect, domain: libvirt.virDomain) -> str:
    """Keeps an object that a listing brought, and gives its UUID."""
    uuid = domain.UUIDString()
    _domains.setdefault(id(conn), {})[uuid] = domain
    return uuid


def remember_all(conn: libvirt.virConnect, domains: dict[str, libvirt.virDomain]) -> None:
    """Replaces all that is kept of a connection by a whole listing."""
    _domains[id(conn)] = domains


def domain(conn: libvirt.virConnect, uuid: str) -> libvirt.virDomain:
    """The guest's object; raises ``libvirtError`` (NO_DOMAIN) only if it was never listed and is not there."""
    cache = _domains.setdefault(id(conn), {})
    found = cache.get(uuid)
    if found is None:
        found = cache[uuid] = conn.lookupByUUIDString(uuid)
    return found


def drop(conn: libvirt.virConnect, uuid: str) -> None:
    """Forgets one guest, which is gone."""
    _domains.get(id(conn), {}).pop(uuid, None)


def forget(conn: libvirt.virConnect) -> None:
    """Forgets a connection that is being closed; its objects hold it open otherwise."""
    _domains.pop(id(conn), None)
