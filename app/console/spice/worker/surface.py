"""A display channel's picture: the library's surface, and for each monitor on it a view in memory that the program shares.

That is the surface's own memory where it has 32 bits; of 15 or 16 what was painted since the last frame is copied as 32.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
from functools import lru_cache
from typing import Any, NamedTuple

from app.console.framebuffer import MAX_SIDE, Framebuffer, Rect
from app.console.spice.worker import glib, pixman
from app.console.spice.worker.shared import LEAST, Shared, sealed

MAX_MONITORS = 16
"""More heads than any display device has."""


class Monitor(NamedTuple):
    """A head: its number in the channel, and its part of the surface."""

    number: int
    area: Rect


class _MonitorConfig(ctypes.Structure):
    """``SpiceDisplayMonitorConfig`` (channel-display.h)."""

    _fields_ = [(name, ctypes.c_uint) for name in ("id", "surface_id", "x", "y", "width", "height")]


class _Array(ctypes.Structure):
    """The public part of ``GArray``."""

    _fields_ = [("data", ctypes.c_void_p), ("count", ctypes.c_uint)]


@lru_cache(maxsize=1)
def _gobject() -> ctypes.CDLL:
    return ctypes.CDLL("libgobject-2.0.so.0")


def monitors_of(channel: Any) -> list[Monitor]:
    """The heads that the guest has switched on; empty if the server does not tell.

    By ctypes: PyGObject does not convert an array of structures (it complains of a stack overflow).
    """
    array = ctypes.POINTER(_Array)()
    get = _gobject().g_object_get
    get(ctypes.c_void_p(glib.pointer_to(channel)), b"monitors", ctypes.byref(array), None)
    if not array:
        return []
    try:
        heads = (_MonitorConfig * min(array[0].count, MAX_MONITORS)).from_address(array[0].data) if array[0].count else ()
        # A guest may number its heads as it likes, and each number gets a screen that stays.
        return [Monitor(head.id, Rect(head.x, head.y, head.width, head.height)) for head in heads if head.id < MAX_MONITORS]
    finally:
        _gobject().g_array_unref(array)


class Surface(NamedTuple):
    """The channel's primary surface: ``format`` as in SPICE's protocol, the address of its pixels."""

    format: int
    width: int
    height: int
    stride: int
    address: int


RGB32, ARGB32, RGB555, RGB565 = 32, 96, 16, 80
"""SPICE_SURFACE_FMT."""

FORMATS = {RGB32: pixman.X8R8G8B8, ARGB32: pixman.X8R8G8B8, RGB555: pixman.X1R5G5B5, RGB565: pixman.R5G6B5}


class View:
    """One monitor's picture.  ``framebuffer`` lies ``offset`` bytes into the memory of ``fd``, which cannot become smaller.

    Other memory of the library's is looked at in ``copy`` only, between the surface's creation and its end.
    """

    def __init__(self, area: Rect, fd: int, size: int, offset: int, stride: int) -> None:
        self.area, self.fd, self.offset = area, fd, offset
        self._memory = mmap.mmap(fd, size)
        pixels = memoryview(self._memory)[offset : offset + stride * area.h]
        self.framebuffer = Framebuffer(area.w, area.h, pixels=pixels, stride=stride)

    def damage(self, rect: Rect) -> bool:
        """A change of the surface.  True if something has to be told that had not before."""
        part = _within(rect, self.area)
        return part is not None and self.framebuffer.add_damage([part])

    def copy(self) -> list[Rect]:
        """Takes over what has changed; where that was."""
        raise NotImplementedError

    def end(self) -> None:
        """Lets go; the memory stays with whoever has it too."""
        with contextlib.suppress(OSError):
            os.close(self.fd)
        self.fd = -1


class Window(View):
    """A part of the surface's own memory."""

    def __init__(self, surface: Surface, shared: Shared, area: Rect) -> None:
        self._shared = shared
        begin = shared.offset + area.y * surface.stride + area.x * 4
        super().__init__(area, os.dup(shared.fd), shared.size, begin, surface.stride)

    def copy(self) -> list[Rect]:
        """All is there but the ends."""
        damage = self.framebuffer.take_damage()
        if damage:
            self._shared.complete()
        return damage


class Copy(View):
    """Memory of its own."""

    def __init__(self, surface: Surface, area: Rect) -> None:
        size = area.w * area.h * 4
        super().__init__(area, sealed(size), size, 0, area.w * 4)
        at = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._target = pixman.Image(pixman.X8R8G8B8, area.w, area.h, at, area.w * 4)
        self._source = pixman.Image(FORMATS[surface.format], surface.width, surface.height, surface.address, surface.stride)

    def copy(self) -> list[Rect]:
        """Copies what has changed."""
        damage = self.framebuffer.take_damage()
        for x, y, width, height in damage:
            pixman.copy(self._source, (self.area.x + x, self.area.y + y), self._target, (x, y), (width, height))
        return damage


def share(surface: Surface) -> Shared | None:
    """The surface's memory as such of the program too; None if it has to be copied."""
    size = surface.stride * surface.height
    if surface.format not in (RGB32, ARGB32) or size < LEAST or surface.stride > MAX_SIDE * 4 or surface.address % 4:
        return None
    with contextlib.suppress(OSError):
        return Shared(surface.address, size, spare=surface.stride)  # a monitor's last row ends within its stride
    return None


def _within(rect: Rect, area: Rect) -> Rect | None:
    """A rectangle of the surface as one of the area; None if it lies outside."""
    left, top = max(rect.x, area.x), max(rect.y, area.y)
    right, bottom = min(rect.x + rect.w, area.x + area.w), min(rect.y + rect.h, area.y + area.h)
    return Rect(left - area.x, top - area.y, right - left, bottom - top) if right > left and bottom > top else None


def fits(area: Rect, surface: Surface) -> bool:
    """Whether a monitor lies within the surface: the two are told apart, and a server may lie."""
    return area.w > 0 and area.h > 0 and area.x + area.w <= surface.width and area.y + area.h <= surface.height
