"""Keyboard and pointer on SPICE's inputs channel, shared by all screens of a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.console.client import Buttons
from app.console.spice import glib
from app.console.spice.glib import Event
from app.signal import Signal

_PARTS = ((Buttons.LEFT, 1), (Buttons.MIDDLE, 2), (Buttons.RIGHT, 3), (Buttons.SIDE, 6), (Buttons.EXTRA, 7))
"""Ours, and the number of SPICE's button (spice/enums.h, SPICE_MOUSE_BUTTON)."""

WHEEL_UP, WHEEL_DOWN = 4, 5
MAX_STEPS = 32
"""Wheel steps of one event."""

MAX_WAITING = 64
"""Keys typed before the channel is open."""

EXTENDED, EXTENDED_BIT = 0xE000, 0x100


def mask_of(buttons: Buttons) -> int:
    """SPICE's mask of pressed buttons: bit n - 1 for button n."""
    mask = 0
    for ours, number in _PARTS:
        if buttons & ours:
            mask |= 1 << number - 1
    return mask


class Inputs:
    """The picture may come before the channel is open: keys wait for that, motion does not.

    leds_changed: bits as in ``ConsoleClient``, which are SPICE's too.
    """

    def __init__(self) -> None:
        self._channel: Any = None
        self._open = False
        self._waiting: list[tuple[int, bool]] = []
        self._held = Buttons.NONE
        self._pressed: set[int] = set()
        self._ends: list[Callable[[], None]] = []
        self.leds = 0
        self.leds_changed: Signal[[int]] = Signal()

    def use(self, channel: Any) -> None:
        """The connection's channel."""
        self._channel = channel
        self._ends += [
            glib.connect(channel, "inputs-modifiers", self._on_leds),
            glib.connect(channel, "channel-event", self._on_event),
        ]
        channel.connect()

    def end(self) -> None:
        """No key stays down; the channel is forgotten."""
        for code in list(self._pressed):
            self.key(code, False)
        self._channel, self._open, self._waiting = None, False, []
        for end in self._ends:
            end()

    def key(self, scancode: int, pressed: bool) -> None:
        """XT set 1; extended keys as 0xE000|code."""
        if not scancode:
            return
        if not self._open:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append((scancode, pressed))
            return
        code = scancode & 0x7F | (EXTENDED_BIT if scancode & EXTENDED == EXTENDED else 0)
        if pressed:
            self._pressed.add(scancode)
            self._channel.key_press(code)
        else:
            self._pressed.discard(scancode)
            self._channel.key_release(code)

    def set_leds(self, leds: int) -> None:
        """Asks the guest for these locks: bits as in ``leds_changed``."""
        if self._open and leds != self.leds:
            self._channel.set_key_locks(leds)

    def position(self, x: int, y: int, display: int, buttons: Buttons) -> None:
        """In pixels of the channel's surface."""
        if self._open:
            self._channel.position(x, y, display, mask_of(self._held))
            self._press(buttons)

    def motion(self, dx: int, dy: int, buttons: Buttons) -> None:
        """In guest pixels."""
        if self._open:
            if dx or dy:
                self._channel.motion(dx, dy, mask_of(self._held))
            self._press(buttons)

    def wheel(self, dy: int) -> None:
        """Steps, up is positive.  SPICE has no horizontal wheel."""
        if not self._open:
            return
        button, held = (WHEEL_UP if dy > 0 else WHEEL_DOWN), mask_of(self._held)
        for _step in range(min(abs(dy), MAX_STEPS)):
            self._channel.button_press(button, held | 1 << button - 1)
            self._channel.button_release(button, held)

    def _press(self, buttons: Buttons) -> None:
        """Tells each button that differs from what the server knows."""
        for ours, number in _PARTS:
            if (buttons ^ self._held) & ours:
                self._held ^= ours
                tell = self._channel.button_press if buttons & ours else self._channel.button_release
                tell(number, mask_of(self._held))

    def _on_event(self, _channel: Any, event: int) -> None:
        self._open = event == Event.OPENED
        waiting, self._waiting = self._waiting, []
        for scancode, pressed in waiting if self._open else ():
            self.key(scancode, pressed)

    def _on_leds(self, channel: Any) -> None:
        self.leds = int(channel.props.key_modifiers) & 7
        self.leds_changed.emit(self.leds)
