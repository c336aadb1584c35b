"""The terminal of serial consoles beside xterm: ``python -m tests.bench.console_text [--rounds 3] [--megabytes 10]``.

Both show what the same command writes to a pseudo-terminal, on one Xvfb, in turns: a log file of so many megabytes with colours,
and ``top``-like screens, ten times a second.  Seconds until all is shown, and CPU seconds of the viewer alone.  Also how
long the window does not answer at most while it is flooded, and how soon a key goes out then.
"""

from __future__ import annotations

import argparse
import os
import pty
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.console.text.console import ByteConsole
from tests.lab.screen import Display
from ui.console.terminal.terminal_widget import TerminalWidget
from ui.console.wake import QtWake

LINE = "\x1b[3{colour}mservice-{number:05d}\x1b[0m something was done in some milliseconds, and that is all there is\r\n"


class PtyWire:
    """A command on a pseudo-terminal, as a console's line."""

    def __init__(self, console: ByteConsole, argv: list[str]) -> None:
        self.console = console
        self._free = threading.Event()
        self._free.set()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        self.over = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            self._free.wait()
            try:
                data = os.read(self._file, 65536)
            except OSError:
                data = b""
            if not data:
                break
            self.console.received(data)
        os.waitpid(self.pid, 0)
        self.over = True

    def write(self, data: bytes) -> None:
        os.write(self._file, data)

    def hold(self, held: bool) -> None:
        self._free.clear() if held else self._free.set()

    def close(self) -> None: ...


def ours(argv: list[str]) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and the longest time without an answer of the window (ms)."""
    app = QApplication.instance() or QApplication([])
    wake = QtWake()
    console = ByteConsole(wake)
    widget = TerminalWidget(console)
    widget.resize(80 * 8 + 40, 24 * 18)
    widget.set_live(True)
    widget.show()
    began_s, began_cpu = time.monotonic(), time.process_time()
    wire = PtyWire(console, argv)
    console.attach(wire)
    worst_ms, last_s = 0.0, time.monotonic()
    timer = QTimer()

    def tick() -> None:
        nonlocal worst_ms, last_s
        now_s = time.monotonic()
        worst_ms, last_s = max(worst_ms, (now_s - last_s) * 1000), now_s
        if wire.over and not console._bytes:
            app.quit()

    timer.timeout.connect(tick)
    timer.start(5)
    app.exec()
    taken = time.monotonic() - began_s, time.process_time() - began_cpu
    timer.stop()
    widget.hide()
    widget.deleteLater()
    console.close()
    console.join(5)
    return *taken, worst_ms


def xterm(argv: list[str]) -> tuple[float, float, float]:
    """The same; it does not tell whether it answers."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began_s = time.monotonic()
    subprocess.run(["xterm", "-geometry", "80x24", "-sl", "10000", "-e", *argv], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.0


def main() -> int:
    """Prints a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=float, default=10)
    chosen = parser.parse_args()
    viewers = {"Hostelry": ours, **({"xterm": xterm} if shutil.which("xterm") else {})}
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        os.environ["DISPLAY"] = display.name
        for name, argv in scenes(Path(folder), chosen.megabytes).items():
            results: dict[str, list[tuple[float, float, float]]] = {viewer: [] for viewer in viewers}
            for _round in range(chosen.rounds):
                for viewer, run in viewers.items():
                    results[viewer].append(run(argv))
            show(name, results)
    return 0


def scenes(folder: Path, megabytes: float) -> dict[str, list[str]]:
    """Commands by name."""
    log = folder / "log"
    lines = int(megabytes * 1e6 / len(LINE))
    log.write_text("".join(LINE.format(colour=number % 8, number=number % 100_000) for number in range(lines)))
    top = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do printf '\\033[H'; head -n 22 \"$0\"; sleep 0.1; done"
    return {f"cat of {megabytes:g} MB": ["cat", str(log)], "2 s of top at 10 Hz": ["sh", "-c", top, str(log)]}


def show(name: str, results: dict[str, list[tuple[float, float, float]]]) -> None:
    """One scene's medians."""
    for viewer, rounds in results.items():
        seconds, cpu, worst = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name:22} {viewer:10} {seconds:6.2f} s  CPU {cpu:6.2f} s" + (f"  longest wait {worst:4.0f} ms" if worst else ""))


if __name__ == "__main__":
    sys.exit(main())
