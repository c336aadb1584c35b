"""Distributions are told by os-release(5), also those that only say whom they resemble."""

from __future__ import annotations

from pathlib import Path

import pytest
from prepare import distribution

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'
UBUNTU = 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n'
FEDORA = 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=42\n'
ARCH = 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n'
MINT = "NAME='Linux Mint'\nID=linuxmint\nID_LIKE='ubuntu debian'\n"
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
ALPINE = '# a comment = not an assignment\nNAME="Alpine Linux"\nID=alpine\n'


@pytest.mark.parametrize(
    ("text", "family"),
    [(DEBIAN, "debian"), (UBUNTU, "debian"), (FEDORA, "fedora"), (ARCH, "arch"), (MINT, "debian"), (ROCKY, "fedora")],
)
def test_known_distributions(text: str, family: str) -> None:
    found = distribution.family_of(distribution.parse_os_release(text))
    assert found is not None
    assert found.name == family


@pytest.mark.parametrize("text", [ALPINE, "", "garbage without an equals sign\n", "ID=\nID_LIKE=\n"])
def test_an_unknown_distribution_is_not_guessed(text: str) -> None:
    assert distribution.family_of(distribution.parse_os_release(text)) is None


def test_people_see_the_distributions_own_name() -> None:
    assert distribution.title_of(distribution.parse_os_release(DEBIAN)) == "Debian GNU/Linux 12 (bookworm)"
    assert distribution.title_of(distribution.parse_os_release(ALPINE)) == "Alpine Linux"
    assert distribution.title_of({}) == "this system"


def test_the_second_place_of_os_release_is_read(tmp_path: Path) -> None:
    there = tmp_path / "os-release"
    there.write_text(FEDORA, encoding="utf-8")
    assert distribution.read_os_release((tmp_path / "missing", there))["ID"] == "fedora"
    assert distribution.read_os_release((tmp_path / "missing",)) == {}
