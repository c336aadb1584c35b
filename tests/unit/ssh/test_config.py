"""Names from the user's ssh configuration."""

from __future__ import annotations

from pathlib import Path

from app.ssh.config import KnownHost, known_hosts
from app.ssh.folder import LONGEST, PREFIX, control_path
from app.ssh.target import SshTarget

TEXT = """# mine
Host *
  User everybody
Host lab1 lab2 !lab3 *.example.org
  HostName=192.0.2.1
  Port 2222
  IdentityFile "~/.ssh/lab key"
  User ops
  User ignored
Match host lab1
  Port 1
host LAB4
Include {folder}/conf.d/*
"""


def test_names_in_order_without_patterns(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/a").write_text("Host far\n  HostName far.example.org\n")
    (tmp_path / "config").write_text(TEXT.format(folder=tmp_path))
    found = known_hosts(tmp_path / "config")
    assert found == [
        KnownHost("lab1", "192.0.2.1", "ops", "2222", "~/.ssh/lab key"),
        KnownHost("lab2", "192.0.2.1", "ops", "2222", "~/.ssh/lab key"),
        KnownHost("LAB4"),
        KnownHost("far", "far.example.org"),
    ]


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "loop").write_text(f"Include {tmp_path}/loop\nHost a\n")
    (tmp_path / "bytes").write_bytes(b"Host b\xff\xfe\nPort\n\0\0")
    assert [host.name for host in known_hosts(tmp_path / "loop")] == ["a"]
    assert len(known_hosts(tmp_path / "bytes")) == 1
    assert known_hosts(tmp_path / "none") == known_hosts(tmp_path) == []


def test_sockets_of_shared_connections_are_short_enough() -> None:
    """ssh appends a dot and 16 letters while it makes one; a path of 108 bytes is too long."""
    name = Path(control_path(SshTarget("h" * 200, "u" * 50, 65535))).name
    assert LONGEST + len(f"/{PREFIX}4194304-12345678/{name}.1234567890123456") <= 107
