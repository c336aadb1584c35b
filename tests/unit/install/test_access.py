"""Who can read what, told from modes and ACLs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.install import access, hypervisor_user
from app.install.acl import READ, SEARCH, User, may
from app.install.hypervisor_user import DYNAMIC, FIXED, Reader

NOBODY = User(65534, frozenset({65534}), "nobody")
OTHERS = [(0o700, False), (0o711, True), (0o750, False), (0o755, True)]


@pytest.mark.parametrize(("mode", "allowed"), OTHERS)
def test_modes(tmp_path: Path, mode: int, allowed: bool) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    folder.chmod(mode)
    assert may(NOBODY, str(folder), SEARCH) is allowed
    assert may(User(0, frozenset(), "root"), str(folder), SEARCH | READ)


def test_acl_and_its_mask(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir(mode=0o700)
    subprocess.run(["setfacl", "-m", f"u:{NOBODY.uid}:x", str(folder)], check=True)
    assert may(NOBODY, str(folder), SEARCH)
    assert not may(NOBODY, str(folder), READ)
    subprocess.run(["setfacl", "-m", "m::-", str(folder)], check=True)
    assert not may(NOBODY, str(folder), SEARCH)


def test_blocked_folder_is_named_and_can_be_opened(tmp_path: Path) -> None:
    home = tmp_path / "home with blanks"
    home.mkdir(mode=0o700)
    iso = home / "a.iso"
    iso.write_bytes(b"x")
    found = access.check_now(str(iso), Reader(NOBODY, DYNAMIC))
    assert not found.ok
    assert [entry.path for entry in found.grants][-1] == str(home)
    assert "nobody" in found.text
    assert found.commands[-1] == ["setfacl", "-m", "u:65534:x", "--", str(home)]
    assert str(home) in found.undo


def test_file_mode_counts_only_where_libvirt_changes_no_owner(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        tmp_path.chmod(0o755)
    iso = tmp_path / "a.iso"
    iso.write_bytes(b"x")
    iso.chmod(0o600)
    fixed = access.check_now(str(iso), Reader(NOBODY, FIXED))
    assert [entry.path for entry in fixed.grants if entry.bits == "r"] == [str(iso)]
    dynamic = access.check_now(str(iso), Reader(NOBODY, DYNAMIC))
    assert [entry for entry in dynamic.grants if entry.bits == "r"] == []


def test_remote_host_has_not_the_file() -> None:
    found = access.check_now("/x.iso", None)
    assert found.remote and not found.ok and not found.grants


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("qemu:///system", True),
        ("qemu+unix:///system?socket=/x", True),
        ("qemu:///session", True),
        ("qemu+ssh://host/system", False),
        ("qemu+ssh://localhost/system", False),
        ("qemu+tcp://10.0.0.1/system", False),
    ],
)
def test_which_hosts_are_here(uri: str, local: bool) -> None:
    assert hypervisor_user.is_local(uri) is local
    assert (hypervisor_user.find(uri) is not None) is local


def test_label_of_the_capabilities_wins() -> None:
    found = hypervisor_user.find("qemu:///system", "+65534:+65534")
    assert found is not None
    assert found.user.uid == 65534


@pytest.mark.skipif(shutil.which("setfacl") is None, reason="needs setfacl (package acl)")
def test_what_the_user_may_do_already_stays_so(tmp_path: Path) -> None:
    """setfacl -m replaces a user's entry: it must be asked for all that the entry had."""
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o700)
    if subprocess.run(["setfacl", "-m", f"u:{NOBODY.uid}:rw", folder], check=False, capture_output=True).returncode:
        pytest.skip("this file system has no access control lists")
    (folder / "a.iso").write_bytes(b"x")
    found = access.check_now(str(folder / "a.iso"), Reader(NOBODY, DYNAMIC))
    assert [entry.bits for entry in found.grants if entry.path == str(folder)] == ["rwx"]
