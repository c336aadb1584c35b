"""The program's own loop, driven by a test that goes on between: for pages that work in the background while one types."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui import aio

LIMIT_S = 20.0


class LoopDriver:
    """``until(check)`` runs the loop until the check holds."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def until(self, check: Callable[[], object], limit_s: float = LIMIT_S) -> None:
        """Fails after ``limit_s``, which is far more than it takes."""

        async def wait() -> None:
            end = time.monotonic() + limit_s
            while not check():
                assert time.monotonic() < end, "did not happen"
                await asyncio.sleep(0.01)

        self._loop.run_until_complete(wait())


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[LoopDriver]:
    """A test file imports this fixture by name."""
    made = aio.make_loop(qapp)
    yield LoopDriver(made)
    made.run_until_complete(aio.cancel_everything())
    aio.report_to(None)
    made.close()
