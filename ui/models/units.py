"""Numbers with units, as the list shows them."""

from __future__ import annotations

import math

from app.i18n import _

_RATES = ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")


def percent(value: float | None) -> str:
    """``12 %``; empty if not known."""
    if value is None or math.isnan(value):
        return ""
    return f"{value:.0f} %"


def rate(bytes_s: float | None) -> str:
    """Bytes a second with three digits at most, decimal units; empty if not known."""
    if bytes_s is None or math.isnan(bytes_s):
        return ""
    value, unit = bytes_s, 0
    while value >= 999.5 and unit < len(_RATES) - 1:
        value, unit = value / 1000, unit + 1
    digits = 1 if unit and value < 9.95 else 0
    return f"{value:.{digits}f} {_RATES[unit]}"


def memory_size(kib: int | None) -> str:
    """KiB as ``512 MiB`` or ``4 GiB`` (``1.5 GiB``); empty if not known."""
    if kib is None:
        return ""
    if kib < 1024 * 1024:
        return _("{size} MiB").format(size=round(kib / 1024))
    size = kib / (1024 * 1024)
    return _("{size} GiB").format(size=f"{size:.1f}".removesuffix(".0"))
