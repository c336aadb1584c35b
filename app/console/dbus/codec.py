"""D-Bus' wire format, as much of it as QEMU's display speaks: flat values, arrays of them, and property tables.

Source: D-Bus specification 0.41, "Message Protocol".  Small and strict on purpose: what a server may send is known
beforehand, and a type that is not one of these is refused instead of followed.
"""

from __future__ import annotations

import struct
from typing import Any

FIXED = {"y": "B", "b": "I", "n": "h", "q": "H", "i": "i", "u": "I", "h": "I", "x": "q", "t": "Q", "d": "d"}
"""Basic types of a fixed size, as ``struct`` calls them."""

ALIGN = {"y": 1, "n": 2, "q": 2, "x": 8, "t": 8, "d": 8, "g": 1, "v": 1, "(": 8, "{": 8}
"""All others: 4."""

MOST_ITEMS = 4096
"""Of an array of anything but bytes."""


class Malformed(ValueError):
    """The data is not what its signature says, or of a type that is not spoken here."""


def split(signature: str) -> list[str]:
    """The complete types of a signature: "ua{sv}as" -> "u", "a{sv}", "as"."""
    kinds, rest = [], signature
    while rest:
        kind = "a{sv}" if rest.startswith("a{sv}") else rest[:2] if rest[0] == "a" else rest[0]
        if kind != "a{sv}" and not (kind[-1] in FIXED or kind[-1] in "sogv"):
            raise Malformed(f"signature {signature!r}")
        kinds.append(kind)
        rest = rest[len(kind) :]
    return kinds


class Reader:
    """Takes values from the beginning of ``data``, which are aligned from there (or from ``at``)."""

    def __init__(self, data: bytes | bytearray | memoryview, at: int = 0) -> None:
        self.data, self.at = memoryview(data), at

    def align(self, size: int) -> None:
        """To the next multiple."""
        self.at += -self.at % size

    def raw(self, count: int) -> memoryview:
        """The next bytes."""
        if count > len(self.data) - self.at:
            raise Malformed("cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def values(self, signature: str) -> tuple[Any, ...]:
        """One for each complete type."""
        return tuple(self.value(kind) for kind in split(signature))

    def value(self, kind: str) -> Any:
        """One complete type, as ``split`` gives it."""
        if kind in FIXED:
            self.align(ALIGN.get(kind, 4))
            found = struct.unpack("<" + FIXED[kind], self.raw(struct.calcsize("<" + FIXED[kind])))[0]
            return bool(found) if kind == "b" else found
        if kind in ("s", "o", "g"):
            length = self.value("y" if kind == "g" else "u")
            text = self.raw(length + 1)
            return _text(text)
        if kind == "v":
            inner = self.value("g")
            if len(split(inner)) != 1 or inner in ("v", "av", "a{sv}"):  # no variants within variants, without end
                raise Malformed(f"variant of {inner!r}")
            return self.value(inner)
        return self._array(kind[1:])

    def _array(self, kind: str) -> Any:
        length = self.value("u")
        self.align(ALIGN.get(kind[0], 4))
        if kind == "y":
            return bytes(self.raw(length))
        end = self.at + length
        if end > len(self.data):
            raise Malformed("array cut short")
        found: list[Any] = []
        while self.at < end:
            if len(found) >= MOST_ITEMS:
                raise Malformed("too many items")
            found.append(self._entry() if kind == "{sv}" else self.value(kind))
        return dict(found) if kind == "{sv}" else found

    def _entry(self) -> tuple[str, Any]:
        self.align(8)
        return self.value("s"), self.value("v")


def _text(raw: memoryview) -> str:
    if raw[-1] != 0:
        raise Malformed("a text without an end")
    try:
        return str(raw[:-1], "utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("a text that is no UTF-8") from error


class Writer:
    """Collects values; ``data`` grows."""

    def __init__(self) -> None:
        self.data = bytearray()

    def align(self, size: int) -> None:
        """With zeros."""
        self.data += bytes(-len(self.data) % size)

    def values(self, signature: str, *values: Any) -> None:
        """One for each complete type."""
        for kind, value in zip(split(signature), values, strict=True):
            self.value(kind, value)

    def value(self, kind: str, value: Any) -> None:
        """One complete type; a variant is a pair of type and value."""
        if kind in FIXED:
            self.align(ALIGN.get(kind, 4))
            self.data += struct.pack("<" + FIXED[kind], value)
        elif kind in ("s", "o", "g"):
            text = value.encode()
            self.value("y" if kind == "g" else "u", len(text))
            self.data += text + b"\0"
        elif kind == "v":
            self.value("g", value[0])
            self.value(*value)
        else:
            self._array(kind[1:], value)

    def _array(self, kind: str, items: Any) -> None:
        self.value("u", 0)
        place = len(self.data) - 4
        self.align(ALIGN.get(kind[0], 4))
        start = len(self.data)
        if kind == "y":
            self.data += items
        for item in items if kind not in ("y", "{sv}") else ():
            self.value(kind, item)
        if kind == "{sv}":
            for name, value in items.items():
                self.align(8)
                self.value("s", name)
                self.value("v", value)
        struct.pack_into("<I", self.data, place, len(self.data) - start)
