"""Choices survive a restart, bad files lose nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from app.settings import migrations, options
from app.settings.connections import SavedConnection
from app.settings.store import Settings


def make(folder: Path) -> Settings:
    return Settings(folder / "config", folder / "state")


def test_default_until_set_and_kept_over_a_restart(tmp_path: Path) -> None:
    settings = make(tmp_path)
    assert settings.get(options.POLL_INTERVAL) == 3
    settings.set(options.POLL_INTERVAL, 10)
    settings.set(options.SIDE_BAR_WIDTH, 333)
    again = make(tmp_path)
    assert (again.get(options.POLL_INTERVAL), again.get(options.SIDE_BAR_WIDTH)) == (10, 333)


def test_choices_and_state_are_apart(tmp_path: Path) -> None:
    settings = make(tmp_path)
    settings.set(options.POLL_INTERVAL, 10)
    settings.set(options.SIDE_BAR_WIDTH, 333)
    assert "side-bar-width" not in (tmp_path / "config/settings.json").read_text()
    assert json.loads((tmp_path / "state/state.json").read_text()) == {"side-bar-width": 333}


def test_files_are_for_the_owner_only(tmp_path: Path) -> None:
    make(tmp_path).set(options.POLL_INTERVAL, 10)
    assert stat.S_IMODE((tmp_path / "config/settings.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{not json", "[1, 2]", "\x00\x01", '{"a": ' * 2000])
def test_unreadable_file_is_set_aside(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config/settings.json"
    path.parent.mkdir()
    path.write_text(content)
    settings = make(tmp_path)
    assert settings.get(options.POLL_INTERVAL) == 3
    settings.set(options.POLL_INTERVAL, 5)
    (aside,) = settings.set_aside
    assert aside.read_text() == content
    assert json.loads(path.read_text())["poll-interval-s"] == 5


@pytest.mark.parametrize("value", ["often", 0, 9999, None, 2.5, True])
def test_value_of_a_wrong_kind_or_out_of_bounds_is_the_default(tmp_path: Path, value: object) -> None:
    path = tmp_path / "config/settings.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 2, "poll-interval-s": value}))
    assert make(tmp_path).get(options.POLL_INTERVAL) == 3


def test_unknown_keys_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "config/settings.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 99, "from-the-future": [1]}))
    make(tmp_path).set(options.POLL_INTERVAL, 5)
    written = json.loads(path.read_text())
    assert written["from-the-future"] == [1]
    assert written["version"] == 99


def test_a_full_disk_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make(tmp_path)
    (tmp_path / "config").write_text("a file where the folder should be")
    settings.set(options.POLL_INTERVAL, 5)
    assert settings.problem is not None
    (tmp_path / "config").unlink()
    settings.flush()
    assert settings.problem is None
    assert make(tmp_path).get(options.POLL_INTERVAL) == 5


def test_changed_tells_the_key_once(tmp_path: Path) -> None:
    settings = make(tmp_path)
    seen: list[str] = []
    settings.changed.connect(seen.append)
    settings.set(options.POLL_INTERVAL, 5)
    settings.set(options.POLL_INTERVAL, 5)
    assert seen == ["poll-interval-s"]


def test_a_value_handed_out_cannot_change_the_store(tmp_path: Path) -> None:
    settings = make(tmp_path)
    settings.set(options.RECENT_MEDIA, ["a"])
    settings.get(options.RECENT_MEDIA).append("b")
    assert settings.get(options.RECENT_MEDIA) == ["a"]


def test_connections_add_change_forget(tmp_path: Path) -> None:
    settings = make(tmp_path)
    assert not settings.configured
    settings.put_connection(SavedConnection("test:///default"))
    settings.put_connection(SavedConnection("qemu:///system", label="here"))
    settings.put_connection(SavedConnection("test:///default", label="practice").with_accel("emulation"))
    again = make(tmp_path)
    assert [(one.uri, one.label, one.accel) for one in again.connections] == [
        ("test:///default", "practice", "emulation"),
        ("qemu:///system", "here", "auto"),
    ]
    again.drop_connection("test:///default")
    again.drop_connection("qemu:///system")
    assert make(tmp_path).connections == []
    assert make(tmp_path).configured


def test_odd_entries_in_connections_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "config/settings.json"
    path.parent.mkdir()
    entries = [1, {}, {"uri": "a:///"}, {"uri": "a:///"}, {"uri": "b:///", "label": 3}]
    path.write_text(json.dumps({"version": 2, "connections": entries}))
    assert [one.uri for one in make(tmp_path).connections] == ["a:///", "b:///"]


def test_version_1_had_bare_uris() -> None:
    assert migrations.migrate({"connections": ["test:///default"]}) == {
        "connections": [{"uri": "test:///default"}],
        "version": migrations.VERSION,
    }


def test_a_version_1_file_without_connections_is_still_a_first_start() -> None:
    assert "connections" not in migrations.migrate({"colour-scheme": "dark"})


def test_every_option_has_its_own_key_and_an_accepted_default() -> None:
    keys = [option.key for option in options.OPTIONS]
    assert len(set(keys)) == len(keys)
    assert all(option.accept(option.default) == option.default for option in options.OPTIONS)
