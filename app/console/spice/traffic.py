"""What a SPICE connection has cost so far, as its library counts it."""

from __future__ import annotations

from app.console.capabilities import Traffic
from app.console.spice.base import SpiceBase


class TrafficPart(SpiceBase):
    """``capabilities.Measured``.  An update is one thing drawn; how long the library took to decode it is not known."""

    def traffic(self) -> Traffic:
        """Of all channels, sound and files included; told with each change of the picture."""
        return self.connection.pictures.traffic
