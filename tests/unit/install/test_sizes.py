"""Sizes are read as people write them."""

from __future__ import annotations

import pytest

from app.errors import Invalid
from app.install.sizes import GIB, MIB, format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("8 GiB", 8 * GIB),
        ("512MiB", 512 * MIB),
        ("1,5 G", 1536 * MIB),
        ("4", 4 * GIB),
        (" 2 tb ", 2 * 10**12),
        ("1000 MB", 10**9),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "lots", "8 Gibi", "-1 GiB", "1e9", "8 8"])
def test_no_size_says_how_to_write_one(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_size(text)
    assert "8 GiB" in caught.value.next_step


@pytest.mark.parametrize("size", [1, 768 * MIB, GIB, 1536 * MIB, 3 << 40])
def test_what_is_shown_can_be_typed(size: int) -> None:
    if size >= MIB:
        assert parse_size(format_size(size)) == size
