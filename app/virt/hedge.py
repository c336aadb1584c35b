"""Bulk calls that pass over guests that hang.

The first bulk call with a monitor group that meets a hung guest hangs for good, even with NOWAIT, because it finds the
guest free and waits for its monitor; while it hangs, the guest counts as busy, and further calls with NOWAIT pass it over
(measured with libvirt 9.0).  So a call that is late is left behind, and asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

TRIES = 3
"""Two hung guests cost two calls."""


async def hedged(ask: Callable[[], Awaitable[T]], late_s: float) -> tuple[T, bool]:
    """The first answer of up to three calls, each begun when the one before was late; and whether any was.

    The others are cancelled, which gives their workers up (``Session.call``).
    """
    calls: list[asyncio.Future[T]] = []
    try:
        while True:
            calls.append(asyncio.ensure_future(ask()))
            calls[-1].add_done_callback(_noted)
            wait_s = late_s if len(calls) < TRIES else None
            done, _waiting = await asyncio.wait(calls, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if done:
                return done.pop().result(), len(calls) > 1
    finally:
        for call in calls:
            if not call.done():
                call.cancel()


def _noted(call: asyncio.Future[Any]) -> None:
    """An error of a call that nobody waits for any more is no news."""
    if not call.cancelled():
        call.exception()
