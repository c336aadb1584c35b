"""A display channel's picture: the library's own memory, seen as one framebuffer for each monitor on it.

The memory goes when the library destroys the surface; before that, every framebuffer over it is replaced by a copy.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from app.console.framebuffer import Framebuffer, Rect
from app.console.spice import glib

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


@dataclass(frozen=True)
class Surface:
    """The channel's primary surface: ``format`` as in SPICE's protocol, the address of its pixels."""

    format: int
    width: int
    height: int
    stride: int
    address: int


RGB32, ARGB32, RGB555, RGB565 = 32, 96, 16, 80
"""SPICE_SURFACE_FMT."""


class View:
    """One monitor's framebuffer: the surface's own memory where the monitor begins at its left edge, else a copy of it."""

    def __init__(self, surface: Surface, area: Rect) -> None:
        self._surface = surface
        self.area = area
        self._direct = surface.format in (RGB32, ARGB32) and area.x == 0
        if self._direct:
            at = surface.address + area.y * surface.stride
            pixels = glib.memory(at, surface.stride * area.h)
            self.framebuffer = Framebuffer(area.w, area.h, pixels=pixels, stride=surface.stride)
        else:
            self.framebuffer = Framebuffer(area.w, area.h)

    def damage(self, rect: Rect) -> bool:
        """A change of the surface.  True if the reader must be woken."""
        part = _within(rect, self.area)
        if part is None:
            return False
        if not self._direct:
            self._copy(part)
        return self.framebuffer.add_damage([part])

    def let_go(self) -> Framebuffer:
        """The same picture in memory of its own; the surface's is not looked at after this, by whatever thread."""
        if self._direct:
            self.framebuffer.move_to(bytearray(self.framebuffer.pixels))
        shown = self.framebuffer
        return Framebuffer(shown.width, shown.height, pixels=shown.pixels, stride=shown.stride)

    def _copy(self, part: Rect) -> None:
        import numpy as np  # noqa: PLC0415 - for monitors beside the first, and old guests with 16 bits

        surface, deep = self._surface, self._surface.format in (RGB32, ARGB32)
        at = surface.address + self.area.y * surface.stride
        rows = np.frombuffer(glib.memory(at, surface.stride * self.area.h), np.uint8).reshape(self.area.h, surface.stride)
        source = rows[:, : surface.stride // 4 * 4].view(np.uint32 if deep else np.uint16)
        left = self.area.x + part.x
        pixels = source[part.y : part.y + part.h, left : left + part.w]
        target = np.frombuffer(self.framebuffer.pixels, np.uint32).reshape(self.area.h, -1)
        wide = pixels if deep else widened(pixels.astype(np.uint32), 5 if surface.format == RGB555 else 6)
        target[part.y : part.y + part.h, part.x : part.x + part.w] = wide


def widened(pixels: Any, green: int) -> Any:
    """15 or 16 bits (``green`` bits of green) as 32: an array of numpy's."""
    red, mid, blue = pixels >> (5 + green) & 31, pixels >> 5 & (1 << green) - 1, pixels & 31
    wide = (red << 3 | red >> 2) << 16 | blue << 3 | blue >> 2
    return wide | (mid << 3 | mid >> 2 if green == 5 else mid << 2 | mid >> 4) << 8


def _within(rect: Rect, area: Rect) -> Rect | None:
    """A rectangle of the surface as one of the area; None if it lies outside."""
    left, top = max(rect.x, area.x), max(rect.y, area.y)
    right, bottom = min(rect.x + rect.w, area.x + area.w), min(rect.y + rect.h, area.y + area.h)
    return Rect(left - area.x, top - area.y, right - left, bottom - top) if right > left and bottom > top else None


def fits(area: Rect, surface: Surface) -> bool:
    """Whether a monitor lies within the surface: the two are told apart, and a server may lie."""
    return area.w > 0 and area.h > 0 and area.x + area.w <= surface.width and area.y + area.h <= surface.height

