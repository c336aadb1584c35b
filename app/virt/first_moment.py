"""Who must be there before a guest's first instruction: consoles that want to see its firmware's first words.

QEMU throws away what a guest says on a serial port while nobody listens, so such a guest is started paused and resumed when the
listeners are ready.  On the event loop's thread.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable

from app.virt.session import Session

LONGEST_S = 3.0
"""Then the guest starts all the same."""

Ready = Callable[[], Awaitable[None]]

_listeners: weakref.WeakKeyDictionary[Session, dict[str, Ready]] = weakref.WeakKeyDictionary()


def listen(session: Session, uuid: str, ready: Ready | None) -> None:
    """``ready`` is awaited between start and first instruction, when this program starts the guest; None: nobody any more."""
    told = _listeners.setdefault(session, {})
    told.pop(uuid, None)
    if ready is not None:
        told[uuid] = ready


def listener(session: Session, uuid: str) -> Ready | None:
    """Who has asked."""
    return _listeners.get(session, {}).get(uuid)


async def wait(ready: Ready) -> None:
    """Until it is ready, or for long enough."""
    try:
        async with asyncio.timeout(LONGEST_S):
            await ready()
    except TimeoutError:
        return
