"""From Qt's keys to the bytes that a terminal sends."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.console.text.keys import ALT, CTRL, SHIFT, named_key, typed
from app.console.text.modes import Modes

_K = Qt.Key
_NAMES: dict[int, str] = {
    _K.Key_Up: "up", _K.Key_Down: "down", _K.Key_Left: "left", _K.Key_Right: "right", _K.Key_Home: "home", _K.Key_End: "end",
    _K.Key_Clear: "begin", _K.Key_Insert: "insert", _K.Key_Delete: "delete", _K.Key_PageUp: "page_up",
    _K.Key_PageDown: "page_down", _K.Key_Backspace: "backspace", _K.Key_Tab: "tab", _K.Key_Backtab: "tab",
    _K.Key_Return: "enter", _K.Key_Enter: "enter", _K.Key_Escape: "escape",
    **{_K.Key_F1 + number - 1: f"f{number}" for number in range(1, 21)},
}  # fmt: skip


def held(modifiers: Qt.KeyboardModifier) -> int:
    """As ``app.console.text.keys`` has them."""
    return (
        (SHIFT if modifiers & Qt.KeyboardModifier.ShiftModifier else 0)
        | (ALT if modifiers & Qt.KeyboardModifier.AltModifier else 0)
        | (CTRL if modifiers & Qt.KeyboardModifier.ControlModifier else 0)
    )


def key_bytes(event: QKeyEvent, modes: Modes) -> bytes:
    """What the guest gets; empty for keys that mean nothing alone."""
    modifiers, key, text = event.modifiers(), event.key(), event.text()
    down = held(modifiers)
    keypad = bool(modifiers & Qt.KeyboardModifier.KeypadModifier)
    name = _NAMES.get(key)
    if name is not None:
        return named_key(name, down | (SHIFT if key == _K.Key_Backtab else 0), modes, keypad=keypad)
    if keypad and modes.application_keypad and text in tuple("+-*/"):
        return named_key(text, down, modes, keypad=True)
    if down & CTRL and down & ALT and text.isprintable() and text:
        return typed(text, 0)  # AltGr on some keyboards
    if text:
        return typed(text, down)
    if down & CTRL and 32 <= key < 127:
        return typed(chr(key), down)  # the key has no character in this layout
    return b""


def is_ours(event: QKeyEvent) -> bool:
    """Whether the terminal takes this key before the window's shortcuts do: all but those that lead out of it."""
    key, modifiers = event.key(), event.modifiers()
    ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if key == _K.Key_F11 or (ctrl and key in (_K.Key_Tab, _K.Key_Backtab)):
        return False
    if ctrl and shift and _K.Key_A <= key <= _K.Key_Z:
        return key in (_K.Key_C, _K.Key_V, _K.Key_F)
    return True
