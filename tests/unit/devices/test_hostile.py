"""Values that nobody means: what is pasted into a field, or stands in a definition of a hostile host."""

from __future__ import annotations

import time

import pytest

from app.devices.checks import problem
from app.devices.cpuset import members
from app.devices.description import Field, Kind
from app.devices.offers import Offers
from app.xmldoc.document import Document

MANY = "9" * 5000


@pytest.mark.parametrize("kind", [Kind.INTEGER, Kind.SIZE, Kind.CPUSET])
@pytest.mark.parametrize("value", [MANY, f"-{MANY}", "²", "٣", "0x10", "1e3", f"0-{MANY}", "1_000"])
def test_it_is_told_at_the_field(kind: Kind, value: str) -> None:
    document = Document.parse("<domain/>")
    assert problem(Field("x", "X", kind), value, document, document.root, Offers())


def test_a_list_of_very_many_parts_is_read_in_bounded_time() -> None:
    began = time.process_time()
    assert members(",".join(["0-16383", "^5"] * 20_000)) == frozenset(range(16_384)) - {5}
    assert time.process_time() - began < 2
