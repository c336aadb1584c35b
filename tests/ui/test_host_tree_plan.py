"""The steps from one order to another lead there, and are few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.models import row_plan
from ui.models.row_plan import Insert, Move, Plan, Remove, longest_increasing, move, plan

ROWS = st.lists(st.integers(0, 40), unique=True)


def follow(old: list[int], steps: Plan[int]) -> list[int]:
    rows = list(old)
    for step in steps.steps:
        if isinstance(step, Remove):
            del rows[step.first : step.last + 1]
        elif isinstance(step, Insert):
            rows[step.first : step.first] = step.rows
        else:
            assert step.before not in (step.source, step.source + 1), "Qt refuses a move that does nothing"
            move(rows, step.source, step.before)
    return rows


@given(ROWS, ROWS)
def test_plan_leads_there(old: list[int], new: list[int]) -> None:
    assert follow(old, plan(old, new)) == new


@given(ROWS, ROWS)
def test_bulk_plan_leads_there(old: list[int], new: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_plan, "MOST_MOVES", 2)
        patch.setattr(row_plan, "MOST_RANGES", 3)
        assert follow(old, plan(old, new)) == new


def test_neighbours_go_and_come_together() -> None:
    assert plan([1, 2, 3, 4], [1, 4, 5, 6]).steps == [Remove(1, 2), Insert(2, [5, 6])]


def test_one_row_out_of_place_is_one_move() -> None:
    assert plan([1, 2, 3, 4], [2, 3, 4, 1]).steps == [Move(0, 4)]
    assert plan([1, 2, 3, 4], [4, 1, 2, 3]).steps == [Move(3, 0)]


def test_same_order_is_no_step() -> None:
    assert not plan([1, 2], [1, 2]).steps


@given(st.permutations(range(8)))
def test_longest_increasing_is_increasing(numbers: list[int]) -> None:
    members = longest_increasing(numbers)
    kept = [number for number in numbers if number in members]
    assert kept == sorted(kept)
    assert len(kept) >= 3 or numbers != sorted(numbers)
