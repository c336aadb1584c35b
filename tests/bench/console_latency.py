"""From a key to the changed pixel, live: ``python -m tests.bench.console_latency [--keys 60] [--idle 10]``.

The lab's boot sector guest in QEMU paints its screen in the colour of each key.  A key is pressed through the X server (XTEST) as
by a person, at random moments; the time counts until the pixel on the X server's screen is another.  Each viewer in turn shows
the same guest on one Xvfb, over TCP of this machine, with the encoding that it chooses itself.  QEMU looks at the guest's
screen every 30 ms, which is the least part of any of the times.  Then the viewer's CPU time is taken while nothing happens.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from typing import Any

from Xlib import XK, X
from Xlib.ext import xtest

from tests.bench.console_vnc import cpu_s
from tests.lab.media import boot_sector
from tests.lab.qemu_vnc import VncQemu
from tests.lab.screen import Display
from tests.lab.secure_vnc import port_of
from tests.lab.world import wait_for

KEYS = "abcdefgh"
PATIENCE_S = 2.0


def viewers(port: int) -> dict[str, list[str]]:
    """Those that are installed."""
    found = {"Hostelry": [sys.executable, "-m", "tests.bench.console_viewer", str(port)]}
    if tiger := shutil.which("xtigervncviewer"):
        found["TigerVNC"] = [tiger, "-FullScreen", "-RemoteResize=0", f"127.0.0.1::{port}"]
    if gvnc := shutil.which("gvncviewer"):
        found["gvncviewer"] = [gvnc, f"127.0.0.1:{port - 5900}"]
    return found


class Eye:
    """Looks at one pixel of an X server and presses its keys."""

    def __init__(self, display: Display) -> None:
        self._display: Any = display.x
        self._root = display.root
        self.at = (display.width // 2, display.height // 2)

    def pixel(self) -> bytes:
        return bytes(self._root.get_image(*self.at, 1, 1, X.ZPixmap, 0xFFFFFFFF).data)

    def tap(self, key: str) -> None:
        code = self._display.keysym_to_keycode(XK.string_to_keysym(key))
        xtest.fake_input(self._display, X.KeyPress, code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def until_changed(self, before: bytes) -> float | None:
        """When the pixel was another; None if it stayed."""
        end = time.perf_counter() + PATIENCE_S
        while (now := time.perf_counter()) < end:
            if self.pixel() != before:
                return now
            time.sleep(0.0003)
        return None

    def latency(self, key: str) -> float | None:
        """Seconds from the key to the pixel."""
        before = self.pixel()
        pressed = time.perf_counter()
        self.tap(key)
        seen = self.until_changed(before)
        return None if seen is None else seen - pressed


def warm(eye: Eye) -> None:
    """Types until the viewer shows it: its window is there and has the keyboard."""
    keys = iter(KEYS * 20)
    wait_for(lambda: eye.latency(next(keys)), "the viewer's picture", timeout_s=60)


def measure(command: list[str], display: Display, count: int, idle_s: float) -> tuple[list[float], float]:
    """(latencies, seconds of CPU a minute while idle)."""
    process = subprocess.Popen(command, env=os.environ | display.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eye = Eye(display)
        display.move(*eye.at)
        warm(eye)
        spent = []
        for number in range(count):
            time.sleep(random.uniform(0.15, 0.3))
            if (latency := eye.latency(KEYS[number % len(KEYS)])) is not None:
                spent.append(latency)
        time.sleep(2)
        before = cpu_s(process.pid)
        time.sleep(idle_s)
        return spent, (cpu_s(process.pid) - before) * 60 / idle_s
    finally:
        process.kill()
        process.wait()


def row(name: str, spent: list[float], idle: float) -> None:
    ranked = sorted(spent)
    p95 = ranked[int(0.95 * (len(ranked) - 1))]
    print(f"| {name} | {statistics.median(ranked) * 1e3:.0f} | {p95 * 1e3:.0f} | {len(ranked)} | {idle:.2f} |", flush=True)


def rounds(display: Display, qemu: VncQemu, options: argparse.Namespace) -> None:
    """The viewers in turns, so that what else the machine does falls on all of them."""
    results: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(options.rounds):
        for name, command in viewers(port_of(qemu)).items():
            spent, idle = measure(command, display, options.keys // options.rounds, options.idle / options.rounds)
            latencies, idles = results.setdefault(name, ([], []))
            latencies.extend(spent)
            idles.append(idle)
    for name, (latencies, idles) in results.items():
        row(name, latencies, statistics.mean(idles))


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--idle", type=float, default=20, help="seconds")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    print("| viewer | median ms | p95 ms | keys | idle: CPU s a minute |\n|---|---|---|---|---|")
    with VncQemu(boot_sector(), extra=("-vnc", "127.0.0.1:300,to=900")) as qemu, Display(1280, 800) as display:
        rounds(display, qemu.ready(), options)


if __name__ == "__main__":
    main()
