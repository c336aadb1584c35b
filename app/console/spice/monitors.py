"""The screens of one machine: which display channel and head each shows, and what the guest is asked for them.

A screen's number is SPICE's display id: the head on the first channel, else the channel's number (as spice-gtk's widget has it).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.console.spice.inputs import Inputs
from app.console.spice.pictures import MAX_MONITORS, Place, View
from app.console.spice.screen import SpiceScreen
from app.console.spice.session import SpiceConnection

MIN_SIDE, MAX_SIDE = 64, 16384

REST_S = 5.0
"""So long a hidden screen is still kept up to date: tabs are often left for a moment only."""


class Monitors:
    """``screens`` by number; the first is the client itself.  changed: there are more or fewer."""

    def __init__(self, connection: SpiceConnection, inputs: Inputs, changed: Callable[[], None]) -> None:
        self._inputs, self._connection, self._changed = inputs, connection, changed
        self.screens: dict[int, SpiceScreen] = {}
        self._heads: dict[int, int] = {}
        self._agent = False
        self._wishes: dict[int, tuple[int, int]] = {}
        self._unseen: set[int] = set()
        self._rests: set[int] = set()
        self._resting: asyncio.TimerHandle | None = None
        self._over = False
        connection.on("heads", self._on_heads)
        self._heard = [connection.view_changed.connect(self._on_view), connection.damaged.connect(self._on_damage)]

    @property
    def count(self) -> int:
        """How many screens the machine can have."""
        return min(max(len(self._heads), self._heads.get(0, 1) if len(self._heads) < 2 else 1), MAX_MONITORS)

    def get(self, number: int) -> SpiceScreen:
        """The screen of this number, made when first asked for."""
        if number not in self.screens:
            self.screens[number] = SpiceScreen(number, self._inputs, self)
            self.screens[number].set_features(self.screens[0].features)
        return self.screens[number]

    # News of pictures.

    def _on_heads(self, display: int, heads: int) -> None:
        if 0 <= display < MAX_MONITORS:
            self._heads[display] = heads
            self._changed()

    def _on_view(self, view: View) -> None:
        screen = self._screen((view.display, view.head))
        screen.view = view
        screen.take_framebuffer(view.framebuffer)

    def _on_damage(self, place: Place) -> None:
        if not self._over:
            self._screen(place).show_damage()

    def _screen(self, place: Place) -> SpiceScreen:
        display, head = place
        return self.get(head if display == 0 else display)

    # From screens.

    def has_picture(self) -> None:
        """The connection works."""
        self._connection.has_picture()

    def watch(self, number: int, watched: bool) -> None:
        """SPICE's server sends whether somebody looks or not: a channel whose screens nobody sees is closed after a while."""
        (self._unseen.discard if watched else self._unseen.add)(number)
        if watched:
            self._wake_up()
        elif self._resting is None and not self._over:
            self._resting = asyncio.get_running_loop().call_later(REST_S, self._rest)

    def _seen(self, display: int) -> bool:
        shown = [number for number, screen in self.screens.items() if screen.view is not None and screen.view.display == display]
        return any(number not in self._unseen for number in shown)

    def _rest(self) -> None:
        self._resting = None
        for display in self._heads:
            if display not in self._rests and not self._seen(display):
                self._rests.add(display)
                self._connection.tell("rest", display, True)

    def _wake_up(self) -> None:
        for display in list(self._rests):
            if self._seen(display):
                self._rests.discard(display)
                self._connection.tell("rest", display, False)

    # What guests are asked for.

    def resize(self, number: int, width: int, height: int) -> None:
        """Asks for a size, at once or when the agent comes."""
        if MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE:
            self._wishes[number] = (width & ~1, height)
            self._ask()

    def switch_off(self, number: int) -> None:
        """Nobody looks at it any more."""
        self._wishes.pop(number, None)
        if number and self._agent:
            self._connection.tell("monitor_off", number)

    def agent_changed(self, present: bool) -> None:
        """Tells an agent what was asked for before it came."""
        self._agent = present
        self._ask()

    def _ask(self) -> None:
        if self._agent:
            for number, (width, height) in self._wishes.items():
                self._connection.tell("monitor_size", number, width, height)
            self._wishes = {}

    def end(self) -> None:
        """For good."""
        self._over, self._agent = True, False
        if self._resting is not None:
            self._resting.cancel()
        self._heads = {}
