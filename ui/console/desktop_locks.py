"""Whether Caps, Num and Scroll Lock are on at this desktop, which Qt does not tell."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_char_p, c_int, c_ulong, c_void_p
from functools import cache
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.console.client import Lights

LIGHTS = (
    (Lights.SCROLL, b"Scroll Lock", "scrolllock"),
    (Lights.NUM, b"Num Lock", "numlock"),
    (Lights.CAPS, b"Caps Lock", "capslock"),
)
"""With the names of X's keyboard extension and of the kernel."""

KERNEL = Path("/sys/class/leds")


def desktop_locks() -> Lights | None:
    """None where it cannot be known.  Event loop: a question to the X server, or a few tiny files."""
    if QGuiApplication.platformName() == "xcb":
        return x11_locks("")
    return kernel_locks(KERNEL) if QGuiApplication.platformName().startswith("wayland") else None


def x11_locks(display: str) -> Lights | None:
    """By the keyboard extension of this display; empty: that of the environment."""
    x = _connection(display)
    if x is None:
        return None
    lib, connection = x
    found = Lights.NONE
    for light, name, _kernel in LIGHTS:
        on = c_int()
        atom = lib.XInternAtom(connection, name, 1)
        if atom and lib.XkbGetNamedIndicator(connection, atom, None, byref(on), None, None) and on.value:
            found |= light
    return found


@cache
def _connection(display: str) -> tuple[ctypes.CDLL, c_void_p] | None:
    """Of our own, kept: Qt's is used by Qt."""
    try:
        lib = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    lib.XOpenDisplay.restype, lib.XOpenDisplay.argtypes = c_void_p, [c_char_p]
    lib.XInternAtom.restype, lib.XInternAtom.argtypes = c_ulong, [c_void_p, c_char_p, c_int]
    lib.XkbGetNamedIndicator.argtypes = [c_void_p, c_ulong, c_void_p, c_void_p, c_void_p, c_void_p]
    connection = lib.XOpenDisplay(display.encode() or None)
    return (lib, c_void_p(connection)) if connection else None


def kernel_locks(folder: Path) -> Lights | None:
    """By the lights of the keyboards, which everybody may read; None without any."""
    found, seen = Lights.NONE, False
    for light, _name, kernel in LIGHTS:
        for path in folder.glob(f"*::{kernel}/brightness"):
            try:
                lit = path.read_text().strip() not in ("", "0")
            except OSError:
                continue
            seen = True
            if lit:
                found |= light
    return found if seen else None
