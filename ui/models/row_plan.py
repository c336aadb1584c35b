"""From one order of rows to another by exact steps: removals, moves and insertions of contiguous ranges.

A model that resets, or announces a changed layout, makes its views forget selection, scrolling and
unfolding and visit every row; steps cost what changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_MOVES = 150
"""A move searches the list: beyond this many, taking the span out and putting it back is cheaper."""

MOST_RANGES = 2000
"""The same for single ranges that come or go (each about 4 us in Qt)."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Rows ``first`` to ``last`` (both included) go."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Move:
    """The row at ``source`` goes before the row that is now at ``before`` (Qt's way of counting)."""

    source: int
    before: int


@dataclass(frozen=True, slots=True)
class Insert(Generic[T]):
    """``rows`` come before the row that is now at ``first``."""

    first: int
    rows: Sequence[T]


Step = Remove | Move | Insert[T]


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """Steps to be done in order.  bulk: rows that stay are taken out and put back, so views must be told to hold on."""

    steps: list[Step[T]]
    bulk: bool = False


def plan(old: list[T], new: list[T]) -> Plan[T]:
    """How ``old`` becomes ``new``; rows are compared by identity or hash and occur once."""
    if old == new:
        return Plan([])
    stay = set(old).intersection(new)
    removes = [Remove(first, last) for first, last in _ranges(old, stay)][::-1]
    inserts = [Insert(first, new[first : last + 1]) for first, last in _ranges(new, stay)]
    if len(removes) + len(inserts) > MOST_RANGES:
        return _bulk(old, new)
    moves = _moves([row for row in old if row in stay], [row for row in new if row in stay])
    if moves is None:
        return _bulk(old, new)
    return Plan([*removes, *moves, *inserts])


def _ranges(rows: Sequence[T], stay: set[T]) -> Iterator[tuple[int, int]]:
    """Contiguous ranges of rows that are not in ``stay``."""
    first = None
    for number, row in enumerate(rows):
        if row in stay:
            if first is not None:
                yield first, number - 1
                first = None
        elif first is None:
            first = number
    if first is not None:
        yield first, len(rows) - 1


def _moves(now: list[T], target: list[T]) -> list[Move] | None:
    """The fewest single moves; ``None`` if they are too many."""
    if now == target:
        return []
    place = {row: number for number, row in enumerate(target)}
    fixed = longest_increasing([place[row] for row in now])
    if len(now) - len(fixed) > MOST_MOVES:
        return None
    moves = []
    for number, row in enumerate(target):
        if number in fixed:
            continue
        source = now.index(row)
        before = now.index(target[number - 1]) + 1 if number else 0
        if before in (source, source + 1):
            continue
        moves.append(Move(source, before))
        move(now, source, before)
    return moves


def move(rows: list[T], source: int, before: int) -> None:
    """Does a `Move` to a list."""
    row = rows.pop(source)
    rows.insert(before - 1 if before > source else before, row)


def longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The members of one longest increasing subsequence of distinct ``numbers`` (patience sorting)."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tails, number)
        before[number] = tails[pile - 1] if pile else None
        tails[pile : pile + 1] = [number]
    members = set()
    member = tails[-1] if tails else None
    while member is not None:
        members.add(member)
        member = before[member]
    return members


def _bulk(old: list[T], new: list[T]) -> Plan[T]:
    """The span between the common ends goes and comes back in its new order."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    steps: list[Step[T]] = []
    if head < len(old) - tail:
        steps.append(Remove(head, len(old) - tail - 1))
    if head < len(new) - tail:
        steps.append(Insert(head, new[head : len(new) - tail]))
    return Plan(steps, bulk=True)
