"""Start and end of the whole program, as its own process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.practice import write_host
from ui import commandline, single
from ui.commandline import Wishes

LIMIT_S = 60.0


class Program:
    """The program on the offscreen platform with folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trace = folder, folder / "trace"
        (folder / "run").mkdir(mode=0o700)
        self.environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HOSTELRY_TRACE": str(self.trace),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        }
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "ui.main", *arguments]
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.running.append(process)
        return process

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + LIMIT_S
        while not (self.trace.exists() and text in self.trace.read_text()):
            assert time.monotonic() < deadline
            assert self.running[0].poll() is None, self.running[0].communicate()
            time.sleep(0.02)

    def end(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        process.send_signal(signal.SIGTERM)
        _out, errors = process.communicate(timeout=LIMIT_S)
        return process.returncode, errors


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path)
    yield made
    for process in made.running:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_the_list_is_shown_and_the_end_is_clean(program: Program, tmp_path: Path) -> None:
    uri = write_host(tmp_path / "host.xml")
    process = program.start("--connect", uri)
    program.wait_for("loaded rows=9\n")
    code, errors = program.end(process)
    assert (code, errors.replace("This plugin does not support propagateSizeHints()", "").strip()) == (0, "")
    assert "window-geometry" in json.loads((tmp_path / "state/hostelry/state.json").read_text())
    log = tmp_path / "state/hostelry/hostelry.log"
    assert "ERROR" not in (log.read_text() if log.exists() else "")


def test_a_second_start_hands_its_wishes_to_the_first(program: Program, tmp_path: Path) -> None:
    uri = write_host(tmp_path / "host.xml")
    program.start("--connect", uri)
    program.wait_for("loaded rows=9\n")
    deadline = time.monotonic() + LIMIT_S
    while not (tmp_path / "run/hostelry/instance.sock").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    second = program.start("--connect", uri)
    _out, errors = second.communicate(timeout=LIMIT_S)
    assert (second.returncode, errors) == (0, "")
    assert program.running[0].poll() is None


def test_version_needs_no_window(program: Program) -> None:
    process = program.start("--version")
    out, _errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert out.startswith("Hostelry ")


def test_files_on_the_command_line_are_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    wishes = commandline.parse(["--connect", "a:///", "--connect", "b:///", "--console", "web", "disc.iso"])
    assert wishes == Wishes(("a:///", "b:///"), ("web",), (str(tmp_path / "disc.iso"),))
    assert Wishes.from_json(json.loads(json.dumps(wishes.to_json()))) == wishes
    address = "https://example.org/debian.iso"
    assert commandline.parse(["--new", address, "disc.iso"]) == Wishes(files=(address, str(tmp_path / "disc.iso")))


@pytest.mark.parametrize("message", [b"", b"garbage\n", b"[1]\n", b"\xff\xfe\n", b'{"files": 5}\n', b"[" * 200_000 + b"\n"])
def test_the_door_survives_garbage(message: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    taken: list[Wishes] = []
    door = single.Door(taken.append)
    door.open()
    try:
        with socket.socket(socket.AF_UNIX) as there:
            there.connect(str(tmp_path / "hostelry/instance.sock"))
            there.sendall(message)
            there.shutdown(socket.SHUT_WR)
            there.recv(2)
        assert single.hand_over(Wishes(files=("/a.iso",)))
        assert taken[-1] == Wishes(files=("/a.iso",))
    finally:
        door.close()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["connect", "console", "files"]), inner, max_size=3)
    ),
)


@given(json_values)
def test_wishes_of_anything_are_texts(data: object) -> None:
    wishes = Wishes.from_json(data)
    assert all(isinstance(text, str) for texts in (wishes.connect, wishes.console, wishes.files) for text in texts)


def test_one_wish_in_place_of_a_list_is_left_out() -> None:
    assert Wishes.from_json({"connect": "qemu:///system", "files": ["/a", 5, None]}) == Wishes((), (), ("/a",))


def test_the_door_is_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "hostelry").mkdir(mode=0o755)
    door = single.Door(lambda _wishes: None)
    door.open()
    try:
        assert (tmp_path / "hostelry").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "hostelry/instance.sock").stat().st_mode & 0o777 == 0o600
    finally:
        door.close()


def test_without_a_running_program_nothing_is_handed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not single.hand_over(Wishes())
