"""One long action: what it is, how far it is, how it ended."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
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


class Job:
    """Handed to the coroutine that does the work; everything on the event loop's thread.

    title: a sentence for the task panel ("Upload fedora.iso to host2").
    subject: what it works on, in words, for the log; ``host_id`` may be empty.
    fraction: 0..1, or None while unknown.  text: what it does now.
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
