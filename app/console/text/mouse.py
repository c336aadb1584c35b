"""Mouse reports to a guest that wants them.  Source: xterm's control sequences, "Mouse Tracking"."""

from __future__ import annotations

from app.console.text.modes import Modes

PRESSES_ALONE = 9
_MOVES, _DRAGS = 3, 2
_LET_GO = 3
_FARTHEST = 223
"""The old form has one byte for a column."""

SHIFT, ALT, CTRL = 1, 2, 4


def report(modes: Modes, row: int, col: int, button: int, *, pressed: bool | None, modifiers: int = 0) -> bytes:
    """What is sent, empty if the guest does not want that.

    button: 1 left, 2 middle, 3 right, 4 to 7 the wheel up, down, left, right; 0 none (for movements).
    pressed: None for a movement with that button held.  Row and column count from 0.
    """
    if not _wanted(modes.mouse, button, pressed):
        return b""
    code = _code(button) + (32 if pressed is None else 0)
    if modes.mouse != PRESSES_ALONE:
        code += (4 if modifiers & SHIFT else 0) + (8 if modifiers & ALT else 0) + (16 if modifiers & CTRL else 0)
    if modes.mouse_form == 1006:
        return b"\x1b[<%d;%d;%d%c" % (code, col + 1, row + 1, ord("m" if pressed is False else "M"))
    if pressed is False:
        code = code & ~3 | _LET_GO
    if modes.mouse_form == 1015:
        return b"\x1b[%d;%d;%dM" % (code + 32, col + 1, row + 1)
    if max(row, col) >= _FARTHEST:
        return b""
    return b"\x1b[M" + bytes((code + 32, col + 33, row + 33))


def _wanted(mouse: int, button: int, pressed: bool | None) -> bool:
    if pressed is None:
        return mouse == _MOVES or (mouse == _DRAGS and button > 0)
    return mouse > 0 and (pressed or (mouse != PRESSES_ALONE and button < 4))


def _code(button: int) -> int:
    return 3 if button == 0 else button - 1 if button < 4 else 64 + button - 4
