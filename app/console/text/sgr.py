"""Select Graphic Rendition: from ``CSI ... m`` to a style.  Source: ECMA-48 8.3.117, xterm's control sequences, ISO 8613-6."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from app.console.text.cells import DEFAULT, PLAIN, TRUE_COLOUR, Style

_FLAGS: dict[int, dict[str, bool | int]] = {
    1: {"bold": True}, 2: {"faint": True}, 3: {"italic": True}, 4: {"underline": 1}, 5: {"blink": True}, 6: {"blink": True},
    7: {"reverse": True}, 8: {"conceal": True}, 9: {"strike": True}, 21: {"underline": 2}, 22: {"bold": False, "faint": False},
    23: {"italic": False}, 24: {"underline": 0}, 25: {"blink": False}, 27: {"reverse": False}, 28: {"conceal": False},
    29: {"strike": False}, 39: {"fg": DEFAULT}, 49: {"bg": DEFAULT},
}  # fmt: skip


@lru_cache(maxsize=2048)
def styled(style: Style, parameters: str) -> Style:
    """``style`` after the sequence with these parameters."""
    groups = [[_number(part) for part in group.split(":")] for group in parameters.split(";")[:64]]
    at = 0
    while at < len(groups):
        group = groups[at]
        code = group[0]
        at += 1
        if code in (38, 48):
            colour, used = (_colour(group[1:]), 0) if len(group) > 1 else _colour_in(groups[at : at + 4])
            at += used
            if colour is not None:
                style = replace(style, fg=colour) if code == 38 else replace(style, bg=colour)
        else:
            style = _one(style, code, group[1:])
    return PLAIN if style == PLAIN else style


def _one(style: Style, code: int, details: list[int]) -> Style:
    if code == 0:
        return PLAIN
    if code == 4 and details:
        return replace(style, underline=min(details[0], 3))
    if code in _FLAGS:
        return replace(style, **_FLAGS[code])  # type: ignore[arg-type]
    for first, base in ((30, 0), (90, 8)):
        if first <= code < first + 8:
            return replace(style, fg=code - first + base)
        if first + 10 <= code < first + 18:
            return replace(style, bg=code - first - 10 + base)
    return style


def _colour_in(groups: list[list[int]]) -> tuple[int | None, int]:
    """The colour of the old form, its parts by semicolons, and how many of these belong to it."""
    parts = [group[0] for group in groups]
    if parts[:1] == [5]:
        return _colour(parts[:2]), 2
    if parts[:1] == [2]:
        return _colour(parts[:4]), 4
    return None, 0


def _colour(parts: list[int]) -> int | None:
    if len(parts) >= 2 and parts[0] == 5 and parts[1] < 256:
        return parts[1]
    if len(parts) >= 4 and parts[0] == 2:
        red, green, blue = parts[-3:] if len(parts) == 4 else parts[2:5]  # with an (empty) colour space before them
        if max(red, green, blue) < 256:
            return TRUE_COLOUR | red << 16 | green << 8 | blue
    return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
