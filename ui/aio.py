"""asyncio on Qt's loop: the only user of qasync.

``spawn`` is the one way to start a coroutine from a slot: the task has a name and an owner, its
failure is reported, and it is cancelled when its owner goes.
"""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog
from qasync import QEventLoop
from shiboken6 import isValid

from ui.garbage import Garbage

T = TypeVar("T")
Reporter = Callable[[BaseException, str], None]
"""Gets an exception that nobody handled, and the name of its task."""

MOST_THREADS = 10
"""For files and programs; they come one by one, as many as work at the same time.  Calls of libvirt have threads of their own."""

_log = logging.getLogger(__name__)
_tasks: set[asyncio.Task[Any]] = set()
_by_owner: weakref.WeakKeyDictionary[object, set[asyncio.Task[Any]]] = weakref.WeakKeyDictionary()
_watched: weakref.WeakSet[QObject] = weakref.WeakSet()
_reporters: list[Reporter] = []


def make_loop(app: QApplication) -> QEventLoop:
    """The asyncio loop on ``app``'s, current from now on; run it with ``run_until_complete``."""
    if app.findChild(Garbage) is None:
        Garbage(app)
    loop = QEventLoop(app)
    # qasync's own makes ten threads at the first use.
    loop.set_default_executor(ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="beside the loop"))
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(_loop_failed)
    return loop


def begin(loop: QEventLoop, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """The program's own task: nobody owns it, and its failure is for whoever asks for its result after ``run``."""
    task: asyncio.Task[T] = loop.create_task(work, name="the program")
    return task


def run(loop: QEventLoop, work: asyncio.Task[T]) -> bool:
    """Runs the loop until ``work`` is over; False if Qt ended it before, as it does when the display is gone."""
    work.add_done_callback(_stop)
    try:
        loop.run_forever()
    finally:
        work.remove_done_callback(_stop)
    return work.done()


def _stop(work: asyncio.Task[Any]) -> None:
    work.get_loop().stop()


def run_on(loop: QEventLoop, work: asyncio.Task[Any], limit_s: float) -> bool:
    """Goes on with ``work`` after ``run`` gave False, for at most ``limit_s``; gives whether it is over.

    Qt's platform plugin ends every loop again as soon as it looks at its lost display, so the loop is begun as often.
    """
    end_s = time.monotonic() + limit_s
    while not work.done() and time.monotonic() < end_s:
        run(loop, work)
    return work.done()


def report_to(reporter: Reporter | None) -> None:
    """Who is told of failures (the crash dialog); without one they are logged."""
    _reporters[:] = [reporter] if reporter is not None else []


def spawn(work: Coroutine[Any, Any, T], owner: object, *, name: str = "") -> asyncio.Task[T]:
    """Starts ``work``; it ends with ``owner`` (a QObject that is deleted, or an object that ``cancel_owned`` names)."""
    task = asyncio.get_event_loop().create_task(work, name=name or getattr(work, "__qualname__", ""))
    _tasks.add(task)
    _owned_by(owner).add(task)
    task.add_done_callback(_done)
    return task


def _owned_by(owner: object) -> set[asyncio.Task[Any]]:
    tasks = _by_owner.setdefault(owner, set())
    if isinstance(owner, QObject) and owner not in _watched:
        _watched.add(owner)
        owner.destroyed.connect(lambda: _cancel_all(tasks))
    return tasks


def cancel_owned(owner: object) -> None:
    """Cancels what ``owner`` started and is not over."""
    _cancel_all(_by_owner.get(owner, set()))


def _cancel_all(tasks: set[asyncio.Task[Any]]) -> None:
    for task in list(tasks):
        task.cancel()
    tasks.clear()


def _done(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    for tasks in list(_by_owner.values()):
        tasks.discard(task)
    if not task.cancelled() and (problem := task.exception()) is not None:
        report(problem, task.get_name())


def report(problem: BaseException, where: str) -> None:
    """Tells the reporter, or the log."""
    _log.error("%s failed", where, exc_info=problem)
    for reporter in _reporters:
        reporter(problem, where)


def _loop_failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    problem = context.get("exception")
    if isinstance(problem, BaseException):
        report(problem, str(context.get("message", "")))
    else:
        _log.error("%s", context.get("message"))


async def ask(dialog: QDialog) -> int:
    """Shows ``dialog`` modal to its parent window without a nested loop; gives its result code.

    The dialog is deleted afterwards; read its fields at once.  A cancelled task closes it.
    """
    answer: asyncio.Future[int] = asyncio.get_event_loop().create_future()

    def finished(code: int) -> None:
        if not answer.done():
            answer.set_result(code)

    dialog.finished.connect(finished)
    dialog.open()
    try:
        return await answer
    except asyncio.CancelledError:
        dialog.reject()
        raise
    finally:
        if isValid(dialog):  # a dialog may delete itself when it is closed
            dialog.deleteLater()


def pending() -> list[str]:
    """Names of the tasks that are not over, for the tests and the exit."""
    return sorted(task.get_name() for task in _tasks)


async def cancel_everything() -> None:
    """At the end of the program: cancels what ``spawn`` started, but for the caller, and waits until it is over."""
    rest = [task for task in _tasks if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
