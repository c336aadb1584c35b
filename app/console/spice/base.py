"""What a SPICE client is at least: one connection, its screens, keyboard and pointer.

Further parts of SPICE (clipboard, files, sound, USB) are subclasses in modules of their own, which ``client.SpiceClient`` joins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.console.client import ClientState, ConsoleClient, Credentials, Cursor
from app.console.protocols import Opening
from app.console.spice import glib, problems
from app.console.spice.cursor import CursorChannel
from app.console.spice.glib import Kind
from app.console.spice.inputs import Inputs
from app.console.spice.monitors import Monitors
from app.console.spice.screen import SpiceScreen
from app.console.spice.session import ChannelCallback, SpiceConnection
from app.console.trust.guard import Vouched
from app.console.trust.question import TrustQuestion
from app.errors import HostelryError
from app.signal import Signal

CLIENT_MOUSE = 2
"""SPICE_MOUSE_MODE_CLIENT: absolute positions."""


class SpiceBase(SpiceScreen):
    """See ``ConsoleClient`` and ``capabilities.Monitors``.  Everything on the event loop's thread."""

    def __init__(self, opening: Opening) -> None:
        self.connection = SpiceConnection(opening)
        self.trust_asked: Signal[[TrustQuestion]] = Signal()
        inputs = Inputs()
        super().__init__(
            0, inputs, Monitors(inputs, self.connection.has_picture, self.connection.fail, self._heads_changed)
        )
        self.monitors.screens[0] = self
        self._cursors: list[CursorChannel] = []
        self._ends: list[Callable[[], None]] = []
        self._heard = [
            self.connection.ended.connect(self._on_ended),
            self.connection.trust_asked.connect(self.trust_asked.emit),
            self.connection.password_needed.connect(lambda: self.credentials_needed.emit(False, True)),
            inputs.leds_changed.connect(self._on_leds),
        ]
        self.on_channel(Kind.MAIN, self._use_main)
        self.on_channel(Kind.DISPLAY, self.monitors.add_display)
        self.on_channel(Kind.INPUTS, inputs.use)
        self.on_channel(Kind.CURSOR, lambda channel: self._cursors.append(CursorChannel(channel, self._on_cursor)))

    # For the other parts of SPICE.

    @property
    def session(self) -> Any:
        """The library's ``SpiceSession``."""
        return self.connection.session

    def on_channel(self, kind: Kind, callback: ChannelCallback) -> None:
        """Calls back with each channel of this kind, those that are there included; it is not connected yet."""
        self.connection.on_channel(kind, callback)

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

    def _use_main(self, channel: Any) -> None:
        self._ends += [
            glib.connect(channel, "main-mouse-update", self._on_mouse),
            glib.connect(channel, "main-agent-update", self._on_agent),
            glib.connect(channel, "notify::agent-connected", lambda main, _property: self._on_agent(main)),
        ]
        self.monitors.use_main(channel)

    def _on_mouse(self, main: Any) -> None:
        self.offer(absolute_pointer=main.props.mouse_mode == CLIENT_MOUSE)

    def _on_agent(self, main: Any) -> None:
        self.offer(resize_guest=bool(main.props.agent_connected))
        self.monitors.agent_changed()

    def _heads_changed(self) -> None:
        self.offer(monitors=self.monitors.count)

    def _on_cursor(self, display: int, cursor: Cursor) -> None:
        for screen in self.monitors.screens.values():
            if screen.display is None or screen.display.number == display:
                screen.cursor_changed.emit(cursor)

    def _on_leds(self, leds: int) -> None:
        for screen in self.monitors.screens.values():
            screen.leds_changed.emit(leds)

    def _on_ended(self, error: HostelryError | None) -> None:
        for end in (*self._ends, *(cursor.end for cursor in self._cursors)):
            end()
        self.inputs.end()
        self.monitors.end()
        for screen in list(self.monitors.screens.values()):
            screen.change_state(ClientState.CLOSED, error)
