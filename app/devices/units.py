"""libvirt's units of size (formatdomain, "Memory Allocation": K and KiB are 1024, KB is 1000)."""

from __future__ import annotations

_POWERS = "KMGTPE"
FACTORS: dict[str, int] = {"b": 1, "bytes": 1, "byte": 1}
for _power, _letter in enumerate(_POWERS, 1):
    FACTORS[_letter] = FACTORS[f"{_letter}iB"] = 1024**_power
    FACTORS[f"{_letter}B"] = 1000**_power
FACTORS["k"] = FACTORS["kiB"] = 1024  # libvirt compares without case
_BY_LOWER = {name.lower(): factor for name, factor in FACTORS.items()}


def to_bytes(number: str, unit: str) -> int | None:
    """None for a text or a unit that makes no size."""
    factor = _BY_LOWER.get(unit.lower())
    try:
        return None if factor is None else int(number) * factor
    except ValueError:
        return None


def from_bytes(size: int, unit: str, *, fixed: bool) -> tuple[str, str]:
    """Number and unit: in ``unit`` if that makes a whole number (or must be, rounded up), else in KiB, else in bytes."""
    factor = _BY_LOWER.get(unit.lower())
    if factor is None:  # a unit that libvirt does not know: it goes with the number that it was of
        factor, unit = 1024, "KiB"
    if fixed or size % factor == 0:
        return str(-(-size // factor)), unit
    return (str(size // 1024), "KiB") if size % 1024 == 0 else (str(size), "bytes")
