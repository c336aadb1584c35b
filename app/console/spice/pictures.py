"""The pictures that the library's process paints into memory that both share.  On the thread that reads its news.

A view is one monitor of one display channel.  Only the newest one that nobody has seen is kept, however many are sent.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
from collections.abc import Callable
from typing import NamedTuple

from app.console.capabilities import Traffic
from app.console.framebuffer import MAX_PIXELS, MAX_SIDE, Framebuffer, Rect, size_is_sane
from app.console.spice import wire
from app.console.spice.wire import Message, Nonsense

MAX_MONITORS = 16
"""More heads than any display device has."""

MAX_PLACE = 1 << 20

Place = tuple[int, int]
"""Display channel and head."""


class View(NamedTuple):
    """x, y: where it lies on the channel's surface."""

    display: int
    head: int
    x: int
    y: int
    framebuffer: Framebuffer


class Pictures:
    """``shown`` and ``damaged`` are called on the event loop."""

    def __init__(self, shown: Callable[[View], None], damaged: Callable[[Place], None]) -> None:
        self._shown, self._damaged = shown, damaged
        self._lock = threading.Lock()
        self._unseen: dict[Place, View] = {}
        self._framebuffers: dict[Place, Framebuffer] = {}
        self.traffic = Traffic()

    def view(self, message: Message) -> Callable[[], None] | None:
        """New memory.  Raises Nonsense for what cannot be a picture."""
        display, head, x, y, width, height, offset, stride = message.args
        try:
            place = self._place(display, head)
            if not (0 <= x <= MAX_PLACE and 0 <= y <= MAX_PLACE and size_is_sane(width, height)):
                raise Nonsense("a picture of no size")
            if not (width * 4 <= stride <= MAX_SIDE * 4 and 0 <= offset <= MAX_PIXELS * 4) or stride % 4 or offset % 4:
                raise Nonsense("a picture that cannot lie so")
            framebuffer = Framebuffer(width, height, pixels=_shared(message.fd, offset, stride * height), stride=stride)
        finally:
            os.close(message.fd)
        with self._lock:
            first = place not in self._unseen
            self._unseen[place] = View(display, head, x, y, framebuffer)
            self._framebuffers[place] = framebuffer
        return (lambda: self._show(place)) if first else None

    def damage(self, message: Message) -> Callable[[], None] | None:
        """What has been painted.  Raises Nonsense."""
        display, head, received, updates, numbers = message.args
        place = self._place(display, head)
        framebuffer = self._framebuffers.get(place)
        if framebuffer is None:
            raise Nonsense("damage of no picture")
        rects = [Rect(*rect) for rect in wire.rectangles(numbers)]
        if not all(_within(rect, framebuffer) for rect in rects):
            raise Nonsense("damage outside of the picture")
        self.count(received, updates)
        return (lambda: self._damaged(place)) if framebuffer.add_damage(rects) else None

    def count(self, received: int, updates: int) -> None:
        """What the connection has cost so far."""
        self.traffic = Traffic(max(received, 0), max(updates, 0))

    def _place(self, display: int, head: int) -> Place:
        place = display, head
        known = place in self._framebuffers or len(self._framebuffers) < MAX_MONITORS
        if not (0 <= display < MAX_MONITORS and 0 <= head < MAX_MONITORS and known):
            raise Nonsense("more monitors than there are")
        return place

    def _show(self, place: Place) -> None:
        with self._lock:
            view = self._unseen.pop(place)
        self._shown(view)


def _shared(fd: int, offset: int, size: int) -> memoryview:
    """The memory, to be read.  It must not become smaller: reading what is gone would end this program."""
    try:
        seals = fcntl.fcntl(fd, fcntl.F_GET_SEALS)
        if not seals & fcntl.F_SEAL_SHRINK or os.fstat(fd).st_size < offset + size:
            raise Nonsense("memory that may go")
        return memoryview(mmap.mmap(fd, offset + size, mmap.MAP_SHARED, mmap.PROT_READ))[offset:]
    except (OSError, ValueError) as error:
        raise Nonsense("no memory") from error


def _within(rect: Rect, framebuffer: Framebuffer) -> bool:
    across = rect.x >= 0 and rect.w > 0 and rect.x + rect.w <= framebuffer.width
    return across and rect.y >= 0 and rect.h > 0 and rect.y + rect.h <= framebuffer.height
