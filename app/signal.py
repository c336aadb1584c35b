"""A small typed signal for code that knows no Qt.

Slots that are bound methods are held weakly, so that a window which is closed stops listening by
itself; functions and lambdas are held strongly until ``Connection.disconnect``.  Everything happens
on the emitting thread, which for all signals of this program is the event loop's.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Connection:
    """One slot's place in a signal; ``disconnect`` may be called more than once."""

    def __init__(self, drop: Callable[[], None]) -> None:
        self._drop: Callable[[], None] | None = drop

    def disconnect(self) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop()


class Signal(Generic[P]):
    """``changed: Signal[[Change]] = Signal()``; then ``changed.connect(slot)``, ``changed.emit(change)``."""

    def __init__(self) -> None:
        self._slots: dict[int, Callable[[], Callable[P, object] | None]] = {}
        self._next = 0

    def connect(self, slot: Callable[P, object]) -> Connection:
        """Calls ``slot`` at each emit, in the order of connecting."""
        key = self._next
        self._next += 1
        if hasattr(slot, "__self__") and hasattr(slot, "__func__"):
            self._slots[key] = weakref.WeakMethod(slot, lambda _ref: self._drop(key))
        else:
            self._slots[key] = lambda: slot
        return Connection(lambda: self._drop(key))

    def _drop(self, key: int) -> None:
        self._slots.pop(key, None)

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Calls every slot; a slot may connect or disconnect slots meanwhile."""
        for key, ref in list(self._slots.items()):
            slot = ref()
            if slot is not None and key in self._slots:
                slot(*args, **kwargs)
