"""For all unit tests: what earlier files have left in memory is not looked through again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def lean_memory() -> Iterator[None]:
    """The guards look at every object before and after each test; those of files that are over are put aside."""
    gc.collect()
    gc.freeze()
    yield
