"""Starts a program as a person would, in folders of its own, and looks after it."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any, Self

from tests.e2e.accessibility import SessionBus
from tests.lab.keeper import start_time
from tests.lab.nest import LabError, Nest, wait_for
from tests.lab.screen import Display
from tests.lab.world import SessionWorld, World

REPOSITORY = Path(__file__).resolve().parents[2]
HOSTELRY = [sys.executable, "-m", "ui.main"]
COMPLAINT = re.compile(
    r"^(Traceback|.*\b(CRITICAL|ERROR|WARNING|Warning)\b|QObject|QPainter|QThread|.*never awaited)", re.MULTILINE
)
"""Lines of a program's error output that fail a test: exceptions, log records from WARNING on, Qt's own complaints."""

FORGIVEN = re.compile(r"g_main_loop_quit: assertion|Could not find accessible on path|Accessible invalid")
"""libvirt before 10.3 leaves a source in its client's loop when a call is interrupted (CVE-2024-4418), seen when a host hangs;
and a widget may go while this test asks for it."""


class Program:
    """A running program with HOME, XDG folders and a session bus of its own.

    `on`: a lab world; the program then runs there and finds its libvirt by itself (qemu:///system within a root host, as the
    world's user with qemu:///session in a session world). `settings`: choices of an earlier start (settings.json).
    `user`: runs as this uid instead of root.
    """

    def __init__(
        self,
        screen: Display,
        argv: list[str] | None = None,
        *,
        on: World | None = None,
        env: dict[str, str] | None = None,
        settings: dict[str, Any] | None = None,
        user: int | None = None,
    ) -> None:
        self.screen, self.world = screen, on
        self._settings, self._user = settings, user
        self.argv = argv or HOSTELRY
        self._nest = Nest("program")
        self.folder = self._nest.root
        self._more_env = env or {}
        self.pid = 0
        self.bus: SessionBus | None = None

    @property
    def home(self) -> Path:
        """The program's home folder."""
        return self.folder / "home"

    @property
    def log(self) -> str:
        """What it wrote so far to its standard output and error, then to its own log file."""
        paths = (self.folder / "program.log", self.folder / "state/hostelry/hostelry.log")
        return "\n".join(path.read_text(errors="replace") for path in paths if path.exists())

    @property
    def complaints(self) -> list[str]:
        """Lines of its log that no healthy program writes."""
        return [line for line in self.log.splitlines() if COMPLAINT.search(line) and not FORGIVEN.search(line)]

    @property
    def env(self) -> dict[str, str]:
        """Its whole environment."""
        base = {key: os.environ[key] for key in ("PATH",) if key in os.environ}
        base |= {
            "LANG": "C.UTF-8",
            "LANGUAGE": "en",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "default",
        }
        folders = {
            "XDG_CONFIG_HOME": "config",
            "XDG_CACHE_HOME": "cache",
            "XDG_DATA_HOME": "data",
            "XDG_STATE_HOME": "state",
            "XDG_RUNTIME_DIR": "run",
        }
        base |= {"HOME": str(self.home)} | {key: str(self.folder / name) for key, name in folders.items()}
        if isinstance(self.world, SessionWorld):
            base |= self.world.env
        if self.bus:
            base |= {"DBUS_SESSION_BUS_ADDRESS": self.bus.address}
        return base | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"} | self.screen.env | self._more_env

    def open(self) -> Self:
        """Starts it; whether its window comes is for the driver to see."""
        for name in ("home", "config", "cache", "data", "state", "run"):
            (self.folder / name).mkdir(mode=0o700)
        if self._settings is not None:
            (self.folder / "config/hostelry").mkdir(mode=0o700)
            (self.folder / "config/hostelry/settings.json").write_text(json.dumps(self._settings))
        self._give_folders()
        try:
            self._nest.start_keeper()
            self.bus = SessionBus(self._nest, self.env, self._drop)
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def _give_folders(self) -> None:
        """They belong to the one who runs it."""
        owner = self.world.uid if isinstance(self.world, SessionWorld) else self._user
        if owner is None or os.geteuid():
            return
        for name in ("home", "config", "cache", "data", "state", "run"):
            for path in (self.folder / name, *(self.folder / name).rglob("*")):
                os.chown(path, owner, owner)

    def start(self) -> None:
        """Starts it (again), with the same folders."""
        log = self.folder / "program.log"
        self.pid = (self.world or self._nest).spawn([*self._drop, *self.argv], self.env, log=log)

    @property
    def _drop(self) -> list[str]:
        """The command before a command that makes an ordinary user of root."""
        return ["setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups"] if self._user else []

    def runs(self) -> bool:
        """Whether it is there."""
        return start_time(self.pid) is not None

    def wait_end(self, timeout_s: float = 10) -> None:
        """Waits until it has ended by itself."""
        wait_for(lambda: not self.runs(), "the program to end", timeout_s)

    def kill(self, number: int = signal.SIGTERM) -> None:
        """Ends it by a signal, and by force when it does not listen."""
        if self.pid and self.runs():
            os.kill(self.pid, number)
            try:
                self.wait_end(5)
            except LabError:
                os.kill(self.pid, signal.SIGKILL)
                self.wait_end(5)
                raise

    def close(self) -> None:
        """Ends it and removes its folders."""
        try:
            self.kill()
        finally:
            self._nest.close()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()
