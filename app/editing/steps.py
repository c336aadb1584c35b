"""Undo and redo over whole texts: definitions are small, and a text comes back byte for byte."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

KEEP = 200
"""Steps that can be undone."""

PAUSE_S = 2.0
"""Changes of the same thing within this time are one step: typing."""


@dataclass(frozen=True, slots=True)
class Step:
    """text: the document on the other side of the step.  label: translated, what undo says.  key: what it changed, or ""."""

    label: str
    text: str
    key: str = ""


class Steps:
    """The texts before and after the present one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._undo: list[Step] = []
        self._redo: list[Step] = []
        self._last_s = 0.0

    @property
    def can_undo(self) -> str:
        """What would be undone; "" if nothing."""
        return self._undo[-1].label if self._undo else ""

    @property
    def can_redo(self) -> str:
        """What would be done again; "" if nothing."""
        return self._redo[-1].label if self._redo else ""

    def push(self, label: str, before: str, key: str = "") -> None:
        """A change was made, and ``before`` is what was there; joined to the last step if that was on the same thing just now."""
        now_s = self._clock()
        joined = key and not self._redo and self._undo and self._undo[-1].key == key and now_s - self._last_s < PAUSE_S
        self._last_s = now_s
        self._redo.clear()
        if not joined:
            self._undo.append(Step(label, before, key))
            del self._undo[:-KEEP]

    def undo(self, now: str) -> str | None:
        """The text before the last step; None if there is none."""
        return self._move(self._undo, self._redo, now)

    def redo(self, now: str) -> str | None:
        """The text after the step that was undone last; None if there is none."""
        return self._move(self._redo, self._undo, now)

    def _move(self, source: list[Step], target: list[Step], now: str) -> str | None:
        if not source:
            return None
        step = source.pop()
        target.append(Step(step.label, now))
        return step.text

    def clear(self) -> None:
        """Nothing can be undone any more."""
        self._undo.clear()
        self._redo.clear()

    def rebase(self, change: Callable[[str], str], most: int = 20) -> None:
        """Puts each text onto what is there now: undo must not take back what somebody else changed."""
        self._undo[:] = [Step(step.label, change(step.text), step.key) for step in self._undo[-most:]]
        self._redo.clear()
