"""Text typed into a guest key by key, as from a hand, in the guest's layout."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.console.keys.layout import Layout, Stroke

MAX_TEXT = 100_000
"""Characters that are typed at most: an hour at the usual speed."""

EVENT_S = 0.011
"""QEMU's VNC server waits 10 ms after each key that goes down or up (``-vnc key-delay-ms``), and drops keys once 1024 wait."""

SendKey = Callable[[int, int, bool], None]
"""scancode, keysym, pressed."""

_CTRL_SHIFT: Stroke = ((0x1D, 0xFFE3), (0x2A, 0xFFE1))


@dataclass(frozen=True, slots=True)
class Plan:
    """strokes: for each character that is typed.  refused: what the layout cannot type, each once, in order of first use."""

    strokes: tuple[tuple[Stroke, ...], ...] = field(repr=False)
    refused: tuple[str, ...]
    skipped: int
    """How many characters of the text are left out."""


def plan(text: str, layout: Layout, *, by_number: bool = False) -> Plan:
    """How to type ``text``; ``by_number``: what has no key by Ctrl+Shift+U and its number, as GTK and IBus take it."""
    strokes: list[tuple[Stroke, ...]] = []
    refused: dict[str, None] = {}
    skipped = 0
    for char in normal(text)[:MAX_TEXT]:
        known = layout.typed.get(char)
        if known is None:
            refused[char] = None
            known = _number(char, layout) if by_number else None
        if known is None:
            skipped += 1
        else:
            strokes.append(known)
    return Plan(tuple(strokes), tuple(refused), skipped)


def normal(text: str) -> str:
    """Line ends as one character each, accents on their letters."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def described(char: str) -> str:
    """A character by its name too, as it may look like another, or like nothing: “€ (euro sign)”."""
    number = f"U+{ord(char):04X}"
    name = unicodedata.name(char, "").lower()
    return f"{char} ({name or number})" if char.isprintable() and not char.isspace() else name or number


def _number(char: str, layout: Layout) -> tuple[Stroke, ...] | None:
    """Control characters have no number that a guest would take."""
    digits = [layout.typed.get(digit) for digit in f"u{ord(char):x} "]
    if not char.isprintable() or any(digit is None or len(digit) != 1 for digit in digits):
        return None
    strokes = [digit[0] for digit in digits if digit]
    return ((*_CTRL_SHIFT, *strokes[0]), *strokes[1:])


def duration_s(strokes: tuple[tuple[Stroke, ...], ...], per_second: float) -> float:
    """How long it takes at this speed."""
    return sum(_pause_s(stroke, per_second) for character in strokes for stroke in character)


def _pause_s(stroke: Stroke, per_second: float) -> float:
    return max(1 / per_second, 2 * len(stroke) * EVENT_S)


async def type_text(
    strokes: tuple[tuple[Stroke, ...], ...], send: SendKey, *, per_second: float,
    ready: Callable[[], Awaitable[None]], report: Callable[[int], None],
) -> None:  # fmt: skip
    """Types; ``ready`` waits while the guest takes no keys.  Cancelling stops between two strokes: nothing stays down."""
    for done, character in enumerate(strokes):
        report(done)
        for stroke in character:
            await ready()
            for code, sym in stroke:
                send(code, sym, True)
            for code, sym in reversed(stroke):
                send(code, sym, False)
            await asyncio.sleep(_pause_s(stroke, per_second))
    report(len(strokes))
