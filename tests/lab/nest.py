"""A folder in /tmp with a keeper process (see `keeper`): what is started in it ends with it, and it with us, crash or not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.lab.keeper import start_time

KEEPER = Path(__file__).with_name("keeper.py")
PREFIX = "hl-"
"""Nests are /tmp/hl-XXXXXXXX: a UNIX socket's path has 107 bytes, and pytest's own folders use up most of them."""

T = TypeVar("T")


class LabError(Exception):
    """The lab could not do what it was asked to; the text says why, with the daemon's own words where there are any."""


def wait_for(check: Callable[[], T | None], what: str, timeout_s: float = 20.0, interval_s: float = 0.02) -> T:
    """Polls until `check()` gives something true and returns that; LabError names `what` at the time-out."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise LabError(f"waited {timeout_s:g} s for {what}")
        time.sleep(interval_s)


def find_program(name: str) -> str:
    """The absolute path of a program, in sbin as well; LabError says what is missing."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin")
    if not found:
        raise LabError(f"The lab needs the program “{name}”, which is not installed.")
    return found


def missing_programs(*names: str) -> list[str]:
    """Those of the programs that are not installed."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin"
    return [name for name in names if not shutil.which(name, path=path)]


def sweep() -> list[Path]:
    """Removes nests whose keeper and owner are both gone (killed without a chance); gives what it removed."""
    removed = []
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        try:
            config = json.loads((folder / "keeper.json").read_text())
            stamp = json.loads((folder / "keeper.pid").read_text())
        except (OSError, ValueError):
            continue
        if not any(start_time(pid) == at for pid, at in (config["owner"], stamp)):
            _remove(folder)
            removed.append(folder)
    return removed


def _remove(folder: Path) -> None:
    """Kills processes that still name the folder in their command line or environment, then removes it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
                if f"{folder}/".encode() in told:
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue
    shutil.rmtree(folder, ignore_errors=True)


class Nest:
    """The folder (`root`) and its keeper. `start_keeper` starts it, `close` ends and removes all."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
        self.root.chmod(0o755)
        (self.root / "log").mkdir()
        self.inner_pid = 0
        self._keeper: subprocess.Popen[bytes] | None = None

    def start_keeper(self, **settings: Any) -> Self:
        """Starts the keeper; settings are those of `keeper.Config`."""
        config = self.root / "keeper.json"
        owner = [os.getpid(), start_time(os.getpid())]
        common: dict[str, Any] = {
            "root": str(self.root),
            "name": self.name,
            "owner": owner,
            "keep": bool(os.environ.get("HOSTELRY_LAB_KEEP")),
            "isolated": False,
            "cgroups": [],
            "gid": os.getegid(),
            "groups": [],
        }
        config.write_text(json.dumps(common | settings))
        argv = [sys.executable, "-I", "-S", str(KEEPER), str(config)]
        self._keeper = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        (self.root / "keeper.pid").write_text(json.dumps([self._keeper.pid, start_time(self._keeper.pid)]))
        self.inner_pid = int(self._answer()["ready"])
        return self

    def _answer(self) -> dict[str, Any]:
        assert self._keeper and self._keeper.stdout
        line = self._keeper.stdout.readline()
        reply: dict[str, Any] = json.loads(line) if line else {"error": "its keeper ended"}
        if "error" in reply:
            raise LabError(f"Lab “{self.name}”: {reply['error']}")
        return reply

    def ask_keeper(self, **request: Any) -> dict[str, Any]:
        """Sends a request (see `keeper`) and gives its answer."""
        if self._keeper is None or self._keeper.stdin is None:
            raise LabError(f"Lab “{self.name}” is not open.")
        self._keeper.stdin.write(json.dumps(request).encode() + b"\n")
        self._keeper.stdin.flush()
        return self._answer()

    def run_inside(self, *argv: str) -> str:
        """Runs a short command in the nest's namespaces; gives its output, raises LabError when it fails."""
        reply = self.ask_keeper(op="run", argv=list(argv))
        if reply["rc"]:
            raise LabError(f"{' '.join(argv)}: {reply['out'].strip()}")
        return str(reply["out"])

    def spawn(
        self, argv: list[str], env: dict[str, str] | None = None, *, log: Path | None = None, user: int | None = None
    ) -> int:
        """Starts a program that ends with the nest at the latest; gives its pid. Its output goes to `log` (log/boot.log)."""
        return int(self.ask_keeper(op="spawn", argv=argv, env=env, user=user, log=str(log) if log else None)["pid"])

    def close(self) -> None:
        """Ends all that was started in it and removes the folder; returns when that is done."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            shutil.rmtree(self.root, ignore_errors=True)
            return
        assert keeper.stdin and keeper.stdout
        keeper.stdin.close()
        keeper.wait(30)
        keeper.stdout.close()
