"""Gets a machine's text console connected and keeps it so: over reboots, restarts of its host's service, and lost links."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.console.text.console import ByteConsole
from app.errors import Disconnected, HostelryError, NotFound, TimedOut
from app.virt.text_stream import ConsoleTaken, TextStream
from ui.aio import spawn
from ui.console.wake import QtWake

RETRY_MS = (100, 200, 500, 1000, 2000, 5000)
"""Pauses between tries; the last one repeats."""

TAKEN_MS = 5000
"""While another program has the console: it may let go."""

PATIENCE = 4
"""After so many tries the reason is shown; trying goes on."""

PASSING = (Disconnected, TimedOut, NotFound)

Received = Callable[[bytes], None]
Ended = Callable[[HostelryError | None], None]
OpenStream = Callable[[bool, Received, Ended], Awaitable[TextStream]]
"""force, received, ended; see ``app.virt.text_stream.open_text``."""


class LineState(Enum):
    """TAKEN: another program has it.  FAILED: ``problem`` says why; it may be tried again all the same."""

    OFF = "off"
    CONNECTING = "connecting"
    OPEN = "open"
    TAKEN = "taken"
    FAILED = "failed"


class TextLine(QObject):
    """One console's connection.  ``want`` says whether there should be one.  changed: ``state`` or ``problem`` differ."""

    changed = Signal()

    def __init__(self, console: ByteConsole, open_stream: OpenStream, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._console, self._open_stream = console, open_stream
        self._wake = QtWake(self)
        self.state = LineState.OFF
        self.problem: HostelryError | None = None
        self._wanted = self._opening = self._force = False
        self._generation = self._tries = 0
        self._stream: TextStream | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._try)

    def want(self, wanted: bool) -> None:
        """True: connect and stay connected; False: disconnect and forget what went wrong."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._begin_anew()

    def reconnect(self, *, force: bool = False) -> None:
        """At once.  force: takes it from whoever has it."""
        self._begin_anew(force)

    def end(self) -> None:
        """For good."""
        self._wanted = False
        self._timer.stop()
        self._drop()

    def _begin_anew(self, force: bool = False) -> None:
        self._drop()
        self._tries, self.problem = 0, None
        self._set(LineState.CONNECTING if self._wanted else LineState.OFF)
        self._timer.stop()
        self._force = force  # for the next try: another one may be on its way just now
        self._try()

    def _try(self) -> None:
        if self._wanted and self._stream is None and not self._opening:
            self._opening = True
            force, self._force = self._force, False
            spawn(self._open(force), self, name="text console: connect")

    async def _open(self, force: bool) -> None:
        generation = self._generation
        try:
            stream = await self._open_stream(force, self._console.received, partial(self._ended_on_thread, generation))
        except HostelryError as error:
            if generation == self._generation:
                self._failed(error)
            return
        finally:
            self._opening = False
            if self._wanted and generation != self._generation:
                self._timer.start(0)
        if generation != self._generation or not self._wanted:
            stream.close()
            return
        self._stream = stream
        self._console.attach(stream)
        self._tries, self.problem = 0, None
        self._set(LineState.OPEN)

    def _ended_on_thread(self, generation: int, error: HostelryError | None) -> None:
        self._wake(lambda: self._ended(generation, error))

    def _ended(self, generation: int, error: HostelryError | None) -> None:
        """Perhaps the machine stops, its host's service goes, or another program takes the console: trying again tells."""
        if generation != self._generation:
            return
        self._drop()
        self._failed(error or Disconnected(""), quiet=True)

    def _failed(self, error: HostelryError, *, quiet: bool = False) -> None:
        self._tries += 1
        if isinstance(error, ConsoleTaken):
            self.problem = error
            self._set(LineState.TAKEN)
            self._timer.start(TAKEN_MS)
            return
        passing = quiet or isinstance(error, PASSING)
        self.problem = None if passing and self._tries < PATIENCE else error
        self._set(LineState.CONNECTING if self.problem is None else LineState.FAILED)
        if passing and self._wanted:
            self._timer.start(RETRY_MS[min(self._tries, len(RETRY_MS)) - 1])

    def _set(self, state: LineState) -> None:
        self.state = state
        self.changed.emit()

    def _drop(self) -> None:
        self._generation += 1
        stream, self._stream = self._stream, None
        self._console.attach(None)
        if stream is not None:
            stream.close()
