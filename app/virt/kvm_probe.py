"""The functional probe: does KVM on this host run what an operating system needs?"""

from __future__ import annotations

from app.virt.session import Session


async def probe(session: Session) -> bool:
    raise NotImplementedError
