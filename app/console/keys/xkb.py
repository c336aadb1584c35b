"""libxkbcommon, the desktop's own library of keyboard layouts, as far as it is needed here (ctypes; no thread of its own).

Qt's platform plugins need the same library, so it is there wherever the program runs.
"""

from __future__ import annotations

import ctypes as c
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from app.errors import Unsupported
from app.i18n import _

LIBRARY = "libxkbcommon.so.0"
_CRITICAL = 10
_DOWN, _UP = 1, 0
_DEPRESSED = 1
_MAX_MASKS = 32


class Names(c.Structure):
    """``struct xkb_rule_names``."""

    _fields_ = [(name, c.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


class Level(NamedTuple):
    """What one key gives with some modifiers: X11 keycode, keysym, and the sets of modifiers (bits) that lead there."""

    keycode: int
    keysym: int
    masks: tuple[int, ...]


_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "xkb_context_new": (c.c_void_p, (c.c_int,)),
    "xkb_context_unref": (None, (c.c_void_p,)),
    "xkb_context_set_log_level": (None, (c.c_void_p, c.c_int)),
    "xkb_context_num_include_paths": (c.c_uint, (c.c_void_p,)),
    "xkb_context_include_path_get": (c.c_char_p, (c.c_void_p, c.c_uint)),
    "xkb_keymap_new_from_names": (c.c_void_p, (c.c_void_p, c.POINTER(Names), c.c_int)),
    "xkb_keymap_unref": (None, (c.c_void_p,)),
    "xkb_keymap_min_keycode": (c.c_uint32, (c.c_void_p,)),
    "xkb_keymap_max_keycode": (c.c_uint32, (c.c_void_p,)),
    "xkb_keymap_num_levels_for_key": (c.c_uint32, (c.c_void_p, c.c_uint32, c.c_uint32)),
    "xkb_keymap_key_get_syms_by_level": (
        c.c_int, (c.c_void_p, c.c_uint32, c.c_uint32, c.c_uint32, c.POINTER(c.POINTER(c.c_uint32)))),
    "xkb_keymap_key_get_mods_for_level": (
        c.c_size_t, (c.c_void_p, c.c_uint32, c.c_uint32, c.c_uint32, c.POINTER(c.c_uint32), c.c_size_t)),
    "xkb_state_new": (c.c_void_p, (c.c_void_p,)),
    "xkb_state_unref": (None, (c.c_void_p,)),
    "xkb_state_update_key": (c.c_int, (c.c_void_p, c.c_uint32, c.c_int)),
    "xkb_state_serialize_mods": (c.c_uint32, (c.c_void_p, c.c_int)),
    "xkb_state_key_get_one_sym": (c.c_uint32, (c.c_void_p, c.c_uint32)),
    "xkb_keysym_to_utf32": (c.c_uint32, (c.c_uint32,)),
    "xkb_keysym_get_name": (c.c_int, (c.c_uint32, c.c_char_p, c.c_size_t)),
}  # fmt: skip
"""Function: what it gives, what it takes (xkbcommon.h 1.0)."""


@functools.cache
def library() -> c.CDLL:
    """The loaded library.  Raises Unsupported where it is missing or too old (before 1.0)."""
    try:
        found = c.CDLL(LIBRARY)
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise Unsupported(
            _("Keyboard layouts cannot be read."),
            why=_("The library libxkbcommon 1.0 or later is missing."),
            next_step=_("Install the package libxkbcommon0 (Debian, Ubuntu) or libxkbcommon (others)."),
            raw=str(error),
        ) from error
    return found


@contextmanager
def context() -> Iterator[int]:
    """A context of the library that says nothing on stderr."""
    lib = library()
    made = lib.xkb_context_new(0)
    if not made:
        raise Unsupported(_("Keyboard layouts cannot be read."), next_step=_("Install the package xkb-data."))
    try:
        lib.xkb_context_set_log_level(made, _CRITICAL)
        yield made
    finally:
        lib.xkb_context_unref(made)


def include_paths() -> list[str]:
    """Where the layouts lie, the user's own first."""
    with context() as made:
        paths = (library().xkb_context_include_path_get(made, at) for at in range(library().xkb_context_num_include_paths(made)))
        return [path.decode(errors="replace") for path in paths]


class Keymap:
    """One compiled layout; use it in ``with``.  Takes some milliseconds.  Raises Unsupported if there is no such layout."""

    def __init__(self, layout: str, variant: str = "") -> None:
        self._lib = library()
        self._names = Names(b"evdev", b"pc105", layout.encode(), variant.encode(), b"")
        self._text = f"{layout}({variant})" if variant else layout
        self._map = 0

    def __enter__(self) -> Keymap:
        with context() as made:  # the keymap holds it
            self._map = self._lib.xkb_keymap_new_from_names(made, c.byref(self._names), 0) or 0
        if not self._map:
            raise Unsupported(
                _("The keyboard layout “{name}” is not known on this computer.").format(name=self._text),
                next_step=_("Choose another layout, or install the package xkb-data."),
            )
        return self

    def __exit__(self, *_error: object) -> None:
        self._lib.xkb_keymap_unref(self._map)

    @property
    def keycodes(self) -> range:
        """X11's, of all keys."""
        return range(self._lib.xkb_keymap_min_keycode(self._map), self._lib.xkb_keymap_max_keycode(self._map) + 1)

    def levels(self, keycode: int) -> list[Level]:
        """What this key gives, level by level; levels that give several symbols at once are left out."""
        found, symbols, masks = [], c.POINTER(c.c_uint32)(), (c.c_uint32 * _MAX_MASKS)()
        for level in range(self._lib.xkb_keymap_num_levels_for_key(self._map, keycode, 0)):
            count = self._lib.xkb_keymap_key_get_syms_by_level(self._map, keycode, 0, level, c.byref(symbols))
            if count == 1:
                ways = self._lib.xkb_keymap_key_get_mods_for_level(self._map, keycode, 0, level, masks, _MAX_MASKS)
                found.append(Level(keycode, symbols[0], tuple(masks[:ways])))
        return found

    def modifier_of(self, keycode: int) -> int:
        """The modifiers (bits) that hold while this key is down; 0 for other keys and those that lock."""
        state = self._lib.xkb_state_new(self._map)
        try:
            self._lib.xkb_state_update_key(state, keycode, _DOWN)
            held: int = self._lib.xkb_state_serialize_mods(state, _DEPRESSED)
            return held
        finally:
            self._lib.xkb_state_unref(state)

    def read(self, keys: list[tuple[int, bool]]) -> list[int]:
        """The keysyms that a guest with this layout gets from keys (X11 keycode, pressed): to prove what was planned."""
        state, read = self._lib.xkb_state_new(self._map), []
        try:
            for keycode, pressed in keys:
                if pressed:
                    read.append(self._lib.xkb_state_key_get_one_sym(state, keycode))
                self._lib.xkb_state_update_key(state, keycode, _DOWN if pressed else _UP)
        finally:
            self._lib.xkb_state_unref(state)
        return read


def character(keysym: int) -> str:
    """The character of a keysym; "" if it is none."""
    code: int = library().xkb_keysym_to_utf32(keysym)
    return chr(code) if code else ""


def name(keysym: int) -> str:
    """X11's name of a keysym: “dead_acute”."""
    room = c.create_string_buffer(64)
    library().xkb_keysym_get_name(keysym, room, len(room))
    return room.value.decode(errors="replace")
