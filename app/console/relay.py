"""Hands news from a console's thread to the event loop: one wake-up for many, only the newest of each kind.

A server that sends ten thousand cursors a second therefore costs the event loop one call, not ten thousand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from app.console.client import Wake


class Relay:
    """``post`` may be called on any thread; the calls run on the loop in the order of their newest posting."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: dict[Any, tuple[Any, ...]] = {}

    def post(self, call: Callable[..., None], *args: Any) -> None:
        """Runs ``call(*args)`` soon; replaces an earlier call of the same function that has not run yet."""
        with self._lock:
            first = not self._waiting
            self._waiting.pop(call, None)
            self._waiting[call] = args
        if first:
            self._wake(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for call, args in waiting.items():
            call(*args)
