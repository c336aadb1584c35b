"""Settings files that are broken, foreign or on a full disk: the program starts, and nothing is lost."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import files, options
from app.settings.connections import SavedConnection
from app.settings.store import Settings


def make(folder: Path) -> Settings:
    return Settings(folder / "config", folder / "state")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["version", "connections", *(option.key for option in options.OPTIONS)]


@pytest.mark.parametrize("version", [0, -5, True, 10**30, "x", None])
def test_a_version_that_no_program_wrote(tmp_path: Path, version: object) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.json").write_text(json.dumps({"version": version, "connections": ["qemu:///system"]}))
    make(tmp_path)


@settings(max_examples=150, deadline=None)
@given(data=st.dictionaries(st.sampled_from(KEYS), json_values, max_size=5))
def test_whatever_the_files_say_the_options_have_values(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("settings")
    for name in ("config/settings.json", "state/state.json"):
        (folder / name).parent.mkdir()
        (folder / name).write_text(json.dumps(data))
    store = make(folder)
    for option in options.OPTIONS:
        assert type(store.get(option)) is type(option.default)
    assert all(isinstance(one, SavedConnection) for one in store.connections)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_set_aside_or_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_bytes(data)
    loaded = files.load(path)
    assert loaded.safe_to_write
    if loaded.set_aside is not None:
        assert loaded.set_aside.read_bytes() == data


def test_a_path_that_is_no_text_is_kept_and_comes_back(tmp_path: Path) -> None:
    store = make(tmp_path)
    store.set(options.RECENT_MEDIA, ["/iso/caf\udce9.iso"])
    assert store.problem is None
    assert make(tmp_path).get(options.RECENT_MEDIA) == ["/iso/caf\udce9.iso"]


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make(tmp_path)
    store.set(options.POLL_INTERVAL, 10)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    store.set(options.POLL_INTERVAL, 20)
    assert store.problem is not None
    monkeypatch.undo()
    assert make(tmp_path).get(options.POLL_INTERVAL) == 10
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["settings.json"]
    store.flush()
    assert make(tmp_path).get(options.POLL_INTERVAL) == 20


def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    """People keep their settings in a repository and link them."""
    (tmp_path / "config").mkdir()
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles/hostelry.json"
    real.write_text("{}")
    (tmp_path / "config/settings.json").symlink_to(real)
    make(tmp_path).set(options.POLL_INTERVAL, 10)
    assert (tmp_path / "config/settings.json").is_symlink()
    assert json.loads(real.read_text())["poll-interval-s"] == 10


def test_two_programs_do_not_undo_each_other(tmp_path: Path) -> None:
    one, other = make(tmp_path), make(tmp_path)
    one.put_connection(SavedConnection("qemu+ssh://host/system"))
    other.set(options.POLL_INTERVAL, 10)
    again = make(tmp_path)
    assert again.get(options.POLL_INTERVAL) == 10
    assert [connection.uri for connection in again.connections] == ["qemu+ssh://host/system"]
    one.set(options.POLL_INTERVAL, options.POLL_INTERVAL.default)
    one.set(options.POLL_INTERVAL, 20)
    assert make(tmp_path).get(options.POLL_INTERVAL) == 20
