"""Guards around every test: what it leaves behind or complains about fails it.

* threads that outlive the test (Python's; name them, stop them, join them),
* asyncio tasks that are still pending and event loops that were left open,
* running Qt timers of widgets that outlive the test,
* warnings (pyproject's `filterwarnings`) and log records from ERROR on: the mark `expects_errors` allows those.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
import time
from collections.abc import Iterator

import pytest

GRACE_S = 2.0
"""A thread that was told to end gets this long."""

LASTING_THREADS = ("VirEventThread", "ssh questions")
"""Threads that live once a process, by design (docs/architecture.md, "Threads")."""


def _strays(before: set[threading.Thread]) -> list[threading.Thread]:
    deadline = time.monotonic() + GRACE_S
    while True:
        strays = [thread for thread in threading.enumerate() if thread not in before and not _lasting(thread)]
        if not strays or time.monotonic() > deadline:
            return strays
        time.sleep(0.02)


def _lasting(thread: threading.Thread) -> bool:
    return any(name in thread.name for name in LASTING_THREADS) or type(thread).__name__ == "_DummyThread"


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """Fails a test that leaves threads running."""
    before = set(threading.enumerate())
    yield
    if strays := _strays(before):
        names = ", ".join(f"“{thread.name}”" for thread in strays)
        pytest.fail(f"The test left threads running: {names}. Close what started them.", pytrace=False)


@pytest.fixture(autouse=True)
def no_leftover_tasks() -> Iterator[None]:
    """Fails a test that leaves asyncio tasks pending in any loop."""
    known = {id(task) for task in _tasks()}
    yield
    strays = [task for task in _tasks() if id(task) not in known and not task.done()]
    if strays:
        names = ", ".join(f"“{task.get_name()}” ({task.get_coro()})" for task in strays)
        pytest.fail(f"The test left asyncio tasks pending: {names}. Cancel and await them.", pytrace=False)


def _tasks() -> list[asyncio.Task[object]]:
    """All tasks of all loops; asyncio tells those of one only. The set's name is that of Python 3.11, or of 3.12 and 3.13."""
    registered = getattr(asyncio.tasks, "_all_tasks", None) or getattr(asyncio.tasks, "_scheduled_tasks", None)
    if registered is not None and sys.version_info < (3, 14):
        return list(registered)
    return [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task)]


@pytest.fixture(autouse=True)
def no_leftover_timers() -> Iterator[None]:
    """Fails a test after which new QTimers are still running: they would call into what is gone."""
    before = _running_timers()
    yield
    strays = {key: text for key, text in _running_timers().items() if key not in before}
    if strays:
        pytest.fail(
            f"The test left timers running: {', '.join(strays.values())}. Stop them or delete their owner.", pytrace=False
        )


def _running_timers() -> dict[int, str]:
    """Active QTimers that Python knows, without importing Qt where no test did."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return {}
    shiboken = sys.modules["shiboken6"]
    found = {}
    for thing in gc.get_objects():
        if type(thing).__name__ == "QTimer" and isinstance(thing, core.QTimer) and shiboken.isValid(thing) and thing.isActive():
            if type(thing.parent()).__name__ == "Garbage":
                continue  # ui.garbage: one for the whole process, made with the first loop
            found[id(thing)] = f"every {thing.interval()} ms, child of {type(thing.parent()).__name__}"
    return found


@pytest.fixture(autouse=True)
def no_logged_errors(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which something was logged as an error, unless it is marked `expects_errors`."""
    yield
    if request.node.get_closest_marker("expects_errors"):
        return
    records = [r for r in caplog.get_records("call") + caplog.get_records("setup") if r.levelno >= logging.ERROR]
    if records:
        texts = "\n".join(f"{record.name}: {record.getMessage()}" for record in records)
        pytest.fail(f"Errors were logged (mark the test with “expects_errors” when they should be):\n{texts}", pytrace=False)
