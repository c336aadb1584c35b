"""Where the guest's picture lies in the widget, in device pixels, and back.  No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from app.console.framebuffer import Rect


class ScaleMode(Enum):
    """How the picture meets the window."""

    FIT = "fit"
    ONE_TO_ONE = "one-to-one"
    FOLLOW = "follow"


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
        """The guest pixel under a device position; outside of the picture the nearest one."""
        column = math.floor((x - self.x) * self.guest_w / self.w)
        row = math.floor((y - self.y) * self.guest_h / self.h)
        return min(max(column, 0), self.guest_w - 1), min(max(row, 0), self.guest_h - 1)

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


def place(guest_w: int, guest_h: int, view_w: int, view_h: int, mode: ScaleMode) -> Placement:
    """Centres the picture; the sizes are in device pixels and at least 1."""
    width, height = guest_w, guest_h
    too_big = guest_w > view_w or guest_h > view_h
    if mode is ScaleMode.FIT or (mode is ScaleMode.FOLLOW and too_big):
        factor = min(view_w / guest_w, view_h / guest_h)
        width, height = max(1, round(guest_w * factor)), max(1, round(guest_h * factor))
    return Placement(max(0, (view_w - width) // 2), max(0, (view_h - height) // 2), width, height, guest_w, guest_h)
