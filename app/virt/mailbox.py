"""From libvirt's threads to the event loop, also before there is one."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable


class Mailbox:
    """Keeps what threads post until ``bind`` names the loop; then hands it over."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._known = threading.Event()
        self._lock = threading.Lock()
        self._posted: list[Callable[[], None]] = []

    def bind(self) -> None:
        """Makes the running loop the one that everything is delivered to.  On the loop's thread."""
        if self.loop is not None:
            return
        with self._lock:
            self.loop = asyncio.get_running_loop()
            posted, self._posted = self._posted, []
            for work in posted:
                self.loop.call_soon(work)
        self._known.set()

    def post(self, work: Callable[[], None]) -> None:
        """Runs ``work`` on the loop, later.  Any thread."""
        with self._lock:
            if self.loop is None:
                self._posted.append(work)
            elif not self.loop.is_closed():
                with contextlib.suppress(RuntimeError):  # closed meanwhile: the program ends
                    self.loop.call_soon_threadsafe(work)

    def wait_for_loop(self) -> asyncio.AbstractEventLoop:
        """Blocks a foreign thread until the loop is known."""
        self._known.wait()
        assert self.loop is not None  # noqa: S101 - set before the event
        return self.loop
