"""Coroutines that a host runs for itself, owned by it: they end with the connection and report nothing but bugs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from app.errors import HostelryError

log = logging.getLogger(__name__)


_running: set[asyncio.Task[None]] = set()


async def all_ended(timeout_s: float) -> None:
    """Waits until the cancelled tasks of all hosts have ended, for the program's end."""
    if _running:
        await asyncio.wait(list(_running), timeout=timeout_s)


class Tasks:
    """Keeps tasks referenced and ends them together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs ``work``.  A ``HostelryError`` in it means that the connection says why by itself, and is only logged."""
        task = asyncio.get_running_loop().create_task(_quiet(work))
        self._tasks.add(task)
        _running.add(task)
        task.add_done_callback(self._ended)
        task.add_done_callback(lambda _task: work.close())  # it was cancelled before it began, perhaps
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        _running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "A host's task failed", "exception": error, "task": task}
            )

    def stop(self) -> None:
        """Cancels all."""
        for task in list(self._tasks):
            task.cancel()


async def _quiet(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await work
        except HostelryError as error:
            log.info("%s (%s)", error, error.raw)
