"""What a SPICE connection has cost so far, as its library counts it."""

from __future__ import annotations

from typing import Any

from app.console.capabilities import Traffic
from app.console.protocols import Opening
from app.console.spice import glib
from app.console.spice.base import SpiceBase
from app.console.spice.glib import Kind


class TrafficPart(SpiceBase):
    """``capabilities.Measured``.  An update is one thing drawn; how long the library took to decode it is not known."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._updates = 0
        self.on_channel(Kind.DISPLAY, self._count)

    def traffic(self) -> Traffic:
        """Of all channels, sound and files included."""
        received = sum(int(channel.props.total_read_bytes) for channel in self.connection.channels)
        return Traffic(received, self._updates)

    def _count(self, channel: Any) -> None:
        end = glib.connect(channel, "display-invalidate", self._on_drawn)
        self.connection.ended.connect(lambda _error: end())

    def _on_drawn(self, _channel: Any, *_area: int) -> None:
        self._updates += 1
