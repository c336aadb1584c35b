"""The program's private folder for SSH: the door's socket, the commands that ssh starts, and the sockets of shared connections.

It is removed at the program's end; one that a crash left goes at the next start.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.ssh.target import SshTarget

PREFIX = "hostelry-ssh-"

LONGEST = 44
"""Bytes of the folder above ours: a socket's path has 107, of which ours, with what ssh adds while it makes one, takes 61."""

EXIT_S = 5.0


_making = threading.Lock()


def folder() -> Path:
    """Ours alone (0700), made at the first use; programs can be started from it.  Any thread; touches the file system."""
    with _making:
        return _folder()


@functools.cache
def _folder() -> Path:
    for base in _candidates():
        with contextlib.suppress(OSError):
            _sweep(base)
            made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
            if _runs_programs(made):
                atexit.register(_remove, made)
                return made
            shutil.rmtree(made, ignore_errors=True)
    raise OSError("there is no folder for the programs that ssh starts")


def _candidates() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    known = [Path(runtime)] if runtime else []
    return [path for path in (*known, Path(tempfile.gettempdir())) if path.is_dir() and len(os.fsencode(path)) <= LONGEST]


def _runs_programs(place: Path) -> bool:
    """False where the file system is mounted "noexec"."""
    probe = place / "probe"
    write_command(probe, ["true"], {})
    works = os.access(probe, os.X_OK)
    probe.unlink()
    return works


def _sweep(base: Path) -> None:
    """Removes what programs left that are gone."""
    for old in base.glob(f"{PREFIX}*"):
        pid = old.name.removeprefix(PREFIX).partition("-")[0]
        facts = old.lstat()  # in /tmp anybody may make a link of such a name
        ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid()
        if pid.isdecimal() and ours and not Path(f"/proc/{pid}").exists():
            _remove(old)


def _remove(place: Path) -> None:
    for control in place.glob("c-*"):
        end_shared(control)
    shutil.rmtree(place, ignore_errors=True)


def write_command(path: Path, argv: Sequence[str], env: Mapping[str, str]) -> None:
    """A program that runs ``argv`` with more environment and its own arguments.  Nothing secret goes into it.

    libvirt passes but a few variables on to ssh, so they are set here, between the two.
    """
    exports = "".join(f"export {key}={shlex.quote(value)}\n" for key, value in env.items())
    text = f'#!/bin/sh\n{exports}exec {" ".join(map(shlex.quote, argv))} "$@"\n'
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, stat.S_IRWXU)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def askpass() -> Path:
    """The program for SSH_ASKPASS."""
    path = folder() / "ask"
    helper = Path(__file__).with_name("askpass.py")
    with contextlib.suppress(FileExistsError):
        write_command(path, [sys.executable, "-I", "-S", str(helper)], {})
    return path


def control_path(target: SshTarget) -> str:
    """ssh's ControlPath: one connection for each host, port and user.  Not ssh's own “%C”, whose 40 letters make it too long."""
    same = repr((target.host, target.port, target.user, target.command))
    return str(folder() / f"c-{hashlib.sha256(same.encode()).hexdigest()[:12]}")


def end_shared_with(target: SshTarget) -> None:
    """Ends the shared connection to this host, if there is one."""
    _exit([target.command, "-o", f"ControlPath={control_path(target)}", *target.arguments(), "-O", "exit", "--", target.host])


def end_shared(control: Path) -> None:
    """Ends the shared connection behind this socket, with all that goes over it.  Blocks for a moment."""
    _exit(["ssh", "-F", "none", "-o", f"ControlPath={control}", "-O", "exit", "--", "any"])


def _exit(argv: list[str]) -> None:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=EXIT_S, check=False)
