"""Sixty updates a second, full HD: ``python -m tests.bench.console_load [--seconds 5]``.

Each viewer in turn gets a whole-screen update every 1/60 s (if it has asked for one).  Printed: the updates a second that it took, and
of one core: what the whole viewer used, and its first thread, which is where its window answers.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import time
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.console.vnc.wire import Wire
from app.errors import HostelryError
from tests.bench.console_streams import ENCODINGS, SESSIONS, frames
from tests.bench.console_vnc import START_S, Unfit, commands, cpu_s, greet, start_xvfb, wait_request

RATE = 60


def first_thread_s(pid: int) -> float:
    """CPU time of the thread that has the window."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def load(process: subprocess.Popen[bytes], listener: socket.socket, session: list[bytes], wanted: int) -> tuple[float, float, float]:
    """(updates a second, share of a core, of that the first thread)."""
    listener.settimeout(START_S)
    sock, _address = listener.accept()
    with sock:
        sock.settimeout(START_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(sock.recv_into)
        greet(sock, wire)
        wait_request(wire, wanted)
        for frame in session[:2]:
            sock.sendall(frame)
            wait_request(wire, None)
        time.sleep(0.5)
        began, cpu, first = time.monotonic(), cpu_s(process.pid), first_thread_s(process.pid)
        for number, frame in enumerate(session[2:]):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            sock.sendall(frame)
            wait_request(wire, None)
        span = time.monotonic() - began
        return (len(session) - 2) / span, (cpu_s(process.pid) - cpu) / span, (first_thread_s(process.pid) - first) / span


def measure(name: str, seconds: float) -> None:
    """All viewers on one session."""
    encoding, _make = SESSIONS[name]
    session = list(frames(name, int(seconds * RATE)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for viewer, command in commands(listener.getsockname()[1], encoding).items():
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                rate, whole, first = load(process, listener, session, ENCODINGS[encoding])
                print(f"| {name} | {viewer} | {rate:.0f} | {whole:.0%} | {first:.0%} |", flush=True)
            except (Unfit, HostelryError, OSError) as error:
                print(f"| {name} | {viewer} | {error} | | |", flush=True)
            finally:
                process.kill()
                process.wait()


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    painting = QGuiApplication([])
    xvfb, display = start_xvfb()
    os.environ.update(DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb")
    print("| session | viewer | updates/s | viewer's CPU | first thread |\n|---|---|---|---|---|")
    try:
        for name in ("raw, text", "Tight, text", "ZRLE, text", "Tight+JPEG, photos"):
            measure(name, options.seconds)
    finally:
        xvfb.terminate()
        xvfb.wait()
        del painting


if __name__ == "__main__":
    main()
