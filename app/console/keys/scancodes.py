"""Keys by their place on the keyboard: Linux's evdev codes to XT scancodes, set 1 (extended ones as 0xE000|code).

Source: the column "AT set1 keycode" of keycodemapdb's keymaps.csv (commit 22b8996), which QEMU and gtk-vnc use, with
three exceptions that are QEMU's own way (``qapi/ui.json``, ``hw/input/ps2.c``, ``keycodemap-gen``):

* Print (99) is 0xE037; QEMU makes SysRq of it while Alt is held.
* Hangul and Hanja (122, 123) are sent by the keyboard as 0xF2 and 0xF1 without a release; QEMU names them 0xE072 and 0xE071.
* Battery and Bluetooth (236, 237), which would have the same numbers, are left out.
"""

from __future__ import annotations

_PLAIN: dict[int, int] = {
    **{code: code for code in (*range(1, 84), 86, 87, 88)},  # the first 83 codes are the XT keyboard itself
    85: 0x76, 89: 0x73, 90: 0x78, 91: 0x77, 92: 0x79, 93: 0x70, 94: 0x7B, 95: 0x5C, 101: 0x5B, 117: 0x59, 121: 0x7E,
    124: 0x7D, 134: 0x64, 135: 0x65, 141: 0x66, 144: 0x67, 145: 0x68, 146: 0x69, 151: 0x6A, 153: 0x6B, 161: 0x6C,
    169: 0x63, 177: 0x75, 183: 0x5D, 184: 0x5E, 185: 0x5F, 186: 0x55, 190: 0x5A, 191: 0x74, 193: 0x6D, 194: 0x6F,
}  # fmt: skip

_EXTENDED: dict[int, int] = {
    96: 0x1C, 97: 0x1D, 98: 0x35, 99: 0x37, 100: 0x38, 102: 0x47, 103: 0x48, 104: 0x49, 105: 0x4B, 106: 0x4D, 107: 0x4F,
    108: 0x50, 109: 0x51, 110: 0x52, 111: 0x53, 112: 0x6F, 113: 0x20, 114: 0x2E, 115: 0x30, 116: 0x5E, 118: 0x4E,
    119: 0x46, 120: 0x0B, 122: 0x72, 123: 0x71, 125: 0x5B, 126: 0x5C, 127: 0x5D, 128: 0x68, 129: 0x05, 130: 0x06,
    131: 0x07, 132: 0x0C, 133: 0x78, 136: 0x41, 137: 0x3C, 138: 0x75, 139: 0x1E, 140: 0x21, 142: 0x5F, 143: 0x63,
    147: 0x13, 148: 0x1F, 149: 0x17, 150: 0x02, 152: 0x12, 154: 0x26, 155: 0x6C, 156: 0x66, 157: 0x6B, 158: 0x6A,
    159: 0x69, 160: 0x23, 162: 0x7D, 163: 0x19, 164: 0x22, 165: 0x10, 166: 0x24, 167: 0x31, 168: 0x18, 171: 0x01,
    172: 0x32, 173: 0x67, 176: 0x08, 178: 0x0F, 179: 0x76, 180: 0x7B, 181: 0x09, 182: 0x0A, 187: 0x03, 188: 0x77,
    189: 0x04, 192: 0x79, 200: 0x28, 201: 0x29, 202: 0x2B, 203: 0x2C, 204: 0x2D, 205: 0x25, 206: 0x2F, 207: 0x33,
    208: 0x34, 209: 0x36, 210: 0x39, 211: 0x3A, 212: 0x3B, 213: 0x3D, 214: 0x3E, 215: 0x3F, 216: 0x40, 217: 0x65,
    218: 0x42, 219: 0x43, 220: 0x44, 221: 0x45, 222: 0x14, 223: 0x4A, 224: 0x4C, 225: 0x54, 226: 0x6D, 227: 0x56,
    228: 0x57, 229: 0x58, 230: 0x59, 231: 0x5A, 232: 0x64, 233: 0x0E, 234: 0x55, 235: 0x70, 238: 0x73, 239: 0x74,
}  # fmt: skip

EVDEV_TO_XT: dict[int, int] = {**_PLAIN, **{code: 0xE000 | xt for code, xt in _EXTENDED.items()}}

XKB_OFFSET = 8
"""What X11, Wayland and libxkbcommon add to evdev's numbers."""


_BACK: dict[int, int] = {xt: evdev + XKB_OFFSET for evdev, xt in EVDEV_TO_XT.items()}


def to_xkb(scancode: int) -> int:
    """The keycode of X11 of a scancode; 0 if there is none."""
    return _BACK.get(scancode, 0)


def of_xkb(keycode: int) -> int:
    """The scancode of a keycode of X11 or libxkbcommon (rules "evdev"); 0 if a PC keyboard has no such key."""
    return EVDEV_TO_XT.get(keycode - XKB_OFFSET, 0)
