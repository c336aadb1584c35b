"""Texts that match a regular expression of XML Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_NICE = "abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./: "
_CLASSES = {
    "d": "1234567890",
    "w": "abc123",
    "s": " ",
    "i": "abc",
    "c": "abc123",
    "D": "abc",
    "S": "abc",
    "W": "-.",
    "n": "\n",
    "t": "\t",
    "r": "\r",
}
_MOST = 130
"""Repetitions that are made at most."""

Pick = Callable[[int], int]
"""Chooses one of so many."""
Maker = Callable[[Pick], str]


def examples(pattern: str, count: int) -> Iterator[str]:
    """Up to ``count`` texts; not all of them need match, as class subtraction and the like are not read."""
    try:
        make = _Reader(pattern).alternatives()
    except (IndexError, ValueError):
        return
    for seed in range(count):
        yield make(_picker(seed))


def _picker(seed: int) -> Pick:
    """Always the first for seed 0; other seeds choose others, the same ones each time."""
    state = seed

    def pick(count: int) -> int:
        nonlocal state
        chosen = state % count
        state = state // count if state >= count else (state * 7 + seed) % 101 if seed else 0
        return chosen

    return pick


@dataclass
class _Reader:
    """Reads an expression into what makes texts."""

    text: str
    place: int = 0

    def alternatives(self) -> Maker:
        """``a|b``, up to the end or a closing parenthesis."""
        branches = [self._branch()]
        while self._next() == "|":
            self.place += 1
            branches.append(self._branch())
        return lambda pick: branches[pick(len(branches))](pick) if len(branches) > 1 else branches[0](pick)

    def _next(self) -> str:
        return self.text[self.place : self.place + 1]

    def _branch(self) -> Maker:
        parts: list[Maker] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return lambda pick: "".join(part(pick) for part in parts)

    def _atom(self) -> Maker:
        sign = self._next()
        self.place += 1
        if sign == "(":
            inner = self.alternatives()
            self.place += 1
            return inner
        if sign == "[":
            return _one_of(self._class())
        if sign == "\\":
            return _one_of(self._escaped())
        return _one_of(_NICE if sign == "." else sign)

    def _escaped(self) -> str:
        sign = self.text[self.place]
        self.place += 1
        return _CLASSES.get(sign, sign)

    def _class(self) -> str:
        """The characters of ``[...]``, the nicer ones first."""
        negative = self._next() == "^"
        self.place += negative
        found: list[str] = []
        while self.text[self.place] != "]":
            found.extend(self._range())
        self.place += 1
        if negative:
            return "".join(sign for sign in _NICE if sign not in found)
        chosen = set(found)
        return "".join(sign for sign in _NICE if sign in chosen) or "".join(found)

    def _range(self) -> str:
        first = self._class_sign()
        after = self.text[self.place + 1 : self.place + 2]
        if self._next() == "-" and after != "]" and len(first) == 1:
            self.place += 1
            last = self._class_sign()
            return "".join(map(chr, range(ord(first), ord(last[0]) + 1)))
        return first

    def _class_sign(self) -> str:
        sign = self.text[self.place]
        self.place += 1
        return self._escaped() if sign == "\\" else sign

    def _repeated(self, atom: Maker) -> Maker:
        least, most = self._quantity()
        if (least, most) == (1, 1):
            return atom
        best = max(least, min(1, most))
        counts = sorted({least, min(most, least + 1), min(most, max(least, 2))}, key=lambda count: (count != best, count))
        return lambda pick: "".join(atom(pick) for _time in range(counts[pick(len(counts))]))

    def _quantity(self) -> tuple[int, int]:
        sign = self._next()
        if sign in ("?", "*", "+") and sign:
            self.place += 1
            return {"?": (0, 1), "*": (0, _MOST), "+": (1, _MOST)}[sign]
        if sign != "{":
            return 1, 1
        end = self.text.index("}", self.place)
        least, comma, most = self.text[self.place + 1 : end].partition(",")
        self.place = end + 1
        return min(int(least or 0), _MOST), min(int(most or _MOST), _MOST) if comma else min(int(least), _MOST)


def _one_of(signs: str) -> Maker:
    if not signs:
        raise ValueError("no character")
    return lambda pick: signs[pick(len(signs))] if len(signs) > 1 else signs
