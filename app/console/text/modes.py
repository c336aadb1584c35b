"""What a guest has asked of its terminal beside text.  Immutable; any thread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Modes:
    """mouse: 1 clicks (9: presses alone), 2 drags, 3 every movement.  mouse_form: 0 bytes, 1006 or 1015.

    cursor_shape: 1 block, 2 line, 3 bar.
    """

    application_cursor: bool = False
    application_keypad: bool = False
    newline: bool = False
    bracketed_paste: bool = False
    tells_focus: bool = False
    mouse: int = 0
    mouse_form: int = 0
    alternate: bool = False
    reverse: bool = False
    cursor_visible: bool = True
    cursor_blinks: bool = True
    cursor_shape: int = 1
