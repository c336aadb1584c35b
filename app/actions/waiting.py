"""Waiting for what the inventory will say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.actions.conditions import connected
from app.actions.context import Target
from app.errors import Disconnected
from app.i18n import _
from app.model.records import DomainRecord


async def until(target: Target, wanted: Callable[[DomainRecord], bool]) -> None:
    """Returns when the machine's record is as wanted, or the machine is gone; raises Disconnected when its host is."""
    host, uuid = target.host, target.record.uuid
    changed = asyncio.Event()
    links = [host.inventory.changed.connect(lambda _change: changed.set()), host.changed.connect(lambda _host: changed.set())]
    try:
        while True:
            changed.clear()
            if not connected(target):
                raise Disconnected(
                    _("What became of “{name}” is not known.").format(name=target.record.name),
                    why=_("The connection to “{host}” was lost.").format(host=host.label or host.uri),
                    next_step=_("Connect again and look at its state."),
                )
            record = host.inventory.domains.get(uuid)
            if record is None or wanted(record):
                return
            await changed.wait()
    finally:
        for link in links:
            link.disconnect()
