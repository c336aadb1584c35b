"""Keys pressed together, as people name and record them: “Ctrl+Alt”, “Right Ctrl”, “Ctrl+Alt+F2”.

Saved as names joined by “+”.  A key that this keyboard labels otherwise than a US one carries its label: “Ctrl+Y=Z” is
the key in the place of the American Y, on which a German keyboard has a Z.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.console.keys.scancodes import EVDEV_TO_XT
from app.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Key:
    """``codes``: the scancodes that count as this key, the one that is sent first; ``keysym``: X11's."""

    name: str
    codes: tuple[int, ...]
    keysym: int
    title: str = ""
    modifier: bool = False

    @property
    def text(self) -> str:
        """For people."""
        return _(self.title) if self.title else self.name


@dataclass(frozen=True, slots=True)
class Chord:
    """Keys that are held together, in the order in which they are pressed; ``labels`` beside the keys, "" for the usual."""

    keys: tuple[Key, ...]
    labels: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For people: “Ctrl+Alt+Z”."""
        return "+".join(label or key.text for key, label in zip(self.keys, self._labels(), strict=True))

    @property
    def saved(self) -> str:
        """For the settings; ``parse`` reads it."""
        pairs = zip(self.keys, self._labels(), strict=True)
        return "+".join(f"{key.name}={label}" if label else key.name for key, label in pairs)

    @property
    def strokes(self) -> tuple[tuple[int, int], ...]:
        """(scancode, keysym) each, as ``Keyboard.tap`` takes them."""
        return tuple((key.codes[0], key.keysym) for key in self.keys)

    @property
    def only_modifiers(self) -> bool:
        """True for “Ctrl+Alt”."""
        return all(key.modifier for key in self.keys)

    def held_by(self, codes: frozenset[int]) -> bool:
        """Whether exactly these keys are down."""
        every = {code for key in self.keys for code in key.codes}
        return codes <= every and all(codes.intersection(key.codes) for key in self.keys)

    def _labels(self) -> tuple[str, ...]:
        return self.labels or ("",) * len(self.keys)


def _modifier(name: str, title: str, keysym: int, *codes: int) -> Key:
    return Key(name, codes, keysym, title, modifier=True)


MODIFIERS: tuple[Key, ...] = (
    _modifier("Ctrl", N_("Ctrl"), 0xFFE3, 0x1D, 0xE01D),
    _modifier("Alt", N_("Alt"), 0xFFE9, 0x38, 0xE038),
    _modifier("Shift", N_("Shift"), 0xFFE1, 0x2A, 0x36),
    _modifier("Super", N_("Super"), 0xFFEB, 0xE05B, 0xE05C),
    _modifier("LeftCtrl", N_("Left Ctrl"), 0xFFE3, 0x1D),
    _modifier("RightCtrl", N_("Right Ctrl"), 0xFFE4, 0xE01D),
    _modifier("LeftAlt", N_("Left Alt"), 0xFFE9, 0x38),
    _modifier("RightAlt", N_("AltGr"), 0xFE03, 0xE038),
    _modifier("LeftShift", N_("Left Shift"), 0xFFE1, 0x2A),
    _modifier("RightShift", N_("Right Shift"), 0xFFE2, 0x36),
    _modifier("LeftSuper", N_("Left Super"), 0xFFEB, 0xE05B),
    _modifier("RightSuper", N_("Right Super"), 0xFFEC, 0xE05C),
)
"""Those of either side first."""

_NAMED: tuple[tuple[str, int, int, str], ...] = (
    ("Escape", 1, 0xFF1B, N_("Esc")), ("Backspace", 14, 0xFF08, N_("Backspace")), ("Tab", 15, 0xFF09, N_("Tab")),
    ("Return", 28, 0xFF0D, N_("Enter")), ("Space", 57, 0x20, N_("Space")), ("CapsLock", 58, 0xFFE5, N_("Caps Lock")),
    ("NumLock", 69, 0xFF7F, N_("Num Lock")), ("ScrollLock", 70, 0xFF14, N_("Scroll Lock")),
    ("Print", 99, 0xFF61, N_("Print Screen")), ("Pause", 119, 0xFF13, N_("Pause")), ("Menu", 127, 0xFF67, N_("Menu")),
    ("Home", 102, 0xFF50, N_("Home")), ("Up", 103, 0xFF52, N_("Up")), ("PageUp", 104, 0xFF55, N_("Page Up")),
    ("Left", 105, 0xFF51, N_("Left")), ("Right", 106, 0xFF53, N_("Right")), ("End", 107, 0xFF57, N_("End")),
    ("Down", 108, 0xFF54, N_("Down")), ("PageDown", 109, 0xFF56, N_("Page Down")), ("Insert", 110, 0xFF63, N_("Insert")),
    ("Delete", 111, 0xFFFF, N_("Del")), ("KeypadEnter", 96, 0xFF8D, N_("Enter of the number pad")),
    ("VolumeMute", 113, 0x1008FF12, N_("Mute")), ("VolumeDown", 114, 0x1008FF11, N_("Volume down")),
    ("VolumeUp", 115, 0x1008FF13, N_("Volume up")), ("PlayPause", 164, 0x1008FF14, N_("Play and pause")),
    ("NextTrack", 163, 0x1008FF17, N_("Next track")), ("PreviousTrack", 165, 0x1008FF16, N_("Previous track")),
    ("StopTrack", 166, 0x1008FF15, N_("Stop playing")), ("BrightnessDown", 224, 0x1008FF03, N_("Darker screen")),
    ("BrightnessUp", 225, 0x1008FF02, N_("Brighter screen")), ("Sleep", 142, 0x1008FF2F, N_("Sleep")),
    ("Power", 116, 0x1008FF2A, N_("Power")),
    ("Less", 86, 0x3C, N_("Key beside the left Shift")), ("Minus", 12, 0x2D, "-"), ("Equal", 13, 0x3D, "="),
    ("BracketLeft", 26, 0x5B, "["), ("BracketRight", 27, 0x5D, "]"), ("Semicolon", 39, 0x3B, ";"),
    ("Quote", 40, 0x27, "'"), ("Backquote", 41, 0x60, "`"), ("Backslash", 43, 0x5C, "\\"), ("Comma", 51, 0x2C, ","),
    ("Period", 52, 0x2E, "."), ("Slash", 53, 0x2F, "/"),
)  # fmt: skip
"""Name, evdev code, keysym, title."""

_LETTER_ROWS = ((2, "1234567890"), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
_FUNCTION_KEYS = (*range(59, 69), 87, 88, *range(183, 195))


def _all_keys() -> dict[str, Key]:
    keys = {key.name: key for key in MODIFIERS}
    keys |= {name: Key(name, (EVDEV_TO_XT[code],), sym, title) for name, code, sym, title in _NAMED}
    for start, row in _LETTER_ROWS:
        keys |= {char: Key(char, (EVDEV_TO_XT[start + at],), ord(char.lower())) for at, char in enumerate(row)}
    for number, code in enumerate(_FUNCTION_KEYS, 1):
        keys[f"F{number}"] = Key(f"F{number}", (EVDEV_TO_XT[code],), 0xFFBD + number)
    known = {code for key in keys.values() for code in key.codes}
    # Whatever else a keyboard has can be recorded too.
    rest = {f"Code{evdev}": code for evdev, code in EVDEV_TO_XT.items() if code not in known}
    return keys | {name: Key(name, (code,), 0) for name, code in rest.items()}


KEYS: dict[str, Key] = _all_keys()

_BY_CODE: dict[int, Key] = {key.codes[0]: key for key in KEYS.values() if len(key.codes) == 1}
_EITHER: dict[int, Key] = {code: key for key in MODIFIERS if len(key.codes) > 1 for code in key.codes}


def key_of(code: int, *, either_side: bool = False) -> Key | None:
    """The key of a scancode; ``either_side``: “Ctrl” instead of “Left Ctrl”."""
    return (_EITHER.get(code) if either_side else None) or _BY_CODE.get(code)


def chord(*names: str) -> Chord:
    """Of names in ``KEYS``."""
    return Chord(tuple(KEYS[name] for name in names))


def parse(saved: str) -> Chord | None:
    """What ``Chord.saved`` wrote; None for what makes no sense (a file edited by hand)."""
    parts = [part.partition("=") for part in saved.split("+")]
    if len({name for name, _sep, _label in parts}) != len(parts) or any(name not in KEYS for name, _sep, _label in parts):
        return None
    return Chord(tuple(KEYS[name] for name, _sep, _label in parts), tuple(label[:12] for _name, _sep, label in parts))


def parse_all(saved: list[object]) -> list[Chord]:
    """Those of a list from the settings that make sense."""
    return [one for one in (parse(each) for each in saved if isinstance(each, str)) if one is not None]


def objection(one: Chord) -> str:
    """Why this would be a bad key to release the keyboard with, as a sentence; empty if it is fine."""
    names = {key.name for key in one.keys}
    held, rest = [key for key in one.keys if key.modifier], [key for key in one.keys if not key.modifier]
    if len(rest) > 1:
        return _("Choose at most one key beside Ctrl, Alt, Shift and Super.")
    if not rest and len(held) == 1 and not names & {"RightCtrl", "RightAlt", "RightShift", "RightSuper"}:
        return _("This key is needed for typing. Add another one, or take the one at the right.")
    if rest and rest[0].name in ("CapsLock", "NumLock", "Power", "Sleep"):
        return _("This key changes something by itself.")
    typed = rest and rest[0].name not in _SINGLE and not rest[0].name.startswith("Code")
    if typed and names - {rest[0].name} <= {"Shift", "LeftShift", "RightShift"}:
        return _("This key is needed for typing. Hold Ctrl or Alt with it.")
    if rest and rest[0].name == "Delete" and len(held) > 1:
        return _("Ctrl+Alt+Del is for the guest.")
    return ""


_SINGLE = frozenset(
    {"ScrollLock", "Pause", "Print", "Menu", "VolumeMute", "PlayPause", "StopTrack", *(f"F{number}" for number in range(1, 25))}
)
"""Keys that may stand alone."""
