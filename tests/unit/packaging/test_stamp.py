"""A ready environment is known by its stamp; anything that changed, or was interrupted, is not ready."""

from __future__ import annotations

from pathlib import Path

import pytest
from prepare import environment, place, stamp
from prepare.terminal import Stop


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    monkeypatch.setattr(place, "VENV", folder)
    monkeypatch.setattr(place, "VENV_PYTHON", folder / "bin" / "python")
    return folder


def test_made_for_tests_is_also_made_to_run(venv: Path) -> None:
    assert not stamp.ready("run", venv)
    stamp.write("run", venv)
    assert stamp.ready("run", venv)
    assert not stamp.ready("test", venv)
    stamp.write("test", venv)
    stamp.write("run", venv)
    assert stamp.ready("test", venv)


def test_a_changed_list_asks_for_work(tmp_path: Path) -> None:
    lists = [tmp_path / "one", tmp_path / "missing"]
    lists[0].write_text("PySide6==1", encoding="utf-8")
    before = stamp.key(lists)
    assert stamp.key(lists) == before
    lists[0].write_text("PySide6==2", encoding="utf-8")
    assert stamp.key(lists) != before


def test_another_python_asks_for_work(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stamp.key([])
    monkeypatch.setattr("sys.version", "3.99")
    assert stamp.key([]) != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": null, "purposes": null}'])
def test_a_damaged_stamp_asks_for_work(venv: Path, text: str) -> None:
    (venv / stamp.NAME).write_text(text, encoding="utf-8")
    assert not stamp.ready("run", venv)


def test_interrupted_work_is_seen(venv: Path) -> None:
    stamp.write("run", venv)
    (venv / stamp.UNDER_WORK).touch()
    assert not stamp.ready("run", venv)


def test_an_interrupted_environment_is_made_anew(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    (venv / stamp.UNDER_WORK).touch()
    (venv / "half-written").touch()
    monkeypatch.setattr(environment, "call", lambda command, _failure: done.append(command[2]))
    environment.ensure("run")
    assert done[0] == "venv"
    assert not (venv / "half-written").exists()
    assert not (venv / stamp.UNDER_WORK).exists()


def test_a_failing_pip_leaves_no_ready_environment(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_names: list[str]) -> None:
        raise Stop("no network")

    monkeypatch.setattr(environment, "sound", lambda _python: True)
    monkeypatch.setattr(environment, "fill", fail)
    with pytest.raises(Stop):
        environment.ensure("run")
    assert not stamp.ready("run", venv)


def test_a_broken_list_ends_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "pyproject.toml"
    broken.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    with pytest.raises(Stop, match="cannot be read"):
        environment.requirements("run", broken)


def test_a_missing_or_foreign_python_is_not_sound(tmp_path: Path) -> None:
    assert not environment.sound(tmp_path / "bin" / "python")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("/usr/bin/false")
    assert not environment.sound(tmp_path / "bin" / "python")


def test_every_requirement_has_its_exact_version() -> None:
    lines = place.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = {environment.name_of(line) for line in lines if "==" in line}
    for requirement in environment.requirements("test"):
        assert environment.name_of(requirement) in pinned, f"{requirement} is not in constraints.txt"
