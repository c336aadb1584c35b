"""The guest's SPICE agent: whether it is there, and what it can do.

Source: spice-protocol 0.14, spice/vd_agent.h.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from app.console.protocols import Opening
from app.console.spice import glib
from app.console.spice.base import SpiceBase
from app.console.spice.glib import Kind
from app.signal import Signal


class Capability(IntEnum):
    """VD_AGENT_CAP."""

    CLIPBOARD_BY_DEMAND = 5
    CLIPBOARD_SELECTION = 6
    GUEST_LINEEND_CRLF = 9
    FILE_XFER_DISABLED = 13


class Agent:
    """``main`` is the library's channel, None before it is there.  changed: it came, went, or told what it can do."""

    def __init__(self, client: SpiceBase) -> None:
        self.main: Any = None
        self.changed: Signal[[]] = Signal()
        self._ends: list[Callable[[], None]] = []
        client.on_channel(Kind.MAIN, self._use)
        client.connection.ended.connect(lambda _error: self._end())

    @property
    def present(self) -> bool:
        """Whether a program in the guest answers."""
        return self.main is not None and bool(self.main.props.agent_connected)

    def can(self, capability: Capability) -> bool:
        """What it told that it can do; nothing before it has told."""
        return self.present and bool(self.main.agent_test_capability(int(capability)))

    def listen(self, signal: str, handler: Callable[..., Any]) -> None:
        """Calls ``handler(main, ...)`` at a signal of the main channel, until the connection ends."""
        self._ends.append(glib.connect(self.main, signal, handler))

    def _use(self, main: Any) -> None:
        self._end()
        self.main = main
        self.listen("main-agent-update", lambda _main: self.changed.emit())
        self.listen("notify::agent-connected", lambda _main, _property: self.changed.emit())
        self.changed.emit()

    def _end(self) -> None:
        for end in self._ends:
            end()
        self._ends.clear()
        self.main = None


class AgentPart(SpiceBase):
    """A client that knows the agent."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.agent = Agent(self)
