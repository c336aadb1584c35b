"""Threads that make the blocking libvirt calls of one connection.

Not ``ThreadPoolExecutor``: its threads are joined at exit, and a call into a hung host would hold the
program open.  A call that its caller gave up on (time-out, cancel) keeps its thread, but its slot is
given to a new thread, so that hung guests do not eat all slots.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

Done = Callable[[Any, BaseException | None], None]
"""Called on the worker thread with the result or the exception."""


class Task:
    """One call in the queue or on a thread.  Only ``Workers`` touches its fields."""

    __slots__ = ("abandoned", "after", "background", "done", "over", "running", "work")

    def __init__(self, work: Callable[[], Any], done: Done, after: Callable[[], None] | None, background: bool) -> None:
        self.work = work
        self.done = done
        self.after = after
        self.background = background
        self.running = False
        self.over = False
        self.abandoned = False


class Workers:
    """At most ``size`` calls at once; background calls (polls) take at most half of the slots and go last.

    replaces: a call that is abandoned gives its slot away; else it keeps it until it is over.
    """

    def __init__(self, size: int, name: str, *, replaces: bool = True) -> None:
        self._size = size
        self._replaces = replaces
        self._name = name
        self._cond = threading.Condition()
        self._queue: deque[Task] = deque()
        self._later: deque[Task] = deque()
        self._threads = 0
        self._idle = 0
        self._in_background = 0
        self._running = 0
        self._closed = False
        self.abandoned = 0

    def submit(
        self, work: Callable[[], Any], done: Done, *, after: Callable[[], None] | None = None, background: bool = False
    ) -> Task:
        """Runs ``work`` on a thread, then ``done`` there, and ``after`` even if it was abandoned meanwhile.  Any thread."""
        task = Task(work, done, after, background)
        with self._cond:
            (self._later if background else self._queue).append(task)
            self._spawn_if_needed()
            self._cond.notify()
        return task

    def abandon(self, task: Task) -> None:
        """Forgets a task: its ``done`` is not called, and its thread no longer counts (``replaces``).  Any thread."""
        with self._cond:
            if task.over or task.abandoned:
                return
            task.abandoned = True
            if task.running and self._replaces:
                self._threads -= 1
                self.abandoned += 1
                self._in_background -= task.background
                self._spawn_if_needed()
            elif not task.running:
                with contextlib.suppress(ValueError):  # ``close`` has emptied the queues
                    (self._later if task.background else self._queue).remove(task)
                if task.after is not None:
                    task.after()

    def close(self) -> None:
        """Lets the threads end as soon as they are free; does not wait.  What is queued is dropped."""
        with self._cond:
            self._closed = True
            self._queue.clear()
            self._later.clear()
            self._cond.notify_all()

    def wait_idle(self) -> None:
        """Blocks until no call runs any more, also none that was abandoned; for after ``close``."""
        with self._cond:
            self._cond.wait_for(lambda: self._running == 0)

    def _spawn_if_needed(self) -> None:
        waiting = len(self._queue) + len(self._later)
        if not self._closed and waiting > self._idle and self._threads < self._size:
            self._threads += 1
            threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            result, error = self._do(task)
            goes_on = self._finish(task)
            if not task.abandoned:
                task.done(result, error)
            if task.after is not None:
                task.after()
            if not goes_on:
                return
            # Keep nothing alive while waiting for the next one.
            del task, result, error

    @staticmethod
    def _do(task: Task) -> tuple[Any, BaseException | None]:
        try:
            return task.work(), None
        except BaseException as error:  # noqa: BLE001 - handed to whoever awaits the call
            return None, error

    def _next(self) -> Task | None:
        with self._cond:
            while True:
                if self._closed:
                    self._threads -= 1
                    return None
                task = self._pick()
                if task is not None:
                    task.running = True
                    self._running += 1
                    self._in_background += task.background
                    return task
                self._idle += 1
                self._cond.wait()
                self._idle -= 1

    def _pick(self) -> Task | None:
        if self._queue:
            return self._queue.popleft()
        if self._later and self._in_background < max(1, self._size // 2):
            return self._later.popleft()
        return None

    def _finish(self, task: Task) -> bool:
        """Books the end of a task; False if its slot was given away, whose thread ends here."""
        with self._cond:
            task.over = True
            self._running -= 1
            if self._closed:
                self._cond.notify_all()
            if task.abandoned and self._replaces:
                self.abandoned -= 1
                return False
            self._in_background -= task.background
            if self._later:
                self._cond.notify()
            return True
