"""A keyboard layout as a table: which keys give a character, and what is printed on each key."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.console.keys import xkb
from app.console.keys.scancodes import XKB_OFFSET, of_xkb

Stroke = tuple[tuple[int, int], ...]
"""Keys that are pressed together, the modifiers first: (scancode, keysym) each."""

DEAD: dict[str, str] = {
    "grave": "\u0300", "acute": "\u0301", "circumflex": "\u0302", "tilde": "\u0303", "macron": "\u0304", "breve": "\u0306",
    "abovedot": "\u0307", "diaeresis": "\u0308", "abovering": "\u030a", "doubleacute": "\u030b", "caron": "\u030c",
    "cedilla": "\u0327", "ogonek": "\u0328", "belowdot": "\u0323", "hook": "\u0309", "horn": "\u031b",
}  # fmt: skip
"""X11's dead keys (dead_...) and the accent of Unicode that they put on the next character, on every system alike."""

SPACING: dict[str, str] = {"grave": "`", "acute": "´", "circumflex": "^", "tilde": "~", "diaeresis": "¨"}
"""What these give when the space bar follows: the same on X11, Windows and the Linux console."""

_LOCKS = 0x02
"""Bit of Caps Lock: a way that needs it is no way."""

_WRITTEN = frozenset({*range(2, 14), *range(16, 28), *range(30, 42), *range(43, 54), 57, 86, 89, 124})
"""Evdev codes of the keys that write on a usual keyboard; X11 has further ones, such as keys for "(" alone."""

_ODD_KEY = 94
"""Keycode of the key beside the left Shift, which American keyboards do not have: taken only if no other key will do."""

_SHIFT = frozenset({0x2A, 0x36})

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}")


@dataclass(frozen=True, slots=True)
class Layout:
    """typed: the strokes for each character that this layout can type.  labels: scancode to what its levels give."""

    name: str
    typed: Mapping[str, tuple[Stroke, ...]] = field(repr=False)
    labels: Mapping[int, tuple[str, ...]] = field(repr=False)


@functools.lru_cache(maxsize=16)
def load(name: str) -> Layout:
    """The layout “de” or “de(nodeadkeys)”.  Some milliseconds; any thread.  Raises Unsupported."""
    layout, _open, variant = name.rstrip(")").partition("(")
    if not _NAME.fullmatch(layout) or (variant and not _NAME.fullmatch(variant)):
        layout = "-"  # the library refuses it with the right words
    with xkb.Keymap(layout, variant) as keymap:
        levels = [level for keycode in keymap.keycodes if of_xkb(keycode) for level in keymap.levels(keycode)]
        holders = _holders(keymap, levels)
    return Layout(name, _table(levels, holders), _labels(levels))


def _holders(keymap: xkb.Keymap, levels: Iterable[xkb.Level]) -> dict[int, tuple[int, int]]:
    """For each modifier (bits) the key that holds it: scancode and keysym; the left one where there are two."""
    holders: dict[int, tuple[int, int]] = {}
    for keycode, keysym, masks in levels:
        if 0 in masks and (held := keymap.modifier_of(keycode)):
            holders.setdefault(held, (of_xkb(keycode), keysym))
    return holders


def _table(levels: Iterable[xkb.Level], holders: Mapping[int, tuple[int, int]]) -> dict[str, tuple[Stroke, ...]]:
    direct: dict[str, Stroke] = {}
    dead: dict[str, Stroke] = {}
    for _rank, keysym, stroke in sorted(_ways(levels, holders)):
        if char := xkb.character(keysym):
            direct.setdefault(unicodedata.normalize("NFC", char), stroke)  # text comes so, too
        elif (name := xkb.name(keysym)).startswith("dead_"):
            dead.setdefault(name.removeprefix("dead_"), stroke)
    table = _accented(direct, dead) | {char: (stroke,) for char, stroke in direct.items() if char.isprintable()}
    for char, key in (("\n", (0x1C, 0xFF0D)), ("\t", (0x0F, 0xFF09))):
        table[char] = ((key,),)
    return table


def _ways(levels: Iterable[xkb.Level], holders: Mapping[int, tuple[int, int]]) -> Iterable[tuple[tuple[int, ...], int, Stroke]]:
    """Every way to every symbol, with its rank: the lower the better.

    Ways with AltGr come last: other systems have fewer of them than X11.
    """
    for keycode, keysym, masks in levels:
        if keycode - XKB_OFFSET not in _WRITTEN:
            continue
        for mask in masks:
            held = _held(mask, holders)
            if held is not None and not mask & _LOCKS:
                further = any(code not in _SHIFT for code, _sym in held)
                rank = (int(further), int(keycode == _ODD_KEY), len(held), keycode)
                yield rank, keysym, (*held, (of_xkb(keycode), keysym))


def _held(mask: int, holders: Mapping[int, tuple[int, int]]) -> Stroke | None:
    """The keys to hold for exactly these modifiers; None if there are none."""
    keys, left = [], mask
    for bits, key in sorted(holders.items()):
        if bits & left == bits:
            keys.append(key)
            left &= ~bits
    return tuple(keys) if not left else None


def _accented(direct: Mapping[str, Stroke], dead: Mapping[str, Stroke]) -> dict[str, tuple[Stroke, ...]]:
    """What needs a dead key before it."""
    table: dict[str, tuple[Stroke, ...]] = {}
    for name, stroke in dead.items():
        if name in SPACING and " " in direct:
            table.setdefault(SPACING[name], (stroke, direct[" "]))
        for char, base in direct.items():
            whole = unicodedata.normalize("NFC", char + DEAD[name]) if name in DEAD else ""
            if len(whole) == 1:
                table.setdefault(whole, (stroke, base))
    return table


def _labels(levels: Iterable[xkb.Level]) -> dict[int, tuple[str, ...]]:
    """A dead key shows its accent."""
    labels: dict[int, list[str]] = {}
    for keycode, keysym, _masks in levels:
        name = xkb.name(keysym).removeprefix("dead_")
        char = xkb.character(keysym) or SPACING.get(name, "") or DEAD.get(name, "")
        labels.setdefault(of_xkb(keycode), []).append(char if char.isprintable() else "")
    return {code: tuple(chars) for code, chars in labels.items()}
