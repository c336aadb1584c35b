"""Where the guest's picture lies in the widget, in device pixels, and back.  No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from app.console.framebuffer import Rect


class ScaleMode(Enum):
    """How the picture meets the window."""

    FIT = "fit"
    INTEGER = "integer"
    """The largest whole multiple that fits; a guest that is larger than the window is fitted."""
    ONE_TO_ONE = "one-to-one"
    FOLLOW = "follow"
    ZOOM = "zoom"
    """As large as the user said, whatever the window's size."""

    @property
    def scrolls(self) -> bool:
        """True if the picture may be larger than the window."""
        return self in (ScaleMode.ONE_TO_ONE, ScaleMode.ZOOM)


@dataclass(frozen=True, slots=True)
class Placement:
    """The picture's rectangle in device pixels of the widget, and the guest's size."""

    x: int
    y: int
    w: int
    h: int
    guest_w: int
    guest_h: int

    @property
    def exact(self) -> bool:
        """True if one guest pixel is one device pixel."""
        return self.w == self.guest_w and self.h == self.guest_h

    @property
    def scale(self) -> float:
        """Device pixels per guest pixel."""
        return self.w / self.guest_w

    def to_guest(self, x: float, y: float) -> tuple[int, int]:
        """The guest pixel that is painted in the device pixel of this position; outside of the picture the nearest one."""
        return _guest_pixel(x - self.x, self.w, self.guest_w), _guest_pixel(y - self.y, self.h, self.guest_h)

    def to_device(self, rect: Rect) -> Rect:
        """The device pixels that a guest rectangle touches; scaled pictures blend over one pixel more."""
        if self.exact:
            return Rect(self.x + rect.x, self.y + rect.y, rect.w, rect.h)
        blend = 1 + math.ceil(self.scale)
        left = math.floor(rect.x * self.w / self.guest_w) - blend
        top = math.floor(rect.y * self.h / self.guest_h) - blend
        right = math.ceil((rect.x + rect.w) * self.w / self.guest_w) + blend
        bottom = math.ceil((rect.y + rect.h) * self.h / self.guest_h) + blend
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, self.w), min(bottom, self.h)
        return Rect(self.x + left, self.y + top, right - left, bottom - top)


_ROUNDING = 1 / 256
"""A device pixel that went through a fractional scale and back lies so little beside its place (Wayland's own steps)."""


def _guest_pixel(at: float, size: int, guest: int) -> int:
    """One of the guest's pixels in a device pixel, where a picture ``size`` wide shows ``guest`` of them.

    Made smaller, a device pixel shows several: the first takes the first one and the last the last, so all edges are reached.
    """
    pixel = min(max(math.floor(at + _ROUNDING), 0), size - 1)
    if size >= guest:
        return int((pixel + 0.5) * guest / size)
    return round(pixel * (guest - 1) / (size - 1)) if size > 1 else 0


ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0)
"""Steps of the zoom: device pixels per guest pixel."""


def next_zoom(now: float, step: int) -> float:
    """The next larger (step 1) or smaller (-1) of ``ZOOMS``; the last one stays."""
    if step > 0:
        return next((zoom for zoom in ZOOMS if zoom > now * 1.01), ZOOMS[-1])
    return next((zoom for zoom in reversed(ZOOMS) if zoom < now * 0.99), ZOOMS[0])


def _factor(fitting: float, mode: ScaleMode, zoom: float) -> float:
    """Device pixels per guest pixel; ``fitting``: the most that the window has room for."""
    if mode is ScaleMode.ZOOM:
        return zoom
    if mode is ScaleMode.FIT:
        return fitting
    if mode is ScaleMode.INTEGER:
        return math.floor(fitting) if fitting >= 1 else fitting
    return min(fitting, 1.0) if mode is ScaleMode.FOLLOW else 1.0


def place(guest_w: int, guest_h: int, view_w: int, view_h: int, mode: ScaleMode, *, zoom: float = 1.0) -> Placement:
    """Centres the picture; the sizes are in device pixels and at least 1; ``zoom`` counts in ``ScaleMode.ZOOM`` only."""
    factor = _factor(min(view_w / guest_w, view_h / guest_h), mode, zoom)
    width, height = max(1, round(guest_w * factor)), max(1, round(guest_h * factor))
    return Placement(max(0, (view_w - width) // 2), max(0, (view_h - height) // 2), width, height, guest_w, guest_h)
