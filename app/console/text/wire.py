"""What a text console needs of the line to the guest."""

from __future__ import annotations

from typing import Protocol


class Wire(Protocol):
    """An open line.  All methods return at once and may be called on any thread.

    What comes in is brought to ``ByteConsole.received``; ``hold`` asks that nothing more comes for now.
    """

    def write(self, data: bytes) -> None:
        """Bytes for the guest, in order."""

    def hold(self, held: bool) -> None:
        """True: stop reading, until False."""

    def close(self) -> None:
        """Ends it."""
