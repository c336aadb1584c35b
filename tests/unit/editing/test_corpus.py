"""Every machine of the corpus against every other way of reading it: no difference where there is none, no stumble anywhere."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from app.editing.command import commands_of
from app.editing.merge import merge
from app.editing.pending import pending_of
from app.editing.plan import Way, plan
from app.xmldoc.diff import differences
from app.xmldoc.document import Document

FILES = sorted((Path(__file__).parents[2] / "data" / "domains").rglob("*.xml"))


def _read(path: Path) -> Document:
    return Document.parse(path.read_bytes())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_machine_is_no_different_from_itself(path: Path) -> None:
    one, other = _read(path), _read(path)
    assert plan(one, other, _read(path)).changes == ()
    assert pending_of(one, other) == ()
    assert merge(one, other, _read(path)).document.to_text() == one.to_text()


@pytest.mark.parametrize(("first", "second"), list(pairwise(FILES)), ids=lambda path: path.stem)
def test_any_change_has_a_plan_and_commands(first: Path, second: Path) -> None:
    old, new = _read(first), _read(second)
    changes = plan(old, new, _read(first)).changes
    assert bool(changes) == bool(differences(old, new))
    assert all(one.words and (one.reason or one.way is not Way.NEXT_START) for one in changes)
    assert all(one.line for one in commands_of(plan(old, new, None), "test:///default"))
    back = merge(old, new, old).document
    assert differences(back, new) == []
