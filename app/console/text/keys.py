"""From keys to what xterm sends for them.  Pure.  Source: xterm's control sequences, "PC-Style Function Keys"."""

from __future__ import annotations

from app.console.text.modes import Modes

SHIFT, ALT, CTRL = 1, 2, 4

_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F", "begin": "E"}
_FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_TILDE = {
    "insert": 2, "delete": 3, "page_up": 5, "page_down": 6,
    "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23,
    "f12": 24, "f13": 25, "f14": 26, "f15": 28, "f16": 29, "f17": 31, "f18": 32, "f19": 33, "f20": 34,
}  # fmt: skip
_KEYPAD = {
    "home": "w", "up": "x", "page_up": "y", "left": "t", "begin": "u", "right": "v", "end": "q", "down": "r", "page_down": "s",
    "insert": "p", "delete": "n", "enter": "M", "+": "k", "-": "m", "*": "j", "/": "o",
}  # fmt: skip
_CONTROLS = {
    " ": 0, "@": 0, "`": 0, "2": 0,
    "[": 27, "3": 27, "\\": 28, "4": 28, "]": 29, "5": 29, "^": 30, "~": 30, "6": 30, "_": 31, "-": 31,
    "/": 31, "7": 31, "8": 127, "?": 127,
}  # fmt: skip

NAMED = frozenset({*_CURSOR, *_FUNCTION, *_TILDE, "backspace", "tab", "enter", "escape"})


def named_key(name: str, held: int, modes: Modes, *, keypad: bool = False) -> bytes:
    """A key that has a name; ``held``: SHIFT, ALT, CTRL.  keypad: the one of the number block, without Num Lock."""
    if keypad and modes.application_keypad and name in _KEYPAD and not held:
        return f"\x1bO{_KEYPAD[name]}".encode()
    if name in _CURSOR:
        if held:
            return f"\x1b[1;{held + 1}{_CURSOR[name]}".encode()
        return f"\x1b{'O' if modes.application_cursor else '['}{_CURSOR[name]}".encode()
    if name in _FUNCTION:
        return (f"\x1b[1;{held + 1}{_FUNCTION[name]}" if held else f"\x1bO{_FUNCTION[name]}").encode()
    if name in _TILDE:
        return (f"\x1b[{_TILDE[name]};{held + 1}~" if held else f"\x1b[{_TILDE[name]}~").encode()
    return _editing(name, held, modes)


def _editing(name: str, held: int, modes: Modes) -> bytes:
    if name == "tab" and held & SHIFT:
        return b"\x1b[Z"
    plain = {
        "backspace": b"\x08" if held & CTRL else b"\x7f",
        "tab": b"\t",
        "enter": b"\r\n" if modes.newline else b"\r",
        "escape": b"\x1b",
    }.get(name, b"")
    return b"\x1b" + plain if held & ALT and plain else plain


def typed(text: str, held: int) -> bytes:
    """Characters; with Ctrl a letter becomes a control character, with Alt an escape goes before them."""
    data = text.encode("utf-8", "ignore")
    if held & CTRL and len(text) == 1:
        data = _control(text)
    return b"\x1b" + data if held & ALT and data else data


def _control(character: str) -> bytes:
    if ord(character) < 32:
        return character.encode()
    if character.isascii() and character.isalpha():
        return bytes((ord(character.upper()) & 31,))
    code = _CONTROLS.get(character)
    return bytes((code,)) if code is not None else b""
