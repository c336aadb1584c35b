"""The display channels: each follows its surface and its monitors, and tells what has changed, some times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from app.console.framebuffer import Rect, size_is_sane
from app.console.spice.kinds import Event, Kind
from app.console.spice.worker import glib
from app.console.spice.worker.surface import FORMATS, RGB555, RGB565, Monitor, Surface, View, fits, monitors_of

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection

FRAME_S = 1 / 60
"""No screen shows more; what a guest paints in pieces meanwhile is told as one."""

MOST_STRIPS = 1000
"""So many changes are kept for one frame."""

MUCH = 0.75
"""Rectangles that fill so much of the one around them are told as that one."""

SOONEST_S = 0.008
"""The first change after a pause is told when the library has nothing else to do, or after this long."""


class Clock:
    """Calls ``tick`` soon after ``wanted``, and not oftener than a screen shows pictures."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._last = 0.0
        self._number = 0
        self._waiting = False

    def wanted(self) -> None:
        """Something has changed."""
        if self._waiting:
            return
        self._waiting = True
        self._number += 1
        wait_s, number = self._last + FRAME_S - time.monotonic(), self._number
        if wait_s > 0:
            glib.later(wait_s, lambda: self._fire(number))
            return
        # Signals of the library are idle calls: one that is below them comes when it has said all.
        glib.glib().idle_add(lambda _data=None: self._fire(number), priority=glib.glib().PRIORITY_LOW)
        glib.later(SOONEST_S, lambda: self._fire(number))

    def _fire(self, number: int) -> bool:
        if self._waiting and number == self._number:
            self._waiting, self._last = False, time.monotonic()
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
        self._painted: list[tuple[int, int, int, int]] = []
        self._ends = [
            glib.connect(channel, "display-primary-create", self._on_create),
            glib.connect(channel, "display-primary-destroy", lambda _channel: self._let_go()),
            glib.connect(channel, "display-invalidate", self._on_damage),
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
        for end in self._ends:
            end()
        self.channel, self._surface = None, None

    def tell_damage(self) -> None:
        """What has been painted since the last time; before the first whole picture nothing."""
        self._owner.updates += len(self._painted)
        painted, self._painted = merged(self._painted), []
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
        self._surface, self._marked = None, False

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
                self.views[head] = view = View(surface, area)
                self._owner.line.tell("view", self.number, head, *area, fd=view.fd)
                view.damage(Rect(0, 0, surface.width, surface.height))
                self._owner.clock.wanted()
        self.tell_heads()

    def _monitors(self, surface: Surface) -> list[Monitor]:
        told = [head for head in monitors_of(self.channel) if fits(head.area, surface)]
        return told or [Monitor(0, Rect(0, 0, surface.width, surface.height))]

    def _on_damage(self, _channel: Any, *area: int) -> None:
        """For each strip of 32 pixels: the rest is done when a frame is told."""
        painted = self._painted
        painted.append(area)  # type: ignore[arg-type]
        if len(painted) == 1:
            self._owner.clock.wanted()
        elif len(painted) > MOST_STRIPS:
            self.tell_damage()


def merged(strips: Sequence[tuple[int, int, int, int]]) -> list[Rect]:
    """Strips side by side as one; what is left is one rectangle where that is not much more than its parts."""
    rects: list[Rect] = []
    for x, y, width, height in strips:
        if rects:
            last = rects[-1]
            if last.y == y and last.h == height and last.x <= x <= last.x + last.w:
                rects[-1] = Rect(last.x, y, max(last.x + last.w, x + width) - last.x, height)
                continue
        rects.append(Rect(x, y, width, height))
    if len(rects) < 2:
        return rects
    whole = reduce(Rect.united, rects)
    return [whole] if whole.w * whole.h * MUCH <= sum(rect.w * rect.h for rect in rects) else rects
