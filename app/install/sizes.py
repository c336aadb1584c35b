"""Sizes as people type and read them."""

from __future__ import annotations

import re

from app.errors import Invalid
from app.i18n import _

MIB = 1 << 20
GIB = 1 << 30

_UNITS = {
    "": 0,
    "b": 1,
    "k": 1 << 10,
    "kib": 1 << 10,
    "kb": 10**3,
    "m": 1 << 20,
    "mib": 1 << 20,
    "mb": 10**6,
    "g": 1 << 30,
    "gib": 1 << 30,
    "gb": 10**9,
    "t": 1 << 40,
    "tib": 1 << 40,
    "tb": 10**12,
}
_SIZE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-zA-Z]*)\s*")


def parse_size(text: str, *, unit: int = GIB) -> int:
    """Bytes of "8 GiB", "512MiB", "1,5 T" or a bare number of ``unit``.  Raises ``Invalid``."""
    match = _SIZE.fullmatch(text)
    factor = _UNITS.get(match[2].lower()) if match else None
    if match is None or factor is None:
        raise Invalid(_("“{text}” is no size.").format(text=text), next_step=_("Write it like 8 GiB or 512 MiB."))
    return round(float(match[1].replace(",", ".")) * (factor or unit))


def format_size(size: int) -> str:
    """ "4 GiB", "1.5 GiB", "768 MiB"."""
    for factor, word in ((1 << 40, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (1 << 10, "KiB")):
        if size >= factor:
            number = f"{size / factor:.1f}".removesuffix(".0")
            return f"{number} {word}"
    return _("{count} bytes").format(count=size)
