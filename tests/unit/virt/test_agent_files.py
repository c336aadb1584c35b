"""Names of files in the guest."""

from __future__ import annotations

import pytest

from app.virt.agent_files import guest_path


@pytest.mark.parametrize("name", ["a,b.txt", "a=b.txt", "a;b.txt", "a&b.txt", "a%b.txt", "a^b.txt"])
def test_no_name_is_two_words_to_windows(name: str) -> None:
    assert guest_path(name, windows=True) == "C:\\Users\\Public\\Downloads\\a_b.txt"


def test_other_guests_keep_what_their_systems_take() -> None:
    assert guest_path("a,b=c.tar.gz", 2, windows=False) == "/tmp/a,b=c.tar (2).gz"
