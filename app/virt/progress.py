"""How long calls tell how far they are; ``app.jobs.job.Job`` fits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Progress(Protocol):
    """Handed to a function that takes long.

    report: fraction 0..1 or None while unknown.  abort: set by the function to what really stops the work.
    """

    abort: Callable[[], Awaitable[None]] | None

    def report(self, fraction: float | None = None, text: str | None = None) -> None:
        """Says how far it is; on the event loop's thread."""
