"""The screens of one machine: which display channel and head each shows, and what the guest is asked for them.

A screen's number is SPICE's display id: the head on the first channel, else the channel's number (as spice-gtk's widget has it).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from app.console.spice.display import Display
from app.console.spice.inputs import Inputs
from app.console.spice.screen import SpiceScreen
from app.console.spice.surface import MAX_MONITORS
from app.errors import HostelryError

MIN_SIDE, MAX_SIDE = 64, 16384

REST_S = 5.0
"""So long a hidden screen is still kept up to date: tabs are often left for a moment only."""


class Monitors:
    """``screens`` by number; the first is the client itself."""

    def __init__(self, inputs: Inputs, picture: Callable[[], None], fail: Callable[[HostelryError], None],
                 changed: Callable[[], None]) -> None:  # fmt: skip
        self._inputs, self._picture, self._changed = inputs, picture, changed
        self.fail = fail
        self.screens: dict[int, SpiceScreen] = {}
        self.displays: list[Display] = []
        self._wishes: dict[int, tuple[int, int]] = {}
        self._main: Any = None
        self._unseen: set[int] = set()
        self._resting: asyncio.TimerHandle | None = None
        self._over = False

    @property
    def count(self) -> int:
        """How many screens the machine can have."""
        if len(self.displays) > 1:
            return min(len(self.displays), MAX_MONITORS)
        return min(self.displays[0].heads, MAX_MONITORS) if self.displays else 1

    def get(self, number: int) -> SpiceScreen:
        """The screen of this number, made when first asked for."""
        if number not in self.screens:
            self.screens[number] = SpiceScreen(number, self._inputs, self)
            self.screens[number].set_features(self.screens[0].features)
        return self.screens[number]

    def add_display(self, channel: Any) -> None:
        """A display channel of the connection."""
        self.displays.append(Display(channel, self))
        self._changed()

    def use_main(self, main: Any) -> None:
        """The channel of the agent, through which guests are asked for sizes."""
        self._main = main
        self.agent_changed()

    # See ``display.Owner``.

    def screen(self, display: Display, monitor: int) -> SpiceScreen:
        """Takes note where the screen's picture comes from."""
        screen = self.get(monitor if display.number == 0 else display.number)
        screen.display, screen.head = display, monitor
        return screen

    def heads_changed(self) -> None:
        """The window may offer more screens."""
        self._changed()

    # From screens.

    def has_picture(self) -> None:
        """The connection works."""
        self._picture()

    def watch(self, number: int, watched: bool) -> None:
        """SPICE's server sends whether somebody looks or not: a channel whose screens nobody sees is closed after a while."""
        (self._unseen.discard if watched else self._unseen.add)(number)
        if watched:
            self._wake_up()
        elif self._resting is None and not self._over:
            self._resting = asyncio.get_running_loop().call_later(REST_S, self._rest)

    def _seen(self, display: Display) -> bool:
        return any(screen.display is display and number not in self._unseen for number, screen in self.screens.items())

    def _rest(self) -> None:
        self._resting = None
        for display in self.displays:
            if not self._seen(display):
                display.rest()

    def _wake_up(self) -> None:
        for display in self.displays:
            if self._seen(display):
                display.wake_up()

    def resize(self, number: int, width: int, height: int) -> None:
        """Asks for a size, at once or when the agent comes."""
        if MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE:
            self._wishes[number] = (width & ~1, height)
            self.agent_changed()

    def switch_off(self, number: int) -> None:
        """Nobody looks at it any more."""
        self._wishes.pop(number, None)
        if number and self._main is not None and self._main.props.agent_connected:
            self._main.update_display_enabled(number, False, True)

    def agent_changed(self) -> None:
        """Tells an agent what was asked for before it came."""
        if self._main is None or not self._main.props.agent_connected:
            return
        for number, (width, height) in self._wishes.items():
            self._main.update_display_enabled(number, True, False)
            self._main.update_display(number, 0, 0, width, height, True)
        self._wishes = {}

    def end(self) -> None:
        """Lets go of the library's memory."""
        self._over = True
        if self._resting is not None:
            self._resting.cancel()
        displays, self.displays = self.displays, []
        for display in displays:
            display.end()
        self._main = None
