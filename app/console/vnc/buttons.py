"""Our pointer buttons as RFB's mask."""

from __future__ import annotations

from app.console.client import Buttons
from app.console.vnc.protocol import PointerMask

_MASKS = {
    Buttons.LEFT: PointerMask.LEFT,
    Buttons.MIDDLE: PointerMask.MIDDLE,
    Buttons.RIGHT: PointerMask.RIGHT,
    Buttons.SIDE: PointerMask.SIDE,
}
"""The eighth bit is the last one of the plain message; a second side button has no place in it."""

MAX_STEPS = 16


def mask_of(buttons: Buttons) -> int:
    """The protocol's bits for the buttons held."""
    return sum(int(mask) for button, mask in _MASKS.items() if button in buttons)


def wheel_masks(dx: int, dy: int) -> list[int]:
    """Press and release for each step; a wild wheel is cut at 16 steps an event."""
    vertical = PointerMask.WHEEL_UP if dy > 0 else PointerMask.WHEEL_DOWN
    horizontal = PointerMask.WHEEL_RIGHT if dx > 0 else PointerMask.WHEEL_LEFT
    steps = [vertical] * min(abs(dy), MAX_STEPS) + [horizontal] * min(abs(dx), MAX_STEPS)
    return [mask for step in steps for mask in (int(step), 0)]
