"""One display channel: follows its surface and its monitors, and tells the screens that show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from app.console.framebuffer import Framebuffer, Rect, size_is_sane
from app.console.spice import glib, problems
from app.console.spice.surface import Monitor, Surface, View, fits, monitors_of
from app.errors import HostelryError


class Shown(Protocol):
    """What a display asks of a screen."""

    def show(self, framebuffer: Framebuffer, *, live: bool) -> None:
        """A new framebuffer; not live: a copy of what was, as the picture goes."""

    def show_damage(self) -> None:
        """There is damage to take."""


class Owner(Protocol):
    """What a display asks of the client."""

    def screen(self, display: Display, monitor: int) -> Shown:
        """The screen for a head."""

    def heads_changed(self) -> None:
        """The number of heads may be another."""

    def fail(self, error: HostelryError) -> None:
        """Ends the connection."""


class Display:
    """``channel`` is the library's; ``views``: what is shown now, by head."""

    def __init__(self, channel: Any, owner: Owner) -> None:
        self.channel, self._owner = channel, owner
        self.number = int(channel.props.channel_id)
        self.views: dict[int, View] = {}
        self._surface: Surface | None = None
        self._marked = self._rests = False
        self._ends: list[Callable[[], None]] = [
            glib.connect(channel, "display-primary-create", self._on_create),
            glib.connect(channel, "display-primary-destroy", lambda _channel: self.let_go()),
            glib.connect(channel, "display-invalidate", self._on_damage),
            glib.connect(channel, "display-mark", self._on_mark),
            glib.connect(channel, "notify::monitors", lambda _channel, _property: self._arrange()),
        ]
        channel.connect()

    @property
    def heads(self) -> int:
        """How many monitors the guest may use on this channel."""
        return max(1, int(self.channel.props.monitors_max))

    def let_go(self) -> None:
        """The library's memory goes after this call: every framebuffer over it becomes a copy."""
        views, self.views, self._surface, self._marked = self.views, {}, None, False
        for head, view in views.items():
            self._owner.screen(self, head).show(view.let_go(), live=False)

    def rest(self) -> None:
        """Nobody looks: the channel is closed; the picture stays, as the library keeps its surface."""
        if not self._rests:
            self._rests = True
            self.channel.disconnect(glib.library().ChannelEvent.NONE)

    def wake_up(self) -> None:
        """Connects the channel anew, through which the whole picture comes again."""
        if self._rests:
            self._rests = False
            self.channel.connect()

    def end(self) -> None:
        """For good."""
        self.let_go()
        for end in self._ends:
            end()

    def _on_create(self, _channel: Any, format_: int, width: int, height: int, stride: int, _shmid: int, data: Any) -> None:
        if not size_is_sane(width, height) or stride < width * (4 if format_ in (32, 96) else 2):
            self._owner.fail(problems.too_large(width, height))
            return
        self._surface = Surface(format_, width, height, stride, glib.address(data))
        self._arrange()

    def _on_mark(self, _channel: Any, _mark: int) -> None:
        """From now on the surface is a picture."""
        self._marked = True
        self._arrange()
        for head in self.views:
            self._owner.screen(self, head).show_damage()

    def _arrange(self) -> None:
        """One view for each head; those that stay as they are keep theirs."""
        surface = self._surface
        if surface is None:
            return
        wanted = {head.number: head.area for head in self._monitors(surface)}
        for head in [head for head, view in self.views.items() if wanted.get(head) != view.area]:
            self._owner.screen(self, head).show(self.views.pop(head).let_go(), live=False)
        for head, area in wanted.items():
            if head not in self.views:
                self.views[head] = view = View(surface, area)
                self._owner.screen(self, head).show(view.framebuffer, live=True)
                self._damage(head, view, area)
        self._owner.heads_changed()

    def _monitors(self, surface: Surface) -> list[Monitor]:
        told = [head for head in monitors_of(self.channel) if fits(head.area, surface)]
        return told or [Monitor(0, Rect(0, 0, surface.width, surface.height))]

    def _on_damage(self, _channel: Any, x: int, y: int, width: int, height: int) -> None:
        for head, view in self.views.items():
            self._damage(head, view, Rect(x, y, width, height))

    def _damage(self, head: int, view: View, rect: Rect) -> None:
        if view.damage(rect) and self._marked:
            self._owner.screen(self, head).show_damage()
