"""What a job has made so far, so that it can be taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.errors import HostelryError
from app.jobs.job import Job

Undo = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Made:
    """What exists now and did not before; taken back in reverse order."""

    job: Job
    things: list[tuple[str, Undo]] = field(default_factory=list)

    def add(self, words: str, undo: Undo) -> None:
        """Something exists from now on: in words, and how it goes away again."""
        self.things.append((words, undo))
        self.job.left_behind.append(words)

    def forget(self, words: str) -> None:
        """It is gone already."""
        self.things = [thing for thing in self.things if thing[0] != words]
        with contextlib.suppress(ValueError):
            self.job.left_behind.remove(words)

    def keep(self) -> None:
        """The machine is there: nothing is left over, everything is in use."""
        self.things.clear()
        self.job.left_behind.clear()

    async def take_back(self) -> None:
        """Removes what can be removed; what cannot stays named in the job."""
        while self.things:
            words, undo = self.things.pop()
            try:
                await undo()
            except HostelryError:
                continue
            if words in self.job.left_behind:
                self.job.left_behind.remove(words)
