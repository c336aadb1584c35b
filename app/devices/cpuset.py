"""libvirt's lists of processors (virBitmapParse): ``0-3,^2,8``."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 16_384
"""The highest number that is taken; libvirt's own limit (VIR_DOMAIN_CPUMASK_LEN)."""

_PART = re.compile(r"(\^)?([0-9]{1,9})(?:-([0-9]{1,9}))?")


def members(text: str) -> frozenset[int] | None:
    """The processors; None for what is no list (an empty text, a range backwards, an exclusion of a range)."""
    found = 0  # a bit for each: a list may name the same ones many times
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            return None
        excluded, first, last = match[1], int(match[2]), int(match[3] or match[2])
        if last < first or last >= MOST or (excluded and match[3]):
            return None
        bits = (1 << last + 1) - (1 << first)
        found = found & ~bits if excluded else found | bits
    return frozenset(cpu for cpu in range(found.bit_length()) if found >> cpu & 1) or None


def spell(cpus: Iterable[int]) -> str:
    """The shortest list of ranges: ``0-3,8``."""
    runs: list[list[int]] = []
    for cpu in sorted(set(cpus)):
        if runs and cpu == runs[-1][1] + 1:
            runs[-1][1] = cpu
        else:
            runs.append([cpu, cpu])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
