"""The newest samples of one number, in a compact array."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import overload


class Ring(Sequence[float]):
    """Up to ``capacity`` newest 32-bit floats, oldest first; grows as samples come, then wraps round.

    ``nan`` stands for "not known at that moment".  Reading gives Python floats; a slice is a list.
    """

    __slots__ = ("_capacity", "_next", "_values")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._next = 0  # where the oldest value lies once the array is full
        self._values = array("f")

    @property
    def capacity(self) -> int:
        """The most samples that are kept."""
        return self._capacity

    def append(self, value: float) -> None:
        """Adds the newest sample; the oldest goes if the ring is full."""
        if len(self._values) < self._capacity:
            self._values.append(value)
            return
        self._values[self._next] = value
        self._next = (self._next + 1) % self._capacity

    def tail(self, count: int) -> Sequence[float]:
        """The newest ``count`` samples (or fewer), oldest first, without visiting the others."""
        values, split = self._values, self._next
        if count >= len(values):
            return values[split:] + values[:split]
        if count <= split:
            return values[split - count : split]
        return values[split - count :] + values[:split]

    def resize(self, capacity: int) -> None:
        """Keeps ``capacity`` samples from now on; the newest of the present ones stay."""
        self._values = array("f", self.tail(capacity))
        self._capacity, self._next = capacity, 0

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> list[float]: ...
    def __getitem__(self, index: int | slice) -> float | list[float]:
        if isinstance(index, slice):
            return list(self)[index]
        size = len(self._values)
        if not -size <= index < size:
            raise IndexError(index)
        return self._values[(self._next + index) % size]

    def __iter__(self) -> Iterator[float]:
        return iter(self.tail(len(self._values)))
