"""The common shape of "do this to that guest"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.virt import lookup
from app.virt.binding import libvirt
from app.virt.session import Session

T = TypeVar("T")

READ_S = 30.0
CHANGE_S = 60.0
"""libvirt itself waits 30 s for another operation on the same guest to end."""


async def on_domain(
    session: Session,
    uuid: str,
    what: str,
    fn: Callable[[libvirt.virDomain], T],
    *,
    timeout_s: float | None = CHANGE_S,
    long: bool = False,
    background: bool = False,
) -> T:
    """Runs ``fn`` with the guest's object on a worker; ``what`` is the error's first sentence."""
    return await session.call(
        lambda conn: fn(lookup.domain(conn, uuid)), what=what, timeout_s=timeout_s, long=long, background=background
    )
