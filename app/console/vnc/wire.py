"""Reads exact amounts from a stream; every amount is checked against a bound before memory is taken.

The source is any function like ``socket.recv_into``: a socket in the program, recorded bytes in tests
and benchmarks.  All methods run on the console's thread and block until the bytes are there.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable
from time import perf_counter

from app.console.vnc import problems
from app.errors import TimedOut

Receive = Callable[[memoryview], int]
"""Fills the start of a buffer and gives the number of bytes, 0 at the end of the stream."""

CHUNK = 256 * 1024


class Wire:
    """A buffered reader; large amounts go past the buffer straight into the caller's memory."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        buffer = bytearray(CHUNK)
        self._view = memoryview(buffer)
        self._memory = (ctypes.c_char * CHUNK).from_buffer(buffer)
        self._address = ctypes.addressof(self._memory)
        self._start = 0
        self._end = 0
        self.received = 0
        """Bytes, so far."""
        self.waited_s = 0.0
        """Spent in waiting for them."""

    def switch(self, receive: Receive) -> bytes:
        """Reads from another source from now on (encryption begins); gives what the old one had brought unread."""
        self._receive = receive
        unread, self._start, self._end = bytes(self._view[self._start : self._end]), 0, 0
        return unread

    def exactly(self, count: int, limit: int = CHUNK) -> bytes | bytearray:
        """``count`` bytes; more than ``limit`` is taken as a lie of the server (Invalid)."""
        if count > limit:
            raise problems.garbage(f"{count} bytes announced where at most {limit} are allowed")
        if self._end - self._start >= count:
            start, self._start = self._start, self._start + count
            return bytes(self._view[start : self._start])
        data = bytearray(count)
        self.into(memoryview(data))
        return data

    def into(self, target: memoryview) -> None:
        """Fills ``target``."""
        done = self._take_buffered(target)
        size = len(target)
        while size - done >= CHUNK:
            done += self._more(target[done:])
        while done < size:
            self._refill()
            done += self._take_buffered(target[done:])

    def skip(self, count: int, limit: int) -> None:
        """Reads and forgets."""
        if count > limit:
            raise problems.garbage(f"{count} bytes announced where at most {limit} are allowed")
        while count:
            if self._start == self._end:
                self._refill()
            step = min(count, self._end - self._start)
            self._start += step
            count -= step

    def first(self) -> int:
        """The first byte of a message, however long it takes to come; within one, silence ends in TimedOut."""
        while self._start == self._end:
            with contextlib.suppress(TimedOut):
                self._refill()
        return self.u8()

    def u8(self) -> int:
        """One byte."""
        if self._start == self._end:
            self._refill()
        self._start += 1
        return self._view[self._start - 1]

    def u16(self) -> int:
        """Two bytes, big-endian."""
        return int.from_bytes(self.exactly(2), "big")

    def u32(self) -> int:
        """Four bytes, big-endian."""
        return int.from_bytes(self.exactly(4), "big")

    @property
    def address(self) -> int:
        """Where in memory the bytes begin that were received and not yet read."""
        return self._address + self._start

    @property
    def waiting(self) -> int:
        """How many they are."""
        return self._end - self._start

    def peek(self, start: int, count: int) -> bytes:
        """Some of them; fewer where they end."""
        return bytes(self._view[self._start + start : min(self._start + start + count, self._end)])

    def take(self, count: int) -> None:
        """The first ``count`` of them have been read by their address."""
        self._start += min(count, self._end - self._start)

    def more(self) -> None:
        """Receives behind them, at least one byte; they may move."""
        if self._start == self._end:
            self._refill()
            return
        left = self._end - self._start
        if left == CHUNK:
            raise problems.garbage(f"{CHUNK} bytes do not make a whole")
        self._view[:left] = bytes(self._view[self._start : self._end])
        self._start, self._end = 0, left
        self._end += self._more(self._view[left:])

    def _take_buffered(self, target: memoryview) -> int:
        count = min(len(target), self._end - self._start)
        target[:count] = self._view[self._start : self._start + count]
        self._start += count
        return count

    def _refill(self) -> None:
        self._start, self._end = 0, self._more(self._view)

    def _more(self, target: memoryview) -> int:
        began_s = perf_counter()
        try:
            count = self._receive(target)
        except (TimeoutError, BlockingIOError) as error:
            raise problems.silent() from error
        except OSError as error:
            raise problems.broken(error) from error
        if not count:
            raise problems.closed()
        self.waited_s += perf_counter() - began_s
        self.received += count
        return count
