"""Starting the system's libvirt where no service manager does it, in namespaces of its own that end with the test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import hosts

INSIDE = """
set -e
for folder in /run /var/lib/libvirt /var/log/libvirt; do mount -t tmpfs tmpfs $folder; done
ip link set lo up
exec "$0" -c '
import asyncio
from app.virt import daemon, defaults, domains
from app.virt.session import Session

async def main():
    before = daemon.look()
    assert before.installed and not before.running, before
    choice = defaults.choose()
    assert choice.uri == "test:///default" and choice.can_start_daemon, choice
    await daemon.start(before)
    assert daemon.look().running
    assert defaults.choose().uri == "qemu:///system"
    session = Session("qemu:///system")
    await session.open()
    assert await domains.list_states(session) == []
    await session.close()
    await daemon.start(daemon.look())
    print("started")

asyncio.run(main())
'
"""


def test_root_starts_the_daemon_directly() -> None:
    if reason := hosts.why_not():
        pytest.skip(reason)
    if Path("/run/systemd/system").is_dir():
        pytest.skip("this machine has systemd, which starts the daemon; the direct way is for machines without")
    argv = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--net",
        "--uts",
        "/bin/sh",
        "-c",
        INSIDE,
        sys.executable,
    ]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "started", done.stderr
