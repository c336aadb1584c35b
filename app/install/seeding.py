"""The first settings of a system with cloud-init, on a disc that is put into the new machine."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from uuid import uuid4

from app.errors import Invalid
from app.i18n import _
from app.install import carriage
from app.install.bench import Bench
from app.install.plan import Plan
from app.install.seed import check, disc, removal
from app.install.seed.documents import documents
from app.xmldoc import Document


async def attach(bench: Bench, plan: Plan, definition: str) -> str:
    """The definition with the seed's drive in it; unchanged without a seed.

    The disc is made here, copied to the standard pool, and the piece here deleted at once: it may hold passwords' hashes.
    """
    if plan.seed is None:
        return definition
    wrong = check.blocking(plan.seed)
    if wrong:
        raise Invalid(_("The first settings cannot be used."), why=wrong[0].text)
    bench.job.report(text=_("Writing the first settings"))
    doc = Document.parse(definition)
    identity, mac = _known(doc)
    path = await asyncio.to_thread(disc.new_path)
    try:
        await disc.write(documents(plan.seed, instance=identity, mac=mac), path)
        on_host = await carriage.copy_to_pool(bench.session, str(path), "", bench.job, bench.made.add, stem=path.stem)
    finally:
        await asyncio.to_thread(Path(path).unlink, missing_ok=True)
    removal.attach(doc, on_host)
    return doc.to_text()


def _known(doc: Document) -> tuple[str, str]:
    """The machine's UUID and its first card's address, made here where the definition leaves them to libvirt: cloud-init
    knows the machine by the one, and fixed addresses find their card by the other."""
    identity = doc.get("uuid") or str(uuid4())
    doc.set("uuid", identity)
    if doc.find("devices/interface") is None:
        return identity, ""
    mac = doc.get("devices/interface/mac/@address") or "52:54:00:" + secrets.token_bytes(3).hex(":")
    doc.set("devices/interface/mac/@address", mac)
    return identity, mac
