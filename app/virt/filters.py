"""Network filters of a host."""

from __future__ import annotations

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_lost
from app.virt.session import Session


async def list_names(session: Session) -> list[str]:
    """Their names, sorted; empty where the driver has none or its service does not run."""
    return await session.call(_list, what=_("Cannot list the network filters."), timeout_s=READ_S, background=True)


def _list(conn: libvirt.virConnect) -> list[str]:
    try:
        return sorted(one.name() for one in conn.listAllNWFilters(0))
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return []
