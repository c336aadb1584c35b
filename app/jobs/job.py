"""One long action: what it is, how far it is, how it ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from app.errors import HostelryError
from app.signal import Signal

Abort = Callable[[], Awaitable[None]]
"""Stops the work itself (``abortJob``, stream abort, killing a child); cancelling a coroutine does not."""


class JobState(Enum):
    """Where a job is in its life."""

    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(slots=True)
class JobRow:
    """One object's part of a job that works on many ("Shut down 7 machines").

    subject: the object's name.  text: what it does now, or how it ended, as a sentence.
    """

    subject: str
    state: JobState = JobState.RUNNING
    text: str = ""
    error: HostelryError | None = None


class Job:
    """Handed to the coroutine that does the work; everything on the event loop's thread.

    title: a sentence for the task panel ("Upload fedora.iso to host2").
    subject: what it works on, in words, for the log; ``host_id`` may be empty.
    fraction: 0..1, or None while unknown.  text: what it does now.
    abort: set it while the work can be stopped by more than cancelling the coroutine.
    left_behind: what exists now and did not before (a half-written file), in words; the work adds to it
    as it goes and removes what it has cleaned up or finished.  Shown when the job ends early.
    rows: the parts of a job on many objects; empty for one object.
    """

    def __init__(self, title: str, *, subject: str = "", host_id: str = "") -> None:
        self.title = title
        self.subject = subject
        self.host_id = host_id
        self.state = JobState.RUNNING
        self.fraction: float | None = None
        self.text = ""
        self.result = ""
        self.error: HostelryError | None = None
        self.started_wall_s = time.time()
        self.ended_wall_s: float | None = None
        self.changed: Signal[[Job]] = Signal()
        self.abort: Abort | None = None
        self.why_not_cancellable = ""
        self.left_behind: list[str] = []
        self.rows: list[JobRow] = []
        self._over = asyncio.Event()

    @property
    def over(self) -> bool:
        """True once it has ended, in whatever way."""
        return self.state.over

    @property
    def cancellable(self) -> bool:
        """False once over or while the reason in ``why_not_cancellable`` holds."""
        return self.state is JobState.RUNNING and not self.why_not_cancellable

    def report(self, fraction: float | None = None, text: str | None = None) -> None:
        """Says how far it is; ``None`` leaves the text, and makes the fraction unknown."""
        self.fraction = None if fraction is None else min(1.0, max(0.0, fraction))
        if text is not None:
            self.text = text
        self.changed.emit(self)

    def end(self, state: JobState, *, result: str = "", error: HostelryError | None = None) -> None:
        """Called once by the runner: how it ended, in words or as an error; wakes those who wait."""
        self.state, self.result, self.error = state, result, error
        self.ended_wall_s = time.time()
        self.abort = None
        if state is JobState.DONE:
            self.fraction = 1.0
        self._over.set()
        self.changed.emit(self)

    async def wait(self) -> JobState:
        """How it ended; never raises what the work raised (that is in ``error``)."""
        await self._over.wait()
        return self.state
