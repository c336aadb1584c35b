"""Keys as the guest's keyboard knows them: XT scancodes, set 1 (extended ones as 0xE000|code).

X11 and Wayland give the evdev code plus 8 as Qt's ``nativeScanCode``; ``app.console.keys.scancodes`` has the table.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.console.keys.scancodes import of_xkb

_ROWS: tuple[tuple[int, str, str], ...] = (
    (0x02, "1234567890-=", "!@#$%^&*()_+"),
    (0x10, "qwertyuiop[]", "QWERTYUIOP{}"),
    (0x1E, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (0x39, " ", " "),
)

CHARACTER_TO_XT: dict[str, tuple[int, bool]] = {
    **{char: (start + at, True) for start, _low, high in _ROWS for at, char in enumerate(high)},
    **{char: (start + at, False) for start, low, _high in _ROWS for at, char in enumerate(low)},
    "\t": (0x0F, False),
    "\n": (0x1C, False),
}
"""US layout: scancode, and whether Shift is needed."""

_K = Qt.Key
SPECIAL: dict[int, tuple[int, int]] = {
    _K.Key_Escape: (0x01, 0xFF1B), _K.Key_Backspace: (0x0E, 0xFF08), _K.Key_Tab: (0x0F, 0xFF09),
    _K.Key_Backtab: (0x0F, 0xFF09), _K.Key_Return: (0x1C, 0xFF0D), _K.Key_Enter: (0xE01C, 0xFF8D),
    _K.Key_Control: (0x1D, 0xFFE3), _K.Key_Shift: (0x2A, 0xFFE1), _K.Key_Alt: (0x38, 0xFFE9),
    _K.Key_AltGr: (0xE038, 0xFE03), _K.Key_CapsLock: (0x3A, 0xFFE5), _K.Key_NumLock: (0x45, 0xFF7F),
    _K.Key_ScrollLock: (0x46, 0xFF14), _K.Key_Meta: (0xE05B, 0xFFEB), _K.Key_Super_L: (0xE05B, 0xFFEB),
    _K.Key_Super_R: (0xE05C, 0xFFEC), _K.Key_Menu: (0xE05D, 0xFF67), _K.Key_Home: (0xE047, 0xFF50),
    _K.Key_Left: (0xE04B, 0xFF51), _K.Key_Up: (0xE048, 0xFF52), _K.Key_Right: (0xE04D, 0xFF53),
    _K.Key_Down: (0xE050, 0xFF54), _K.Key_PageUp: (0xE049, 0xFF55), _K.Key_PageDown: (0xE051, 0xFF56),
    _K.Key_End: (0xE04F, 0xFF57), _K.Key_Insert: (0xE052, 0xFF63), _K.Key_Delete: (0xE053, 0xFFFF),
    _K.Key_Print: (0xE037, 0xFF61), _K.Key_SysReq: (0x54, 0xFF15), _K.Key_Pause: (0xE046, 0xFF13),
    **{_K.Key_F1 + n: (0x3B + n, 0xFFBE + n) for n in range(10)},
    _K.Key_F11: (0x57, 0xFFC8), _K.Key_F12: (0x58, 0xFFC9),
}  # fmt: skip
"""Keys without a character: scancode and X11 keysym."""


def scancode(native: int, key: int) -> int:
    """The XT scancode of a Qt key event; by position where the platform tells it, else by a US layout; 0 if unknown."""
    code = of_xkb(native)
    if code:
        return code
    if key in SPECIAL:
        return SPECIAL[key][0]
    return CHARACTER_TO_XT.get(chr(key), (0, False))[0] if 0x20 <= key < 0x7F else 0


def keysym(native_virtual: int, key: int, text: str) -> int:
    """The X11 keysym, for servers that know no scancodes; 0 if there is none."""
    if native_virtual:
        return native_virtual
    if key in SPECIAL:
        return SPECIAL[key][1]
    if len(text) == 1 and text.isprintable():
        return keysym_of(text)
    if 0x20 <= key < 0x7F:
        return ord(chr(key).lower())
    return 0


def keysym_of(char: str) -> int:
    """X11: Latin-1 characters are their own keysyms, all others are 0x01000000 plus the code point."""
    code = ord(char)
    return code if code < 0x100 else 0x01000000 | code
