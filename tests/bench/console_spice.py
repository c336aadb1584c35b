"""The SPICE console against other viewers: ``python -m tests.bench.console_spice [--pairs 3] [--seconds 3]``.

One QEMU whose guest paints the whole screen, full HD, again and again (a boot sector); each viewer in turn (A B C A B C ...) on
one Xvfb.  Bytes that QEMU sends (wchar of /proc/PID/io) tell the frames; CPU: the viewer's user and system time over the same
span, that of its own processes included.  Then the boot sector that answers keys: from a key press (XTEST) to the changed pixel on the X screen.  Medians and
ratios are printed.  Needs Xvfb, openbox, python-xlib; remote-viewer (virt-viewer) and spicy (spice-client-gtk) where they are installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.console_vnc import cpu_s
from tests.bench.desk import Desk
from tests.lab import media
from tests.lab.qemu_spice import SpiceQemu
from tests.lab.world import wait_for

PAINTER = bytes.fromhex(
    "31c08ed88ed0bc007cbe600081ee000081c6007cb90500adbace01ef42adefe2f6b800a08ec06631dbfc909090906681c3c5b3a1006689d831ed6650"
    "bace01b80500ef4289e8ef665831ffb9004066ab660503010000e2f64583fd7f72dcebca0400000001008007020038040300200004000100"
)
"""1920x1080 by the Bochs registers (0x1CE), then for ever: a ramp of colours through the 64 KiB window, bank by bank."""

SESSIONS = {"raw": "image-compression=off"}
"""QEMU sends a plain VGA's screen as it is (4 bytes a pixel), whatever compression is set (seen with 7.2 and "lz")."""

WARM_S = 3.0
KEYS = 15


def viewers(path: str) -> dict[str, list[str]]:
    """Those that are installed."""
    found = {"Hostelry": [sys.executable, "-m", "tests.bench.console_spice_viewer", path]}
    if remote := shutil.which("remote-viewer"):
        found["remote-viewer"] = [remote, "--full-screen", f"spice+unix://{path}"]
    if spicy := shutil.which("spicy"):
        found["spicy"] = [spicy, "--full-screen", f"--uri=spice+unix://{path}"]
    return found


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A viewer; what it forks is in its group."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def sent(pid: int) -> int:
    """Bytes that a process has written."""
    return int(Path(f"/proc/{pid}/io").read_text().split("wchar: ")[1].split()[0])


def pace(qemu: SpiceQemu, viewer: subprocess.Popen[bytes], seconds: float) -> tuple[float, float]:
    """MB/s and CPU seconds per 100 MB, both of what QEMU sent."""
    start = sent(qemu.process.pid)
    wait_for(lambda: sent(qemu.process.pid) > start + 20_000_000 or None, "the picture", 30)
    time.sleep(WARM_S)
    begin, used, at = sent(qemu.process.pid), used_s(viewer.pid), time.monotonic()
    time.sleep(seconds)
    megabytes = (sent(qemu.process.pid) - begin) / 1e6
    return megabytes / (time.monotonic() - at), (used_s(viewer.pid) - used) * 100 / megabytes


def used_s(pid: int) -> float:
    """CPU time of a viewer and of the processes that it has started."""
    children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return cpu_s(pid) + sum(map(used_s, children))


def latency(display: str) -> list[float]:
    """Milliseconds from a key to the pixel in the middle of the screen."""
    from Xlib import XK, X
    from Xlib.display import Display
    from Xlib.ext import xtest

    x: Any = Display(display)
    root = x.screen().root
    xtest.fake_input(x, X.MotionNotify, x=960, y=500)
    for event in (X.ButtonPress, X.ButtonRelease):
        xtest.fake_input(x, event, 1)
    x.sync()
    time.sleep(1)

    def pixel() -> bytes:
        return bytes(root.get_image(960, 540, 1, 1, X.ZPixmap, 0xFFFFFFFF).data)

    took = []
    for number in range(KEYS):
        code = x.keysym_to_keycode(XK.string_to_keysym("abcdef"[number % 6]))
        before, start = pixel(), time.monotonic()
        xtest.fake_input(x, X.KeyPress, code)
        xtest.fake_input(x, X.KeyRelease, code)
        x.sync()
        while pixel() == before and time.monotonic() < start + 2:
            time.sleep(0.001)
        took.append((time.monotonic() - start) * 1000)
        time.sleep(0.3)
    x.close()
    return took[3:]


def table(rows: dict[str, dict[str, list[tuple[float, ...]]]], heads: tuple[str, ...]) -> None:
    """Medians, and ours against theirs round by round."""
    for session, results in rows.items():
        for viewer, runs in results.items():
            values = [statistics.median(each) for each in zip(*runs, strict=True)]
            ratio = [
                statistics.median(ours[at] / theirs[at] for ours, theirs in zip(results["Hostelry"], runs, strict=False))
                for at in range(len(values))
            ]
            text = "; ".join(f"{value:.2f} {head} (ours/theirs {one:.2f})" for value, head, one in zip(values, heads, ratio, strict=True))
            print(f"{session:8} {viewer:14} {text}", flush=True)


def main() -> int:
    """All sessions, all viewers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--sessions", default=",".join(SESSIONS), help="empty: the keys alone")
    options = parser.parse_args()
    with Desk("1920x1080x24") as desk, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        env = desk.env | {"PYTHONPATH": os.pathsep.join(sys.path)}
        stack.enter_context(running(["openbox"], env))  # gives each new window the keyboard
        image = Path(folder) / "painter.img"
        image.write_bytes((PAINTER.ljust(510, b"\0") + b"\x55\xaa").ljust(1 << 20, b"\0"))

        def all_viewers(
            disk: Path, spice: str, measure: Callable[[SpiceQemu, subprocess.Popen[bytes]], tuple[float, ...]]
        ) -> dict[str, list[tuple[float, ...]]]:
            results: dict[str, list[tuple[float, ...]]] = {}
            with SpiceQemu(disk, spice, "streaming-video=off", display="VGA") as qemu:
                time.sleep(2)
                for _round in range(options.pairs):
                    for name, command in viewers(str(qemu.folder / "spice")).items():
                        with running(command, env) as viewer:
                            results.setdefault(name, []).append(measure(qemu, viewer))
            return results

        for session in filter(None, options.sessions.split(",")):
            paces = all_viewers(image, SESSIONS[session], lambda qemu, viewer: pace(qemu, viewer, options.seconds))
            table({session: paces}, ("MB/s", "CPU s/100 MB"))

        def keys(_qemu: SpiceQemu, _viewer: subprocess.Popen[bytes]) -> tuple[float, ...]:
            time.sleep(3)
            took = sorted(latency(env["DISPLAY"]))
            return statistics.median(took), took[int(len(took) * 0.95)]

        table({"keys": all_viewers(media.boot_sector(), SESSIONS["raw"], keys)}, ("ms median", "ms 95 %"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
