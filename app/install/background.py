"""File and database work off the event loop, with a bound."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from app.errors import TimedOut
from app.i18n import _

T = TypeVar("T")


async def in_thread(work: Callable[[], T], *, timeout_s: float, what: str) -> T:
    """What ``work`` gives or raises, from a daemon thread of its own; ``TimedOut`` (with ``what``) after ``timeout_s``.

    A thread that hangs in a dead network file system stays behind and does not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_run, args=(work, loop, answer), name="install", daemon=True).start()
    try:
        # Not wait_for: on Python 3.11 that loses a cancellation which comes in the same turn as the answer.
        async with asyncio.timeout(timeout_s):
            return await answer
    except TimeoutError as error:
        raise TimedOut(
            what,
            why=_("There was no answer for {seconds} seconds.").format(seconds=round(timeout_s)),
            next_step=_("If it lies on a network share, check that the share is reachable, then try again."),
        ) from error


def _run(work: Callable[[], T], loop: asyncio.AbstractEventLoop, answer: asyncio.Future[T]) -> None:
    """On the thread: every outcome goes to the future, whatever its class."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - carried over to whoever awaits
        _deliver(loop, answer, error=error)
    else:
        _deliver(loop, answer, result=result)


def _deliver(
    loop: asyncio.AbstractEventLoop, answer: asyncio.Future[T], *, result: T | None = None, error: BaseException | None = None
) -> None:
    def settle() -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
        return
