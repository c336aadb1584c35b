"""What is missing is found by capability, said with its reason, and resolved to the names that the distribution has."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from prepare import packages, run_command
from prepare.distribution import FAMILIES
from prepare.packages import Capability, Gap
from prepare.terminal import Stop

TABLE = packages.load_table()


def row(*names: str, purpose: str = "run") -> Capability:
    return Capability("Thing", "does things", purpose, dict.fromkeys(("debian", "fedora", "arch"), names))


@pytest.mark.parametrize("family", ["debian", "fedora", "arch"])
def test_the_table_is_complete_for_every_family(family: str) -> None:
    for capability in TABLE:
        assert capability.names[family], f"{capability.name} has no packages for {family}"
        assert capability.why
        assert capability.purpose in {"run", "test", "bench"}
        assert all(name and " " not in name for text in capability.names[family] for name in packages.alternatives(text))


def test_tests_need_what_the_program_needs_and_more() -> None:
    sizes = [len(packages.needed(TABLE, purpose)) for purpose in ("run", "test", "bench")]
    assert sizes[0] < sizes[1] < sizes[2] == len(TABLE)


def test_installed_packages_are_read_from_each_package_manager() -> None:
    debian = "installed acl\nconfig-files ovmf\ninstalled libgl1\nnot-installed xvfb\n"
    assert packages.parse_installed("debian", ["acl", "ovmf", "libgl1", "xvfb"], debian) == {"acl", "libgl1"}
    fedora = "installed acl\npackage swtpm is not installed\n"
    assert packages.parse_installed("fedora", ["acl", "swtpm"], fedora) == {"acl"}
    assert packages.parse_installed("arch", ["acl", "swtpm"], "swtpm\n") == {"acl"}


def test_a_gap_names_only_what_is_missing() -> None:
    (gap,) = packages.gaps([row("a", "b"), row("a")], "debian", frozenset({"a"}))
    assert packages.resolve(gap, lambda _name: True) == ("b",)


def test_any_alternative_will_do() -> None:
    assert packages.gaps([row("new | old")], "debian", frozenset({"old"})) == ()
    (gap,) = packages.gaps([row("new | old")], "debian", frozenset())
    assert packages.resolve(gap, lambda name: name == "old") == ("old",)
    assert packages.resolve(gap, lambda _name: True) == ("new",)


def test_optional_packages_are_left_out_where_the_distribution_has_none() -> None:
    (gap,) = packages.gaps([row("modules?")], "debian", frozenset())
    assert packages.resolve(gap, lambda _name: False) == ()
    assert packages.resolve(gap, lambda _name: True) == ("modules",)


def test_a_name_that_nobody_offers_is_left_to_the_package_managers_error() -> None:
    assert packages.resolve(Gap(row("gone"), (("gone",),)), lambda _name: False) == ("gone",)


def test_nothing_is_installed_against_a_no(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(packages, "agree", lambda _question, *, yes: yes)
    monkeypatch.setattr(packages, "run_manager", lambda command: pytest.fail(f"ran {command}"))
    monkeypatch.setattr(packages, "lists_missing", lambda _family: False)
    monkeypatch.setattr(packages, "offered", lambda _family, _name: True)
    with pytest.raises(Stop, match=r"Nothing was installed[^$]*thing") as stop:
        packages.install(FAMILIES["debian"], [Gap(row("thing"), (("thing",),))], yes=False, no_install=False)
    assert stop.value.code == 2
    assert "Thing: does things (thing)" in capsys.readouterr().err


def test_no_install_only_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(packages, "run_manager", lambda command: pytest.fail(f"ran {command}"))
    monkeypatch.setattr(packages, "offered", lambda _family, _name: True)
    packages.install(FAMILIES["fedora"], [Gap(row("thing"), (("thing",),))], yes=True, no_install=True)
    assert "dnf --assumeyes install thing" in capsys.readouterr().err


def test_old_lists_are_renewed_once_and_then_it_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def refuse(command: tuple[str, ...]) -> bool:
        ran.append("update" if "update" in command else "install")
        return "update" in command

    monkeypatch.setattr(packages, "run_manager", refuse)
    with pytest.raises(Stop, match="Check the network"):
        packages.carry_out(FAMILIES["debian"], [*FAMILIES["debian"].install, "thing"])
    assert ran == ["install", "update", "install"]


def test_an_unknown_distribution_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "read_os_release", lambda: {"ID": "alpine", "PRETTY_NAME": "Alpine Linux"})
    monkeypatch.setattr("prepare.stamp.ready", lambda _purpose: False)
    assert run_command.main(["--yes"]) == 2
    said = capsys.readouterr().err
    assert "Alpine Linux" in said
    assert "--no-install" in said
    assert all(capability.name in said for capability in packages.needed(TABLE, "run"))


def test_sudo_is_used_by_others_than_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert packages.as_root(["apt-get", "update"]) == ["sudo", "apt-get", "update"]
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert packages.as_root(["apt-get", "update"]) == ["apt-get", "update"]


def test_fresh_containers_have_no_lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packages, "APT_LISTS", tmp_path)
    assert packages.lists_missing(FAMILIES["debian"])
    (tmp_path / "archive_main_binary-amd64_Packages.lz4").touch()
    assert not packages.lists_missing(FAMILIES["debian"])


def test_arguments_after_the_dashes_are_the_programs() -> None:
    options: argparse.Namespace = run_command.parser().parse_args(["--yes", "--", "--version", "x.iso"])
    assert options.arguments == ["--version", "x.iso"]
    assert options.yes
