"""Starts the system's libvirt daemon where it is installed but not running."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from prepare.terminal import say

SOCKETS = ("/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock")
UNITS = (("libvirtd.service", "libvirtd.service"), ("virtqemud.service", "virtqemud.socket"))
"""(file that shows that it is installed, unit to start)"""
UNIT_FOLDERS = (Path("/usr/lib/systemd/system"), Path("/lib/systemd/system"), Path("/etc/systemd/system"))
MODULAR = ("virtlogd", "virtnetworkd", "virtnodedevd", "virtsecretd", "virtstoraged", "virtqemud")
MONOLITHIC = ("virtlogd", "libvirtd")


def answers(path: str) -> bool:
    """Whether a daemon listens on the socket; one that may not be opened by this user is there, too."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except PermissionError:
            return True
        except OSError:
            return False
    return True


def running() -> bool:
    """Whether the system's daemon runs, or the service manager would start it on the first connection."""
    return any(answers(path) for path in SOCKETS)


def managed() -> bool:
    """Whether systemd is this machine's service manager (sd_booted(3))."""
    return Path("/run/systemd/system").is_dir()


def unit() -> str | None:
    """The unit to start, the monolithic daemon's where both are installed; None: no daemon is installed."""
    for marker, name in UNITS:
        if any((folder / marker).exists() for folder in UNIT_FOLDERS):
            return name
    return None


def programs() -> list[str]:
    """The daemons to start by hand, in order; empty where none is installed."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    for names in (MONOLITHIC, MODULAR):
        found = [where for name in names if (where := shutil.which(name, path=path))]
        if found and found[-1].endswith(names[-1]):
            return found
    return []


def ensure(*, may_ask: bool) -> None:
    """Starts the daemon if it can be started; only says so if not, because the program offers other connections.

    may_ask: whether sudo may ask for a password now (during set-up, not at an ordinary start).
    """
    if running():
        return
    if managed():
        start_unit(may_ask=may_ask)
    elif os.geteuid() == 0:
        start_by_hand()


def start_unit(*, may_ask: bool) -> None:
    """Starts the unit; the program has a button for users who may not do it here."""
    name = unit()
    if name is None or (os.geteuid() != 0 and not may_ask):
        return
    command = ["systemctl", "start", name] if os.geteuid() == 0 else ["sudo", "systemctl", "start", name]
    say(f"libvirt's daemon does not run; starting it: {' '.join(command)}")
    if subprocess.run(command, stdout=2, check=False).returncode != 0:
        say("It did not start. The reason is in: systemctl status " + name)


def start_by_hand() -> None:
    """Starts the daemons as root where there is no service manager, as in a container."""
    daemons = programs()
    if not daemons:
        return
    say("libvirt's daemon does not run and there is no service manager here; starting it directly.")
    Path("/run/libvirt").mkdir(mode=0o755, exist_ok=True)
    for program in daemons:
        done = subprocess.run([program, "--daemon"], capture_output=True, text=True, check=False)
        # A virtlogd that runs already refuses to start a second time; only the last one matters.
        if done.returncode != 0 and program == daemons[-1]:
            say(f"{program} did not start: {done.stderr.strip() or done.stdout.strip()}")
