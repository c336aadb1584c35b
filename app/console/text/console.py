"""A text console: a thread of its own turns the guest's bytes into a screen, and keeps what has left it.

What a flood (``yes``) must not do: fill the memory (the line is held while 64 KiB wait), keep the window
from answering (it gets whole frames, at most one in 16 ms, and only when it has taken the last), or hold up keys (they go
to the line directly).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable

from app.console.client import Wake
from app.console.text.cells import EMPTY, Line
from app.console.text.emulator import Emulator
from app.console.text.frame import Frame
from app.console.text.log import TextLog
from app.console.text.scrollback import KEPT, Scrollback
from app.console.text.wire import Wire
from app.errors import HostelryError
from app.signal import Signal

HIGH, LOW = 64 * 1024, 16 * 1024
"""Bytes that wait: from HIGH on the line is held, until there are less than LOW."""

BATCH = 16 * 1024
YIELD_S = 0.002
FRAME_S = 0.016
MOST_ROWS, MOST_COLS = 500, 1000
MOST_ANSWERS = 4096
"""Bytes that a terminal answers to one batch; a guest that asks without end gets no more."""

CLEAR = b"\x1b[H\x1b[2J"

_Command = Callable[[Emulator], None]


class ByteConsole:
    """Lives over many connections.  Signals are on the thread of ``wake``; methods may be called there, or where they say so.

    changed: another ``frame``, or only the scrollback grew.  bell: the guest rang it.  log_failed: the log cannot be written.
    """

    def __init__(self, wake: Wake, *, rows: int = 24, cols: int = 80, kept: int = KEPT) -> None:
        self.changed: Signal[[]] = Signal()
        self.bell: Signal[[]] = Signal()
        self.log_failed: Signal[[HostelryError]] = Signal()
        self._wake_loop = wake
        self.scrollback = Scrollback(kept)
        self.frame = Frame((EMPTY,) * rows, cols)
        self._size = (rows, cols)
        self._wire: Wire | None = None
        self._lock = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._commands: deque[_Command] = deque()
        self._held = self._closed = self._announced = False
        self._pushed: list[Line] = []
        self._answers = 0
        self._rows: list[Line] = []
        self._log: TextLog | None = None
        self._thread = threading.Thread(target=self._run, name="text console", daemon=True)
        self._thread.start()

    # The line.

    def attach(self, wire: Wire | None) -> None:
        """The line that is used from now on; None: there is none."""
        with self._lock:
            self._wire, self._held = wire, False

    def received(self, data: bytes) -> None:
        """Bytes of the guest; any thread."""
        with self._lock:
            if self._closed:
                return
            self._waiting.append(data)
            self._bytes += len(data)
            hold = self._bytes >= HIGH and not self._held
            self._held = self._held or hold
            self._lock.notify()
            if hold and self._wire is not None:
                self._wire.hold(True)  # within the lock, so that it cannot come after what takes it back

    def send(self, data: bytes) -> None:
        """Keys and text for the guest, at once; without a line they are lost.  Any thread."""
        wire = self._wire
        if wire is not None and data:
            wire.write(data)

    # What the user does.

    def resize(self, rows: int, cols: int) -> None:
        """The size in cells; kept within bounds."""
        size = (min(max(rows, 1), MOST_ROWS), min(max(cols, 2), MOST_COLS))
        if size != self._size:
            self._size = size
            self._command(lambda emulator: self._resize(emulator, *size))

    def clear(self) -> None:
        """Empties screen and scrollback; the guest knows nothing of it."""
        self._command(self._clear)

    def reset(self) -> None:
        """Forgets modes, colours and character sets that a program left behind."""
        self._command(Emulator.reset)

    def begin_anew(self, text: str) -> None:
        """The machine was started anew: what it showed before stays above a line of our own, which is not logged."""
        shown = "".join(char for char in text if char.isprintable())
        data = f"\x1b\\\x1b[?1049l\x1b[!p\x1b[999;1H\r\n\x1b[2m{shown}\x1b[0m\r\n".encode()
        self._command(lambda emulator: emulator.feed(data))

    def use_log(self, log: TextLog | None) -> None:
        """Everything that comes is written there from now on, by the console's thread; None: no more."""
        self._command(lambda _emulator: self._change_log(log))

    def close(self) -> None:
        """For good; does not wait.  The line is not closed."""
        with self._lock:
            self._closed = True
            self._wire = None
            self._waiting.clear()
            self._lock.notify()

    def join(self, timeout_s: float) -> bool:
        """Waits for the thread to end, after ``close``; for tests."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def take(self) -> Frame:
        """The newest frame, for whoever paints; another is announced when it has changed since."""
        with self._lock:
            self._announced = False
            return self.frame

    def line(self, number: int) -> Line:
        """A line of scrollback or screen by its number."""
        frame = self.frame
        if number >= frame.top:
            return frame.rows[number - frame.top] if number - frame.top < len(frame.rows) else EMPTY
        return self.scrollback.line(number)

    # The thread.

    def _command(self, command: _Command) -> None:
        with self._lock:
            self._commands.append(command)
            self._lock.notify()

    def _run(self) -> None:
        emulator = Emulator(*self._size, self._answer, self._pushed.append)
        due_s = 0.0
        try:
            while self._turn(emulator):
                now_s = time.monotonic()
                if now_s >= due_s or not self._bytes:
                    self._publish(emulator)
                    due_s = now_s + FRAME_S
        finally:
            self._change_log(None)

    def _turn(self, emulator: Emulator) -> bool:
        """Does what waits, some of it; False at the end."""
        data, commands = self._next()
        if self._closed:
            return False
        for command in commands:
            command(emulator)
        self._answers = 0
        if data:
            if self._log is not None:
                self._write_log(data)
            emulator.feed(data)
        if self._pushed:
            self.scrollback.push(self._pushed)
            self._pushed.clear()
        return True

    def _next(self) -> tuple[bytes, list[_Command]]:
        """Waits for work; in a flood a little for the window, as both need Python's one lock."""
        with self._lock:
            if self._announced and self._waiting:
                self._lock.wait_for(lambda: self._closed or self._commands, YIELD_S)
            self._lock.wait_for(lambda: self._waiting or self._commands or self._closed)
            data = self._take_batch()
            commands = list(self._commands)
            self._commands.clear()
            resume = self._held and self._bytes < LOW
            self._held = self._held and not resume
            if resume and self._wire is not None:
                self._wire.hold(False)
        return data, commands

    def _take_batch(self) -> bytes:
        parts, size = [], 0
        while self._waiting and size < BATCH:
            part = self._waiting.popleft()
            if len(part) > BATCH:
                self._waiting.appendleft(part[BATCH:])
                part = part[:BATCH]
            parts.append(part)
            size += len(part)
        self._bytes -= size
        return b"".join(parts)

    def _publish(self, emulator: Emulator) -> None:
        dirty = emulator.take_damage()
        if len(self._rows) != emulator.rows:
            self._rows = [EMPTY] * emulator.rows
            dirty = set(range(emulator.rows))
        for row in dirty:
            line = emulator.line(row)
            if line != self._rows[row]:
                self._rows[row] = line
        frame = Frame(
            tuple(self._rows), emulator.cols, emulator.cursor(), emulator.modes, emulator.title, self.scrollback.end
        )  # fmt: skip
        bells, emulator.bells = emulator.bells, 0
        with self._lock:
            announce = not self._announced and frame != self.frame
            self._announced = self._announced or announce
            self.frame = frame
        if announce:
            self._wake_loop(self.changed.emit)
        if bells:
            self._wake_loop(self.bell.emit)

    def _answer(self, data: bytes) -> None:
        self._answers += len(data)
        if self._answers <= MOST_ANSWERS:
            self.send(data)

    def _clear(self, emulator: Emulator) -> None:
        emulator.feed(CLEAR)
        self._pushed.clear()
        self.scrollback.clear()

    def _resize(self, emulator: Emulator, rows: int, cols: int) -> None:
        emulator.resize(rows, cols)

    def _change_log(self, log: TextLog | None) -> None:
        old, self._log = self._log, log
        if old is not None:
            with contextlib.suppress(HostelryError):
                old.close()
        if log is not None:
            self._with_log(log.open)

    def _write_log(self, data: bytes) -> None:
        log = self._log
        if log is not None:
            self._with_log(lambda: log.write(data))

    def _with_log(self, work: Callable[[], None]) -> None:
        try:
            work()
        except HostelryError as error:
            self._log, failed = None, error
            self._wake_loop(lambda: self.log_failed.emit(failed))
