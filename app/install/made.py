"""What a job has made so far, so that it can be taken back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from app.errors import HostelryError, NotFound
from app.jobs.job import Job

T = TypeVar("T")

Undo = Callable[[], Awaitable[None]]

LATE_S = 30.0
"""So long a job that was stopped waits for what it had asked for last."""


async def to_its_end(work: Awaitable[T], note: Callable[[T], object]) -> T:
    """What ``work`` makes, told to ``note`` as well if the job is stopped meanwhile: a call that was made to a host, and a
    thread, go on when nobody waits for them any more, and what they make would be left behind unknown."""
    task = asyncio.ensure_future(work)
    try:
        made = await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=LATE_S)
        if task.done() and not task.cancelled() and task.exception() is None:
            note(task.result())
        task.cancel()
        raise
    note(made)
    return made


@dataclass(frozen=True, slots=True)
class Thing:
    """words: what it is.  uses: it is made of what was made before it."""

    words: str
    undo: Undo
    uses: bool = False


@dataclass(slots=True)
class Made:
    """What exists now and did not before; taken back in reverse order."""

    job: Job
    things: list[Thing] = field(default_factory=list)

    def add(self, words: str, undo: Undo, *, uses: bool = False) -> None:
        """Something exists from now on: in words, and how it goes away again.  uses: what was made before is in use by it."""
        self.things.append(Thing(words, undo, uses))
        self.job.left_behind.append(words)

    def forget(self, words: str) -> None:
        """It is gone already."""
        self.things = [thing for thing in self.things if thing.words != words]
        with contextlib.suppress(ValueError):
            self.job.left_behind.remove(words)

    def keep(self) -> None:
        """The machine is there: nothing is left over, everything is in use."""
        self.things.clear()
        self.job.left_behind.clear()

    async def take_back(self) -> None:
        """Removes what can be removed; what cannot stays named in the job, with what it uses."""
        while self.things:
            thing = self.things.pop()
            try:
                await thing.undo()
            except NotFound:
                pass
            except HostelryError:
                if thing.uses:
                    return
                continue
            if thing.words in self.job.left_behind:
                self.job.left_behind.remove(thing.words)
