"""The definitions of many guests by one call of ours, for what must be known across machines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.i18n import _
from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.errors import is_lost
from app.virt.session import Session

PART = 50
"""Guests for one call, so that other calls come in between."""

PART_S = 60.0


async def read(session: Session, uuids: Sequence[str], *, persistent_only: bool = False) -> dict[str, str]:
    """The definition of each, without passwords; guests that are gone are left out.  In the background.

    persistent_only: leaves out those which are forgotten when they stop.
    """
    found: dict[str, str] = {}
    for first in range(0, len(uuids), PART):
        part = list(uuids[first : first + PART])
        what = _("Cannot read the machines' descriptions.")
        work = partial(_read, uuids=part, persistent_only=persistent_only)
        found |= await session.call(work, what=what, timeout_s=PART_S, background=True)
    return found


def _read(conn: libvirt.virConnect, uuids: list[str], persistent_only: bool) -> dict[str, str]:
    found = {}
    for uuid in uuids:
        try:
            domain = lookup.domain(conn, uuid)
            if not persistent_only or domain.isPersistent():
                found[uuid] = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        except libvirt.libvirtError as error:
            if is_lost(error):
                raise
    return found
