"""libvirt's daemon is started where it is installed and does not run: by its service manager, or directly as root."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from prepare import daemon


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Commands that would have been run, on a machine where the daemon does not run."""
    commands: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(daemon, "SOCKETS", (str(tmp_path / "nobody"),))
    monkeypatch.setattr(daemon, "UNIT_FOLDERS", (tmp_path,))
    return commands


def test_a_running_daemon_is_let_be(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "libvirt-sock"
    monkeypatch.setattr(daemon, "SOCKETS", (str(path),))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        daemon.ensure(may_ask=True)
    assert ran == []


def test_a_socket_that_a_dead_daemon_left_is_no_daemon(tmp_path: Path) -> None:
    path = tmp_path / "libvirt-sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    assert not daemon.answers(str(path))


@pytest.mark.parametrize(
    ("installed", "unit"), [("libvirtd.service", "libvirtd.service"), ("virtqemud.service", "virtqemud.socket")]
)
def test_the_service_manager_starts_what_is_installed(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: str, unit: str
) -> None:
    (tmp_path / installed).touch()
    monkeypatch.setattr(daemon, "managed", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    daemon.ensure(may_ask=False)
    assert ran == [["systemctl", "start", unit]]


def test_an_ordinary_start_asks_no_password(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libvirtd.service").touch()
    monkeypatch.setattr(daemon, "managed", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    daemon.ensure(may_ask=False)
    assert ran == []
    daemon.ensure(may_ask=True)
    assert ran == [["sudo", "systemctl", "start", "libvirtd.service"]]


def test_nothing_is_started_where_nothing_is_installed(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "managed", lambda: True)
    daemon.ensure(may_ask=True)
    monkeypatch.setattr(daemon, "managed", lambda: False)
    monkeypatch.setattr(daemon, "programs", list)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    daemon.ensure(may_ask=True)
    assert ran == []


def test_without_a_service_manager_only_root_starts_it(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "managed", lambda: False)
    monkeypatch.setattr(daemon, "programs", lambda: ["/usr/sbin/virtlogd", "/usr/sbin/libvirtd"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    daemon.ensure(may_ask=True)
    assert ran == []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("pathlib.Path.mkdir", lambda *_args, **_options: None)
    daemon.ensure(may_ask=True)
    assert ran == [["/usr/sbin/virtlogd", "--daemon"], ["/usr/sbin/libvirtd", "--daemon"]]
