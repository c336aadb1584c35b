"""Sizes as people type and read them, without losing a byte."""

from __future__ import annotations

from app.errors import Invalid
from app.install.sizes import parse_size

_UNITS = (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))


def exact(value: str) -> str:
    """ "4 GiB" for "4294967296"; the largest unit that loses nothing.  A text that is no number as it is."""
    if not value.isdecimal():
        return value
    size = int(value)
    for word, factor in _UNITS:
        hundredths, rest = divmod(size * 100, factor)
        if size >= factor and not rest:
            number = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
            return f"{number} {word}"
    return f"{size} B"


def unit_of(shown: str, fallback: int) -> int:
    """Bytes of the unit that a shown size has, for numbers that are typed without one."""
    word = shown.rpartition(" ")[2]
    return dict(_UNITS).get(word, 1 if word == "B" else fallback)


def parse(text: str, unit: int) -> str | None:
    """Bytes as text; None for what is no size."""
    try:
        return str(parse_size(text, unit=unit))
    except (Invalid, OverflowError):
        return None
