"""Public keys are found in the folder and in a real agent."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.install.seed import keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ssh = tmp_path / ".ssh"
    ssh.mkdir()
    for name in ("id_ed25519", "work"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"{name}@here", "-f", str(ssh / name)], check=True)
    return ssh


@pytest.fixture
def agent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    socket = folder / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as child:
        while not socket.exists():
            time.sleep(0.01)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", str(folder / "work")], check=True, capture_output=True)
        yield
        child.terminate()


def test_files_that_hold_no_key_are_left_out(folder: Path) -> None:
    (folder / "empty.pub").touch()
    (folder / "other.pub").write_text("hello\nssh-ed25519 AAAA= x\n")
    (folder / "binary.pub").write_bytes(os.urandom(2000))
    os.mkfifo(folder / "pipe.pub")
    found = keys.in_folder(folder)
    assert [key.comment for key in found] == ["id_ed25519@here", "work@here"]
    told = subprocess.run(["ssh-keygen", "-lf", str(folder / "work.pub")], check=True, capture_output=True, text=True).stdout
    assert found[1].fingerprint == told.split()[1]


def test_no_folder_is_no_keys(tmp_path: Path) -> None:
    assert keys.in_folder(tmp_path / "none") == []


@pytest.mark.usefixtures("agent")
def test_each_key_is_there_once_and_those_of_the_agent_come_first(folder: Path) -> None:
    found = asyncio.run(keys.find(folder))
    assert [(key.comment, key.in_agent, key.file is not None) for key in found] == [
        ("work@here", True, True),
        ("id_ed25519@here", False, True),
    ]


def test_without_an_agent_there_are_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    assert len(asyncio.run(keys.find(folder))) == 2


def test_an_agent_that_hangs_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "ssh-add"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/nowhere")
    started = time.monotonic()
    assert asyncio.run(keys.in_agent(0.2)) == []
    assert time.monotonic() - started < 10
