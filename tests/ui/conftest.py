"""Runs coroutines on the program's own loop, and fails on a task that is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from ui import aio
from ui.garbage import Garbage

LIMIT_S = 60.0

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(qapp: QApplication) -> Iterator[Run]:
    """``run(coroutine)``: to its end, on qasync's loop."""
    qapp.setQuitOnLastWindowClosed(False)  # as the program does: it ends when its work is done
    loop = aio.make_loop(qapp)

    def to_the_end(work: Coroutine[Any, Any, None]) -> None:
        loop.run_until_complete(asyncio.wait_for(work, LIMIT_S))

    yield to_the_end
    loop.run_until_complete(asyncio.sleep(0))
    left = aio.pending()
    aio.report_to(None)
    loop.close()
    assert left == []


@pytest.fixture(scope="session", autouse=True)
def collector(qapp: QApplication) -> Garbage:
    """As in the program: garbage is collected in the UI thread, for the whole session."""
    return qapp.findChild(Garbage) or Garbage(qapp)
