"""Keyboard and pointer on SPICE's inputs channel, shared by all screens of a connection."""

from __future__ import annotations

from app.console.client import Buttons
from app.console.spice.kinds import Event, Kind
from app.console.spice.session import SpiceConnection
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
    """The picture may come before the channel is open: keys and lights wait for that, motion does not.

    leds_changed: bits as in ``ConsoleClient``, which are SPICE's too.
    """

    def __init__(self, connection: SpiceConnection) -> None:
        self._tell = connection.tell
        self._open = False
        self._waiting: list[tuple[int, bool]] = []
        self._held = Buttons.NONE
        self._pressed: set[int] = set()
        self._wanted: int | None = None
        self.leds = 0
        self.leds_changed: Signal[[int]] = Signal()
        connection.on("locks", self._on_leds)
        connection.on("event", self._on_event)

    def end(self) -> None:
        """No key stays down."""
        for code in list(self._pressed):
            self.key(code, False)
        self._open, self._waiting = False, []

    def key(self, scancode: int, pressed: bool) -> None:
        """XT set 1; extended keys as 0xE000|code."""
        if not scancode:
            return
        if not self._open:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append((scancode, pressed))
            return
        code = scancode & 0x7F | (EXTENDED_BIT if scancode & EXTENDED == EXTENDED else 0)
        (self._pressed.add if pressed else self._pressed.discard)(scancode)
        self._tell("key", code, pressed)

    def set_leds(self, leds: int) -> None:
        """Asks the guest for these locks: bits as in ``leds_changed``."""
        if not self._open:
            self._wanted = leds
        elif leds != self.leds:
            self._tell("locks", leds)

    def position(self, x: int, y: int, display: int, buttons: Buttons) -> None:
        """In pixels of the channel's surface."""
        if self._open:
            self._tell("position", x, y, display, mask_of(self._held))
            self._press(buttons)

    def motion(self, dx: int, dy: int, buttons: Buttons) -> None:
        """In guest pixels."""
        if self._open:
            if dx or dy:
                self._tell("motion", dx, dy, mask_of(self._held))
            self._press(buttons)

    def wheel(self, dy: int) -> None:
        """Steps, up is positive.  SPICE has no horizontal wheel."""
        if not self._open:
            return
        button, held = (WHEEL_UP if dy > 0 else WHEEL_DOWN), mask_of(self._held)
        for _step in range(min(abs(dy), MAX_STEPS)):
            self._tell("button", button, True, held | 1 << button - 1)
            self._tell("button", button, False, held)

    def _press(self, buttons: Buttons) -> None:
        """Tells each button that differs from what the server knows."""
        for ours, number in _PARTS:
            if (buttons ^ self._held) & ours:
                self._held ^= ours
                self._tell("button", number, bool(buttons & ours), mask_of(self._held))

    def _on_event(self, kind: int, event: int, _received: int, _said: str) -> None:
        if kind == Kind.INPUTS:
            self._open = event == Event.OPENED
            waiting, self._waiting = self._waiting, []
            wanted, self._wanted = self._wanted, None
            for scancode, pressed in waiting if self._open else ():
                self.key(scancode, pressed)
            if wanted is not None and self._open:
                self.set_leds(wanted)

    def _on_leds(self, leds: int) -> None:
        self.leds = leds & 7
        self.leds_changed.emit(self.leds)
