"""The guest's SPICE agent: whether it is there, and what it can do.

Source: spice-protocol 0.14, spice/vd_agent.h.
"""

from __future__ import annotations

from app.console.protocols import Opening
from app.console.spice.base import SpiceBase
from app.console.spice.kinds import Capability
from app.signal import Signal


class Agent:
    """changed: it came, went, or told what it can do."""

    def __init__(self, client: SpiceBase) -> None:
        self.present = False
        self._can: set[int] = set()
        self.changed: Signal[[]] = Signal()
        client.connection.on("agent", self._on_told)
        client.connection.ended.connect(self._end)

    def can(self, capability: Capability) -> bool:
        """What it told that it can do; nothing before it has told."""
        return self.present and capability in self._can

    def _on_told(self, present: bool, can: list[int]) -> None:
        self.present, self._can = present, set(can)
        self.changed.emit()

    def _end(self, _error: object) -> None:
        self.present = False


class AgentPart(SpiceBase):
    """A client that knows the agent."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.agent = Agent(self)
