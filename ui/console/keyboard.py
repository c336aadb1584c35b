"""From Qt's key events to a guest's keys: what is held, what is repeated, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeyEvent

from ui.console.keymap import keysym, scancode

SendKey = Callable[[int, int, bool], None]
"""scancode, keysym, pressed."""

CTRL = frozenset({0x1D, 0xE01D})
ALT = frozenset({0x38, 0xE038})
SHIFT = frozenset({0x2A, 0x36})

RELEASE_KEYS: dict[str, tuple[frozenset[int], ...]] = {
    "Ctrl+Alt": (CTRL, ALT),
    "Ctrl+Shift": (CTRL, SHIFT),
    "Ctrl+Alt+Shift": (CTRL, ALT, SHIFT),
    "RightCtrl": (frozenset({0xE01D}),),
    "RightAlt": (frozenset({0xE038}),),
    "ScrollLock": (frozenset({0x46}),),
    "Pause": (frozenset({0xE046}),),
}
"""Choices of the key that gives the keyboard and pointer back."""

DEFAULT_RELEASE_KEY = "Ctrl+Alt"


class ReleaseKey:
    """Knows when the release combination was *tapped*: held together, with nothing else, and let go.

    Waiting for the release leaves Ctrl+Alt+anything to the guest.
    """

    def __init__(self, name: str = DEFAULT_RELEASE_KEY) -> None:
        self._groups = RELEASE_KEYS.get(name, RELEASE_KEYS[DEFAULT_RELEASE_KEY])
        self._held: set[int] = set()
        self._armed = False

    def press(self, code: int) -> None:
        """A key went down."""
        self._held.add(code)
        complete = all(self._held & group for group in self._groups)
        self._armed = complete and all(any(code in group for group in self._groups) for code in self._held)

    def release(self, code: int) -> bool:
        """A key went up; True if that completed the tap."""
        self._held.discard(code)
        fired, self._armed = self._armed and any(code in group for group in self._groups), False
        return fired

    def forget(self) -> None:
        """All keys are up."""
        self._held.clear()
        self._armed = False


@dataclass(frozen=True, slots=True)
class _Held:
    code: int
    sym: int


class Keyboard:
    """The keys that one guest sees as held."""

    def __init__(self, send: SendKey, released: Callable[[], None]) -> None:
        self._send = send
        self._released = released
        self._held: dict[int, _Held] = {}
        self.release_key = ReleaseKey()

    def use_release_key(self, name: str) -> None:
        """A key of ``RELEASE_KEYS``."""
        self.release_key = ReleaseKey(name)

    def press(self, event: QKeyEvent) -> None:
        """A repeat is sent as one more press: the guest's keyboard repeats like that."""
        key = _Held(
            scancode(event.nativeScanCode(), event.key()),
            keysym(event.nativeVirtualKey(), event.key(), event.text()),
        )
        if not key.code and not key.sym:
            return
        self._held[_identity(event)] = key
        if not event.isAutoRepeat():
            self.release_key.press(key.code)
        self._send(key.code, key.sym, True)

    def release(self, event: QKeyEvent) -> None:
        """What went down goes up, even if layout or modifiers changed in between; repeats never go up."""
        if event.isAutoRepeat():
            return
        key = self._held.pop(_identity(event), None)
        if key is None:
            return
        self._send(key.code, key.sym, False)
        if self.release_key.release(key.code):
            self._released()

    def release_all(self) -> None:
        """Before the focus goes: no key may stay down in the guest."""
        held, self._held = self._held, {}
        for key in held.values():
            self._send(key.code, key.sym, False)
        self.release_key.forget()

    def tap(self, keys: tuple[tuple[int, int], ...]) -> None:
        """Presses a combination, (scancode, keysym) each, and lets go in reverse."""
        for code, sym in keys:
            self._send(code, sym, True)
        for code, sym in reversed(keys):
            self._send(code, sym, False)


def _identity(event: QKeyEvent) -> int:
    """By position, so that letting go of Shift first does not turn "!" into another key."""
    return scancode(event.nativeScanCode(), event.key()) or -int(event.key())
