"""A zlib stream that lasts for a connection and never gives more than was asked for."""

from __future__ import annotations

import zlib

from app.console.vnc import problems


class Inflater:
    """One direction of one zlib stream; ``take`` is bounded, so that a bomb ends as garbage."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()

    def reset(self) -> None:
        """Starts a new stream."""
        self._stream = zlib.decompressobj()

    def take(self, data: bytes | bytearray, limit: int, *, exact: bool = True) -> bytes:
        """Inflates all of ``data``; more than ``limit`` bytes (or, if ``exact``, fewer) raise Invalid."""
        try:
            out = self._stream.decompress(data, limit + 1)
        except zlib.error as error:
            raise problems.garbage(f"zlib: {error}") from error
        if len(out) > limit or self._stream.unconsumed_tail:
            raise problems.garbage(f"zlib: more than {limit} bytes")
        if exact and len(out) != limit:
            raise problems.garbage(f"zlib: {len(out)} bytes instead of {limit}")
        return out
