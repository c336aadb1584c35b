"""The data types that libvirt's schemas use: XML Schema's, with their facets."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from app.i18n import N_, _

_RANGES: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "negativeInteger": (None, -1),
    "nonPositiveInteger": (None, 0),
}
_DATE = r"-?\d{4,}-\d\d-\d\d"
_TIME = r"\d\d:\d\d:\d\d(\.\d+)?"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_FORMS = {
    "dateTime": rf"{_DATE}T{_TIME}{_ZONE}",
    "date": _DATE + _ZONE,
    "time": _TIME + _ZONE,
    "boolean": "true|false|0|1",
    "NCName": r"[^\W\d][\w.\-]*",
    "ID": r"[^\W\d][\w.\-]*",
    "Name": r"[^\W\d][\w.\-:]*",
    "NMTOKEN": r"[\w.\-:]+",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN",
    "float": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
}
_LIMITS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "minInclusive": lambda value, limit: value >= limit,
    "maxInclusive": lambda value, limit: value <= limit,
    "minExclusive": lambda value, limit: value > limit,
    "maxExclusive": lambda value, limit: value < limit,
}
_SIZES: dict[str, Callable[[int, int], bool]] = {
    "length": lambda size, limit: size == limit,
    "minLength": lambda size, limit: size >= limit,
    "maxLength": lambda size, limit: size <= limit,
}
_WORDS = {
    "absFilePath": N_("an absolute path"),
    "absDirPath": N_("an absolute path of a folder"),
    "UUID": N_("a UUID"),
    "uniMacAddr": N_("a MAC address that is no multicast address"),
    "macAddr": N_("a MAC address"),
    "ipAddr": N_("an IP address"),
    "ipv4Addr": N_("an IPv4 address"),
    "ipv6Addr": N_("an IPv6 address"),
    "dnsName": N_("a host name"),
    "cpuset": N_("numbers of CPUs, such as 0-3,^2"),
    "PortNumber": N_("a port number"),
    "filePath": N_("a path"),
    "deviceName": N_("a device's name"),
    "unit": N_("a unit, such as KiB, MiB or GiB"),
}
"""What the definitions of libvirt's basictypes.rng mean to people."""


@dataclass(frozen=True, slots=True)
class DataType:
    """name: XML Schema's.  define: the definition of libvirt's that has it ("absFilePath").  params: facets as (name, value)."""

    name: str
    define: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it is a whole number."""
        return self.name in _RANGES

    @property
    def patterns(self) -> tuple[str, ...]:
        """XML Schema's regular expressions, all of which have to match."""
        return tuple(value for name, value in self.params if name == "pattern")

    @property
    def limits(self) -> tuple[int | None, int | None]:
        """The lowest and highest whole number."""
        low, high = _RANGES.get(self.name, (None, None))
        for name, value in self.params:
            try:
                number = int(value)
            except ValueError:
                continue
            if name in ("minInclusive", "minExclusive"):
                number += name == "minExclusive"
                low = number if low is None else max(low, number)
            elif name in ("maxInclusive", "maxExclusive"):
                number -= name == "maxExclusive"
                high = number if high is None else min(high, number)
        return low, high

    def allows(self, text: str) -> bool:
        """Whether ``text`` is of this type."""
        value = text if self.name == "string" else " ".join(text.split())
        if not self._has_form(value):
            return False
        # libxml2, by which libvirt validates, holds patterns against the text with its blanks
        return all(self._obeys(name, limit, text if name == "pattern" else value) for name, limit in self.params)

    def _has_form(self, value: str) -> bool:
        if self.is_number:
            if not re.fullmatch(r"[+-]?[0-9]{1,400}", value):
                return False
            low, high = _RANGES[self.name]
            return (low is None or int(value) >= low) and (high is None or int(value) <= high)
        form = _FORMS.get(self.name)
        return form is None or re.fullmatch(form, value) is not None

    def _obeys(self, name: str, limit: str, value: str) -> bool:
        if name == "pattern":
            return expression(limit).fullmatch(value) is not None
        try:
            if name in _LIMITS:
                return _LIMITS[name](Decimal(value), Decimal(limit))
            return name not in _SIZES or _SIZES[name](len(value), int(limit))
        except (InvalidOperation, ValueError):
            return False

    def words(self) -> str:
        """What is wanted, for people: "a whole number from 0 to 255"."""
        if self.define in _WORDS:
            return _(_WORDS[self.define])
        if self.is_number:
            return self._range_words()
        if self.name == "dateTime":
            return _("a date and time, such as 2026-01-31T12:00:00")
        if self.name in ("double", "float", "decimal"):
            return _("a number")
        if self.patterns:
            return _("text of the form {pattern}").format(pattern=self.patterns[0])
        return _("text")

    def _range_words(self) -> str:
        low, high = self.limits
        if low is not None and high is not None and high < 2**31:
            return _("a whole number from {low} to {high}").format(low=low, high=high)
        if low is not None and low > -(2**31):
            return _("a whole number, {low} or more").format(low=low)
        return _("a whole number")


@lru_cache(maxsize=1024)
def expression(pattern: str) -> re.Pattern[str]:
    """XML Schema's regular expression as Python's; what Python cannot read matches everything."""
    try:
        with warnings.catch_warnings():  # "--" in a class may get a meaning in a later Python; here it is as XML Schema has it
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(_translated(pattern), re.DOTALL)
    except re.error:
        return re.compile("(?s:.*)")


def _translated(pattern: str) -> str:
    """There are no anchors in XML Schema, and a class may not hold ``[`` by itself in newer Pythons."""
    out: list[str] = []
    inside = escaped = False
    for sign in pattern:
        if escaped:
            out.append({"i": "[^\\W\\d]", "c": "[\\w.:-]"}.get(sign, "\\" + sign))
            escaped = False
        elif sign == "\\":
            escaped = True
        elif inside:
            special = sign in "[&~|" or (sign == "-" and out[-1] == "-")  # Python may read them as operations on sets
            out.append("\\" + sign if special else sign)
            inside = sign != "]"
        else:
            inside = sign == "["
            out.append("\\" + sign if sign in "^$" else ("[^\\n\\r]" if sign == "." else sign))
    return "".join(out)
