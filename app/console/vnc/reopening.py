"""A further connection to the same server, for a console's thread."""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
from collections.abc import Awaitable, Callable

from app.console.transport import Link
from app.console.vnc import problems

PATIENCE_S = 30.0


def reopener(more: Callable[[], Awaitable[Link]]) -> Callable[[], socket.socket]:
    """Made on the event loop, called on another thread, which it blocks; raises HostelryError."""
    loop = asyncio.get_running_loop()

    async def open_one() -> socket.socket:
        return (await more()).socket

    def reopen_on_thread() -> socket.socket:
        work = open_one()
        try:
            future = asyncio.run_coroutine_threadsafe(work, loop)
        except RuntimeError as error:  # the program ends
            work.close()
            raise problems.closed(str(error)) from error
        try:
            return future.result(PATIENCE_S)
        except (concurrent.futures.TimeoutError, concurrent.futures.CancelledError) as error:
            future.cancel()
            raise problems.silent() from error

    return reopen_on_thread
