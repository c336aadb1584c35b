"""Tests of decoders run twice: with the library in C and with the decoders in Python."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.console.vnc import drawing
from app.console.vnc.native.library import library


@pytest.fixture(scope="module", params=["C", "Python"])
def decoders(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which decoders draw."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "Python":
            patch.setattr(drawing, "library", lambda: None)
        elif library() is None:
            pytest.skip("the decoders in C are not compiled: packaging/run --only-prepare does it where there is a compiler")
        yield request.param
