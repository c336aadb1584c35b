"""What a SPICE client is at least: one connection, its screens, keyboard and pointer.

Further parts of SPICE (clipboard, files, sound, USB) are subclasses in modules of their own, which ``client.SpiceClient`` joins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.console.client import ClientState, ConsoleClient, Credentials
from app.console.protocols import Opening
from app.console.spice import problems
from app.console.spice.cursor import cursor_of
from app.console.spice.inputs import Inputs
from app.console.spice.kinds import Mouse
from app.console.spice.monitors import Monitors
from app.console.spice.screen import SpiceScreen
from app.console.spice.session import SpiceConnection
from app.console.trust.guard import Vouched
from app.console.trust.question import TrustQuestion
from app.errors import HostelryError
from app.signal import Signal


class SpiceBase(SpiceScreen):
    """See ``ConsoleClient`` and ``capabilities.Monitors``.  Everything on the event loop's thread."""

    def __init__(self, opening: Opening) -> None:
        self.connection = SpiceConnection(opening)
        self.trust_asked: Signal[[TrustQuestion]] = Signal()
        inputs = Inputs(self.connection)
        super().__init__(0, inputs, Monitors(self.connection, inputs, self._heads_changed))
        self.monitors.screens[0] = self
        self._heard = [
            self.connection.ended.connect(self._on_ended),
            self.connection.trust_asked.connect(self.trust_asked.emit),
            self.connection.password_needed.connect(lambda: self.credentials_needed.emit(False, True)),
            inputs.leds_changed.connect(self._on_leds),
        ]
        self.connection.on("mouse", lambda mode: self.offer(absolute_pointer=mode == Mouse.CLIENT))
        self.connection.on("agent", self._on_agent)
        self.connection.on("cursor", self._on_cursor)

    def offer(self, **features: Any) -> None:
        """Says in ``features`` what there is now (``offer(clipboard=True)``), and tells the window."""
        for screen in list(self.monitors.screens.values()):
            screen.set_features(replace(screen.features, **features))

    # ConsoleClient.

    def start(self) -> None:
        """Connects the channels one after the other."""
        self.connection.begin()

    def close(self) -> None:
        """Ends for good."""
        self.connection.close()

    def answer(self, credentials: Credentials | None) -> None:
        """Answers ``credentials_needed``."""
        if credentials is None or credentials.password is None:
            self.connection.fail(problems.password_needed())
        else:
            self.connection.log_in_again(credentials.password)

    @property
    def vouched(self) -> Vouched:
        """See ``capabilities.Guarded``."""
        return self.connection.trust.guard.vouched

    def trust(self, yes: bool) -> None:
        """Answers ``trust_asked``."""
        self.connection.trust.answer(yes)

    def monitor(self, number: int) -> ConsoleClient:
        """See ``capabilities.Monitors``."""
        return self.monitors.get(number)

    # News.

    def _on_agent(self, present: bool, _can: list[int]) -> None:
        self.offer(resize_guest=present)
        self.monitors.agent_changed(present)

    def _heads_changed(self) -> None:
        self.offer(monitors=self.monitors.count)

    def _on_cursor(self, display: int, *shape: Any) -> None:
        cursor = cursor_of(*shape)
        for screen in self.monitors.screens.values():
            if screen.view is None or screen.view.display == display:
                screen.cursor_changed.emit(cursor)

    def _on_leds(self, leds: int) -> None:
        for screen in self.monitors.screens.values():
            screen.leds_changed.emit(leds)

    def _on_ended(self, error: HostelryError | None) -> None:
        self.inputs.end()
        self.monitors.end()
        for screen in list(self.monitors.screens.values()):
            screen.change_state(ClientState.CLOSED, error)
