"""The first connection is the best one that this user can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.virt import daemon, defaults
from app.virt.daemon import DaemonKind, DaemonState


@pytest.mark.parametrize(
    ("state", "root", "qemu", "uri", "button"),
    [
        (DaemonState(program="/usr/sbin/libvirtd", running=True, allowed=True), False, True, defaults.SYSTEM, False),
        (DaemonState(program="/usr/sbin/libvirtd", running=True, allowed=False), False, True, defaults.SESSION, False),
        (DaemonState(program="/usr/sbin/libvirtd", systemd=True), False, True, defaults.SESSION, True),
        (DaemonState(program="/usr/sbin/libvirtd"), False, True, defaults.SESSION, False),
        (DaemonState(program="/usr/sbin/libvirtd"), True, True, defaults.PRACTICE, True),
        (DaemonState(program="/usr/sbin/libvirtd"), False, False, defaults.PRACTICE, False),
        (DaemonState(), False, True, defaults.PRACTICE, False),
    ],
)
def test_the_choice_says_why(state: DaemonState, root: bool, qemu: bool, uri: str, button: bool) -> None:
    choice = defaults.decide(state, root=root, qemu=qemu)
    assert choice.uri == uri
    assert choice.can_start_daemon is button
    assert choice.why.endswith(".")
    assert bool(choice.better) is (uri != defaults.SYSTEM)


def test_looking_finds_no_daemon_where_there_is_no_socket(tmp_path: Path) -> None:
    state = daemon.look(tmp_path)
    assert not state.running
    assert not state.systemd
    assert state.kind in DaemonKind
