"""Whether a file that this program made for one machine is used by another one by now: copies of machines name it too."""

from __future__ import annotations

from app.virt import disk_use, domains
from app.virt.disk_use import Users
from app.virt.session import Session

LIMIT_S = 120.0
"""Nobody waits for it."""


async def other_users(session: Session, uuid: str) -> Users:
    """What all machines of the host but this one use."""
    records = await domains.list_states(session)
    others = [(record.uuid, record.name) for record in records if record.uuid != uuid]
    return await disk_use.users(session, others, limit_s=LIMIT_S)
