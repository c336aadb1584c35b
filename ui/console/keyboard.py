"""From Qt's key events to a guest's keys: what is held, what is repeated, what stays with the host, and the way out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.console.keys.chords import KEYS, Chord, Key, chord, parse
from app.console.keys.scancodes import to_xkb
from ui.console.keymap import keysym, scancode

SendKey = Callable[[int, int, bool], None]
"""scancode, keysym, pressed."""

DEFAULT_RELEASE_KEY = "Ctrl+Alt"

_Modifier = Qt.KeyboardModifier
_MODIFIERS = _Modifier.ShiftModifier | _Modifier.ControlModifier | _Modifier.AltModifier | _Modifier.MetaModifier
_MODIFIER_KEYS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta})

_TAPPED = frozenset(code for name in ("Alt", "Super") for code in KEYS[name].codes)
"""Keys that do something in a guest when they are pressed and let go alone: menus open."""

_HARMLESS = (0x1D, 0xFFE3)
"""Left Ctrl; tapped while the others are held, it makes them no lone tap."""


class ReleaseKey:
    """Knows when the keys that give the keyboard back are pressed.

    Modifiers alone must be *tapped*: held together, with nothing else, and let go; so Ctrl+Alt+anything is the guest's.
    With another key they act when it goes down, and the guest does not get that key.
    """

    def __init__(self, name: str = DEFAULT_RELEASE_KEY) -> None:
        self._chord = parse(name) or chord("Ctrl", "Alt")
        self._codes = {code for key in self._chord.keys for code in key.codes}
        self._held: set[int] = set()
        self._armed = False

    @property
    def text(self) -> str:
        """For people."""
        return self._chord.text

    def press(self, code: int) -> bool:
        """A key went down; True if that was it, and the key is not for the guest."""
        self._held.add(code)
        complete = self._chord.held_by(frozenset(self._held))
        self._armed = complete and self._chord.only_modifiers
        return complete and not self._chord.only_modifiers

    def release(self, code: int) -> bool:
        """A key went up; True if that completed the tap."""
        self._held.discard(code)
        fired, self._armed = self._armed and code in self._codes, False
        return fired

    def forget(self) -> None:
        """All keys are up."""
        self._held.clear()
        self._armed = False


@dataclass(frozen=True, slots=True)
class _Held:
    code: int
    sym: int
    modifier: bool = False


class Keyboard:
    """The keys that one guest sees as held: those of the hand, and modifiers that are held for it (``hold``)."""

    def __init__(self, send: SendKey, released: Callable[[], None]) -> None:
        self._send = send
        self._released = released
        self._held: dict[int, _Held] = {}
        self._left: dict[int, tuple[int, ...]] = {}
        self._kept: dict[str, Key] = {}
        self._slept_s = _slept()
        self.kept_changed: Callable[[], None] = lambda: None
        """Called after ``kept`` has changed."""
        self.release_key = ReleaseKey()
        self.host_shortcuts: Sequence[Chord] = ()

    def use_release_key(self, name: str) -> None:
        """A chord as the settings have it."""
        self.release_key = ReleaseKey(name)

    # The hand.

    def press(self, event: QKeyEvent) -> None:
        """A repeat is sent as one more press, as the guest's keyboard repeats like that; one whose begin we missed is not."""
        self.check(event.modifiers())
        key = _Held(
            scancode(event.nativeScanCode(), event.key()),
            keysym(event.nativeVirtualKey(), event.key(), event.text()),
            event.key() in _MODIFIER_KEYS,
        )
        identity = _identity(event)
        if not (key.code or key.sym) or (event.isAutoRepeat() and identity not in self._held):
            return
        if not event.isAutoRepeat() and self.release_key.press(key.code):
            self.release_all()
            self._released()
            return
        self._held[identity] = key
        self._send(key.code, key.sym, True)

    def release(self, event: QKeyEvent) -> None:
        """What went down goes up, even if layout or modifiers changed in between; repeats never go up."""
        if event.isAutoRepeat():
            return
        key = self._held.pop(_identity(event), None)
        if key is None:
            return
        self._up(key)
        if self.release_key.release(key.code):
            self._released()

    def for_host(self, event: QKeyEvent) -> bool:
        """Whether this press completes a shortcut that the user wants to stay with the desktop."""
        code = scancode(event.nativeScanCode(), event.key())
        down = frozenset({key.code for key in self._held.values()} | {code})
        return any(each.held_by(down) for each in self.host_shortcuts)

    def leave_to_host(self, event: QKeyEvent) -> None:
        """The guest gets nothing of a shortcut that ``for_host`` knows; not what was held for it, either."""
        if not event.isAutoRepeat():
            keys = [key.code for key in self._held.values()]
            self._left[_identity(event)] = (*keys, scancode(event.nativeScanCode(), event.key()))
        self.release_all()

    def left_to_host(self, event: QKeyEvent) -> tuple[int, ...]:
        """When its key goes up: its keys as X11 knows them; empty for all other keys."""
        codes = () if event.isAutoRepeat() else self._left.pop(_identity(event), ())
        return tuple(to_xkb(code) for code in codes)

    def check(self, modifiers: Qt.KeyboardModifier) -> None:
        """Lets go of what is held in the guest and not by the hand: a release that was lost, or a sleep in between.

        Only when nothing at all is held: which key makes which modifier is the desktop's business (X11 calls Shift+Alt "Meta").
        """
        slept_s = _slept()
        if slept_s > self._slept_s + 1:
            self.release_all()
        self._slept_s = slept_s
        if not modifiers & _MODIFIERS and any(key.modifier for key in self._held.values()):
            for identity in [identity for identity, key in self._held.items() if key.modifier]:
                self._up(self._held.pop(identity))
            self.release_key.forget()

    def release_all(self) -> None:
        """Before the focus goes: no key of the hand may stay down in the guest."""
        held, self._held = self._held, {}
        if held and all(key.code in _TAPPED for key in held.values()):
            self.tap((_HARMLESS,))
        for key in held.values():
            self._up(key)
        self.release_key.forget()

    def _up(self, key: _Held) -> None:
        if all(key.code not in kept.codes[:1] for kept in self._kept.values()):
            self._send(key.code, key.sym, False)

    # For the user.

    def tap(self, keys: tuple[tuple[int, int], ...]) -> None:
        """Presses a combination, (scancode, keysym) each, and lets go in reverse."""
        for code, sym in keys:
            self._send(code, sym, True)
        for code, sym in reversed(keys):
            self._send(code, sym, False)

    @property
    def kept(self) -> frozenset[str]:
        """Names of the modifiers that are held for the user (``app.console.keys.chords.KEYS``)."""
        return frozenset(self._kept)

    def hold(self, name: str, down: bool) -> None:
        """Holds a modifier down in the guest until it is called again with False; the hand may do what it likes."""
        if down == (name in self._kept):
            return
        key = KEYS[name]
        if down:
            self._kept[name] = key
        else:
            del self._kept[name]
        self._send(key.codes[0], key.keysym, down)
        self.kept_changed()

    def let_go(self) -> None:
        """Everything, also what is held for the user: the connection or the machine goes."""
        self.release_all()
        for name in list(self._kept):
            self.hold(name, False)


def _slept() -> float:
    """Seconds that this computer has slept since it was started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


def _identity(event: QKeyEvent) -> int:
    """By position, so that letting go of Shift first does not turn "!" into another key."""
    return scancode(event.nativeScanCode(), event.key()) or -int(event.key())
