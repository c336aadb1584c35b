"""Keys that are pressed for the user on X11, by its test extension (libXtst, which each desktop's accessibility needs)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache


def press(keycodes: Sequence[int]) -> bool:
    """Presses these X11 keycodes one after the other and lets go in reverse; False where the library is missing."""
    found = _library()
    if found is None:
        return False
    x11, xtst, display = found
    for keycode in keycodes:
        xtst.XTestFakeKeyEvent(display, keycode, 1, 0)
    for keycode in reversed(keycodes):
        xtst.XTestFakeKeyEvent(display, keycode, 0, 0)
    x11.XFlush(display)
    return True


@cache
def _library() -> tuple[ctypes.CDLL, ctypes.CDLL, ctypes.c_void_p] | None:
    """A connection of its own, as Qt's is not for others; it is asked nothing that waits for an answer."""
    try:
        x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    x11.XFlush.argtypes = [ctypes.c_void_p]
    xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
    display = x11.XOpenDisplay(None)
    return (x11, xtst, ctypes.c_void_p(display)) if display else None
