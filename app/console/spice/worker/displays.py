"""The display channels: each follows its surface and its monitors, and tells what has changed, some times a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.console.framebuffer import Rect, size_is_sane
from app.console.spice.kinds import Event, Kind
from app.console.spice.worker import glib
from app.console.spice.worker.shared import Shared
from app.console.spice.worker.strips import Strips
from app.console.spice.worker.surface import (
    FORMATS,
    RGB555,
    RGB565,
    Copy,
    Monitor,
    Surface,
    View,
    Window,
    fits,
    monitors_of,
    share,
)

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection

FRAME_S = 1 / 60
"""No screen shows more; what a guest paints in pieces meanwhile is told as one.  A busy machine gets down to half of them."""

PUNCTUAL_S = 0.0015
"""Timers count milliseconds.  One that comes later waited for the processor, or for the library."""

SOONEST_S = 0.008
"""The first change after a pause is told when the library has nothing else to do, or after this long."""


class Clock:
    """Calls ``tick`` soon after ``wanted``, and not oftener than a screen shows pictures.

    Frames cost the same however little has been painted: while there is too little of the processor, there are fewer.
    """

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._last = self._due = 0.0
        self._late = 0.0
        self._number = 0
        self._waiting = False

    def wanted(self) -> None:
        """Something has changed."""
        if self._waiting:
            return
        self._waiting = True
        self._number += 1
        now, number = time.monotonic(), self._number
        self._due = self._last + FRAME_S + min(FRAME_S, 4 * max(0.0, self._late - PUNCTUAL_S))
        wait_s = self._due - now
        if wait_s > 0:
            glib.later(wait_s, lambda: self._fire(number))
            return
        self._due = now + SOONEST_S
        # Signals of the library are idle calls: one that is below them comes when it has said all.
        glib.glib().idle_add(lambda _data=None: self._fire(number), priority=glib.glib().PRIORITY_LOW)
        glib.later(SOONEST_S, lambda: self._fire(number))

    def _fire(self, number: int) -> bool:
        if self._waiting and number == self._number:
            self._waiting, self._last = False, time.monotonic()
            self._late += (max(0.0, self._last - self._due) - self._late) / 8
            self._tick()
        return False


class Displays:
    """``updates``: things drawn on any of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.line = connection.line
        self.updates = 0
        self._displays: dict[int, Display] = {}
        self.clock = Clock(self._tell)
        connection.on_channel(Kind.DISPLAY, self._use)
        self.line.on("rest", self._rest)

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        for display in self._displays.values():
            display.end()
        self._displays = {}

    def too_large(self, width: int, height: int) -> None:
        """A surface that nobody has."""
        self.line.tell("too_large", width, height)

    def tell_damage(self, display: int, head: int, view: View) -> None:
        """What has changed on one monitor; it is copied now."""
        if damage := view.copy():
            numbers = [number for rect in damage for number in rect]
            self.line.tell("damage", display, head, self._connection.received(), self.updates, numbers)

    def _use(self, channel: Any) -> None:
        display = Display(channel, self)
        self._displays[display.number] = display
        display.tell_heads()

    def _rest(self, number: int, rests: bool) -> None:
        display = self._displays.get(number)
        if display is not None:
            display.rest() if rests else display.wake_up()

    def _tell(self) -> None:
        for display in self._displays.values():
            display.tell_damage()


class Display:
    """``channel`` is the library's; ``views``: what is shown now, by head."""

    def __init__(self, channel: Any, owner: Displays) -> None:
        self.channel: Any = channel
        self._owner = owner
        self.number = int(channel.props.channel_id)
        self.views: dict[int, View] = {}
        self._surface: Surface | None = None
        self._marked = self._rests = False
        self._heads = 0
        self._shared: Shared | None = None
        self._strips = Strips(owner.clock.wanted)
        self._strips.listen(channel)
        self._ends = [
            glib.connect(channel, "display-primary-create", self._on_create),
            glib.connect(channel, "display-primary-destroy", lambda _channel: self._let_go()),
            glib.connect(channel, "display-mark", self._on_mark),
            glib.connect(channel, "notify::monitors", lambda _channel, _property: self._arrange()),
        ]
        channel.connect()

    def tell_heads(self) -> None:
        """How many monitors the guest may use on this channel."""
        heads = max(1, int(self.channel.props.monitors_max))
        if heads != self._heads:
            self._heads = heads
            self._owner.line.tell("heads", self.number, heads)

    def rest(self) -> None:
        """Nobody looks: the channel is closed; the library keeps its surface."""
        if not self._rests:
            self._rests = True
            self.channel.disconnect(int(Event.NONE))

    def wake_up(self) -> None:
        """Connects the channel anew, through which the whole picture comes again."""
        if self._rests:
            self._rests = False
            self.channel.connect()

    def end(self) -> None:
        """For good."""
        for end in (*self._ends, self._strips.stop):
            end()
        if self._shared is not None:
            self._shared.close()
        self.channel, self._surface = None, None

    def tell_damage(self) -> None:
        """What has been painted since the last time; before the first whole picture nothing."""
        updates, painted = self._strips.take()
        self._owner.updates += updates
        for view in self.views.values():
            for rect in painted:
                view.damage(rect)
        if self._marked:
            for head, view in self.views.items():
                self._owner.tell_damage(self.number, head, view)

    def _let_go(self) -> None:
        """The library's memory goes after this call."""
        self.tell_damage()
        self._drop(list(self.views))
        if self._shared is not None:
            self._shared.end()
        self._surface, self._shared, self._marked = None, None, False

    def _drop(self, heads: list[int]) -> None:
        for head in heads:
            self.views.pop(head).end()

    def _on_create(self, _channel: Any, format_: int, width: int, height: int, stride: int, _shmid: int, data: Any) -> None:
        narrow = 2 if format_ in (RGB555, RGB565) else 4
        if not size_is_sane(width, height) or stride < width * narrow or stride % 4 or format_ not in FORMATS:
            self._owner.too_large(width, height)
            return
        self._let_go()
        self._surface = Surface(format_, width, height, stride, glib.address(data))
        self._shared = share(self._surface)
        self._arrange()

    def _on_mark(self, _channel: Any, _mark: int) -> None:
        """From now on the surface is a picture."""
        self._marked = True
        self._arrange()
        self._owner.clock.wanted()

    def _arrange(self) -> None:
        """One view for each head; those that stay as they are keep theirs."""
        surface = self._surface
        if surface is None:
            return
        wanted = {head.number: head.area for head in self._monitors(surface)}
        self.tell_damage()
        self._drop([head for head, view in self.views.items() if wanted.get(head) != view.area])
        for head, area in wanted.items():
            if head not in self.views:
                self.views[head] = view = Window(surface, self._shared, area) if self._shared else Copy(surface, area)
                self._owner.line.tell("view", self.number, head, *area, view.offset, view.framebuffer.stride, fd=view.fd)
                view.damage(Rect(0, 0, surface.width, surface.height))
                self._owner.clock.wanted()
        self.tell_heads()

    def _monitors(self, surface: Surface) -> list[Monitor]:
        told = [head for head in monitors_of(self.channel) if fits(head.area, surface)]
        return told or [Monitor(0, Rect(0, 0, surface.width, surface.height))]
