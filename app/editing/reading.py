"""Reading both texts of a machine, and mending the one that libvirt lets grow old."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.editing.pending import pending_of
from app.editing.take_back import take_back
from app.virt import texts
from app.virt.session import Session
from app.virt.texts import Texts
from app.xmldoc.document import Document


async def read(session: Session, uuid: str, *, background: bool = False) -> Texts:
    """As ``app.virt.texts``; what could start a machine without a definition anew is what runs."""
    found = await texts.read(session, uuid, background=background)
    return found if found.persistent or not found.live else await asyncio.to_thread(of_what_runs, found)


def of_what_runs(read: Texts) -> Texts:
    """For a machine that was undefined while it ran: libvirt gives the definition of that moment, whatever was changed since."""
    base, live = Document.parse(read.base), Document.parse(read.live)
    if waiting := pending_of(live, base):
        take_back(base, live, waiting)
    return replace(read, base=base.to_text())
