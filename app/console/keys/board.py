"""The places of the keys on a PC keyboard with 105 keys, in rows; widths in quarters of a letter's key."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """``key``: a name of ``chords.KEYS``, or "" for a gap."""

    key: str
    width: int = 4


def _row(*parts: str | tuple[str, int]) -> tuple[Place, ...]:
    return tuple(Place(*part) if isinstance(part, tuple) else Place(part) for part in parts)


_GAP = ("", 1)

ROWS: tuple[tuple[Place, ...], ...] = (
    _row("Escape", ("", 4), "F1", "F2", "F3", "F4", ("", 2), "F5", "F6", "F7", "F8", ("", 2), "F9", "F10", "F11", "F12", _GAP,
         "Print", "ScrollLock", "Pause"),
    _row("Backquote", *"1234567890", "Minus", "Equal", ("Backspace", 8), _GAP, "Insert", "Home", "PageUp"),
    _row(("Tab", 6), *"QWERTYUIOP", "BracketLeft", "BracketRight", ("Backslash", 6), _GAP, "Delete", "End", "PageDown"),
    _row(("CapsLock", 7), *"ASDFGHJKL", "Semicolon", "Quote", ("Return", 9)),
    _row(("LeftShift", 5), "Less", *"ZXCVBNM", "Comma", "Period", "Slash", ("RightShift", 11), _GAP, ("", 4), "Up"),
    _row(("LeftCtrl", 5), ("LeftSuper", 5), ("LeftAlt", 5), ("Space", 25), ("RightAlt", 5), ("RightSuper", 5), ("Menu", 5),
         ("RightCtrl", 5), _GAP, "Left", "Down", "Right"),
)  # fmt: skip
