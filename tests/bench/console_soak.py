"""Whether the memory of consoles stays as it is: ``python -m tests.bench.console_soak [MINUTES]`` (30).

A VNC viewer gets whole-screen updates, full HD, several a second, in Tight; a SPICE viewer watches a QEMU that paints the whole screen, one
tenth of the time.  Every ten seconds the memory of each viewer, its own processes included, is read (PSS, so that what they share
counts once).  Printed: the medians of the thirds; more growth from the first to the last than FLAT_MIB is a failure.  Needs Xvfb.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.console.vnc.wire import Wire
from tests.bench.console_spice import PAINTER, running
from tests.bench.console_streams import ENCODINGS, frames
from tests.bench.console_vnc import commands, greet, wait_request
from tests.bench.desk import Desk
from tests.lab.qemu_spice import SpiceQemu

EVERY_S = 10.0
WARM_S = 20.0
RATE = 5
SESSION = ("Tight, text", "tight")
FLAT_MIB = 3.0


def pss_mib(pid: int) -> float:
    """Of a process and of those that it has started."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(pss_mib(int(child)) for child in children)


def feed(listener: socket.socket, end: threading.Event) -> None:
    """The VNC server: RATE updates a second until the end.  Its frames repeat, each beginning with fresh streams of zlib."""
    sock, _address = listener.accept()
    with sock:
        wire = Wire(sock.recv_into)
        greet(sock, wire)
        wait_request(wire, ENCODINGS[SESSION[1]])
        for frame in frames(SESSION[0], 10_000_000):
            if end.wait(1 / RATE):
                return
            sock.sendall(frame)
            wait_request(wire, None)


def throttle(pid: int, end: threading.Event) -> None:
    """Lets QEMU paint one tenth of the time."""
    while not end.wait(0.45):
        os.kill(pid, signal.SIGCONT)
        end.wait(0.05)
        os.kill(pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGCONT)


def watch(viewers: dict[str, subprocess.Popen[bytes]], minutes: float) -> bool:
    """Reads the memory, says how it went; whether it stayed."""
    time.sleep(min(WARM_S, minutes * 20))
    seen: dict[str, list[float]] = {name: [] for name in viewers}
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        for name, process in viewers.items():
            assert process.poll() is None, f"{name} has ended"
            seen[name].append(pss_mib(process.pid))
        time.sleep(min(EVERY_S, minutes * 6))
    flat = True
    for name, values in seen.items():
        third = max(1, len(values) // 3)
        thirds = [statistics.median(part) for part in (values[:third], values[third:-third] or values, values[-third:])]
        grown = thirds[-1] - thirds[0]
        flat = flat and grown <= FLAT_MIB
        words = ", ".join(f"{value:.1f}" for value in thirds)
        print(f"{name}: {words} MiB in the thirds of {minutes:g} minutes ({len(values)} readings): {grown:+.1f} MiB", flush=True)
    return flat


def main() -> int:
    """1 if memory grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float, nargs="?", default=30)
    minutes: float = parser.parse_args().minutes
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    painting = QGuiApplication([])
    end = threading.Event()
    with Desk("1920x1080x24") as desk, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        env = desk.env | {"PYTHONPATH": os.pathsep.join(sys.path), "QT_QPA_PLATFORM": "xcb"}
        image = Path(folder) / "painter.img"
        image.write_bytes((PAINTER.ljust(510, b"\0") + b"\x55\xaa").ljust(1 << 20, b"\0"))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        server = threading.Thread(target=feed, args=(listener, end), daemon=True)
        server.start()
        vnc = stack.enter_context(running(commands(listener.getsockname()[1], SESSION[1])["Hostelry"], env))
        qemu = stack.enter_context(SpiceQemu(image, "streaming-video=off", display="VGA"))
        command = [sys.executable, "-m", "tests.bench.console_spice_viewer", str(qemu.folder / "spice")]
        spice = stack.enter_context(running(command, env))
        time.sleep(5)
        painter = threading.Thread(target=throttle, args=(qemu.process.pid, end), daemon=True)
        painter.start()
        try:
            flat = watch({"VNC": vnc, "SPICE": spice}, minutes)
        finally:
            end.set()
            painter.join(5)
    del painting
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
