"""A private desk for one benchmark: X display, D-Bus session, home folder; nothing of the user's is read or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType


class Desk:
    """Context manager; ``env`` is the environment for programs under test.

    Needs Xvfb and dbus-daemon.  AT-SPI is off for every program alike (NO_AT_BRIDGE).
    """

    def __init__(self, size: str = "1600x1200x24") -> None:
        self.size = size
        self.home = Path(tempfile.mkdtemp(prefix="hostelry-bench-"))
        self.env: dict[str, str] = {}
        self._children: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Desk:
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700)
        display = self._start(["Xvfb", "-displayfd", "1", "-screen", "0", self.size, "-nolisten", "tcp"])
        bus = self._start(["dbus-daemon", "--session", "--nofork", "--print-address=1"])
        self.env = dict(os.environ) | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "DISPLAY": f":{display}",
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "GSETTINGS_BACKEND": "keyfile",
            "NO_AT_BRIDGE": "1",
            "LANG": "C.UTF-8",
        }
        self.env.pop("WAYLAND_DISPLAY", None)
        self.env.pop("QT_QPA_PLATFORM", None)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.wait(10)
            if child.stdout:
                child.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self, command: list[str]) -> str:
        """Starts a server which prints its address as its first line."""
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._children.append(child)
        assert child.stdout is not None
        line = child.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{command[0]} did not start")
        return line
