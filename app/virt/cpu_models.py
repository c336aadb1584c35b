"""Processor models that libvirt knows for an architecture."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_lost
from app.virt.session import Session

_cache: WeakKeyDictionary[Session, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


async def names(session: Session, arch: str) -> tuple[str, ...]:
    """Read once a connection; empty where the driver does not tell."""
    known = _cache.setdefault(session, {})
    if arch not in known:
        what = _("Cannot list the processor models.")
        known[arch] = await session.call(lambda conn: _names(conn, arch), what=what, timeout_s=READ_S, background=True)
    return known[arch]


def _names(conn: libvirt.virConnect, arch: str) -> tuple[str, ...]:
    try:
        return tuple(conn.getCPUModelNames(arch, 0))
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return ()
