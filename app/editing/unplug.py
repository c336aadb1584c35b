"""Taking a device out of a running machine: libvirt asks the guest, and the guest takes its time or does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import Busy
from app.i18n import _
from app.model.records import ObjectKind
from app.virt import domains
from app.virt.subscriptions import EventKind, VirEvent
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.virt.session import Session

WAIT_S = 10.0
"""A guest whose system runs lets go within a second; one in its firmware never does."""

POLL_S = 0.5


async def unplug(session: Session, uuid: str, xml: str, *, wait_s: float = WAIT_S) -> None:
    """Returns when the device is gone.  Raises ``Busy`` if the guest did not let go of it in time, or said that it will not."""
    alias = Document.parse(xml).get("alias/@name") or ""
    told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    connection = session.events.connect(_listener(uuid, alias, told))
    try:
        await domains.detach_device(session, uuid, xml, live=True, config=False)
        try:
            async with asyncio.timeout(wait_s):
                gone = await _gone(session, uuid, alias, told)
        except TimeoutError:
            gone = False
    finally:
        connection.disconnect()
        told.cancel()
    if not gone:
        raise Busy(
            _("The guest did not let go of the device."),
            why=_("Its system must agree to the removal; while it starts, or without a driver for it, it does not."),
            next_step=_("Wait until the guest has started and try again, or shut it down: the device is gone at its next start."),
        )


def _listener(uuid: str, alias: str, told: asyncio.Future[bool]) -> Callable[[tuple[VirEvent, ...]], None]:
    def on_events(batch: tuple[VirEvent, ...]) -> None:
        for event in batch:
            mine = event.kind is ObjectKind.DOMAIN and event.key == uuid and alias in event.args
            if mine and event.event in (EventKind.DEVICE_REMOVED, EventKind.DEVICE_REMOVAL_FAILED) and not told.done():
                told.set_result(event.event is EventKind.DEVICE_REMOVED)

    return on_events


async def _gone(session: Session, uuid: str, alias: str, told: asyncio.Future[bool]) -> bool:
    """By the event, or by a look now and then: some drivers send none, and one may come before its subscription."""
    while not told.done():
        await asyncio.wait([told], timeout=POLL_S)
        if not told.done() and not await _there(session, uuid, alias):
            return True
    return told.result()


async def _there(session: Session, uuid: str, alias: str) -> bool:
    live = Document.parse(await domains.xml(session, uuid))
    return any(one.get("name") == alias for one in live.root.iterfind("devices/*/alias"))
