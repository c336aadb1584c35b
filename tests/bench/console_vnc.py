"""The console against other viewers: ``python -m tests.bench.console_vnc [--pairs 3] [--frames 60] [--sessions raw,...]``.

Each viewer in turn (A B C A B C ...) gets the same session, full HD, on one Xvfb.  The server sends a frame for each update that
the viewer asks for, so that the viewer's own pace counts.  Frames per second: from the first frame's sending to the last request
of the viewer.  CPU: the viewer's user and system time over the same span, per 100 frames.  Sessions are made
(console_streams.py: every frame the whole screen) or recorded of real servers (console_recorded.py: many small rectangles).
Medians and ratios are printed.  Needs Xvfb; tigervnc-viewer and gvncviewer where they are installed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication

from app.console.vnc.messages import PIXEL_FORMAT
from app.console.vnc.protocol import Encoding
from app.console.vnc.wire import Wire
from app.errors import HostelryError, TimedOut
from tests.bench.console_recorded import RECORDED, Recording
from tests.bench.console_streams import ENCODINGS, HEIGHT, SESSIONS, WIDTH, frames
from tests.fuzz.servers import NO_SECURITY, VERSION, server_init

START_S = 20.0
REST_S = 0.5
"""A viewer that has been silent for so long is done."""

NAMES = {"tight": "Tight", "tight-jpeg": "Tight", "zrle": "ZRLE", "hextile": "Hextile", "raw": "Raw"}


@dataclass(frozen=True, slots=True)
class Result:
    """Frames per second, and CPU seconds for 100 frames."""

    frames_s: float
    cpu_s: float


class Unfit(Exception):
    """The viewer does not take this session."""


def commands(port: int, encoding: str) -> dict[str, list[str]]:
    """The viewers that are installed."""
    ours = [str(int(ENCODINGS[encoding])), str(int(Encoding.COPYRECT))]
    found = {"Hostelry": [sys.executable, "-m", "tests.bench.console_viewer", str(port), *ours]}
    if (tiger := shutil.which("xtigervncviewer")) and encoding in NAMES:
        found["TigerVNC"] = [tiger, "-FullScreen", "-AutoSelect=0", "-FullColor", f"-PreferredEncoding={NAMES[encoding]}",
                             "-RemoteResize=0", f"127.0.0.1::{port}"]  # fmt: skip
    if gvnc := shutil.which("gvncviewer"):
        found["gvncviewer"] = [gvnc, f"127.0.0.1:{port - 5900}"]
    return found


def serve(listener: socket.socket, session: Recording, wanted: int, cpu: Callable[[], float]) -> Result:
    """Talks to one viewer."""
    listener.settimeout(START_S)
    try:
        sock, _address = listener.accept()
    except TimeoutError as error:
        raise Unfit("did not connect") from error
    with sock:
        sock.settimeout(START_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(sock.recv_into)
        greet(sock, wire, session.width, session.height)
        wait_request(wire, wanted)
        # Two frames to warm up: windows get mapped, libraries loaded.
        for frame in session.frames[:2]:
            sock.sendall(frame)
            wait_request(wire, None)
        time.sleep(0.5)
        start_s, start_cpu = time.monotonic(), cpu()
        for frame in session.frames[2:]:
            sock.sendall(frame)
            wait_request(wire, None)
        span, used = _last_request(sock, wire) - start_s, cpu() - start_cpu
    count = len(session.frames) - 2
    return Result(count / span, used * 100 / count)


def _last_request(sock: socket.socket, wire: Wire) -> float:
    """When the viewer asked for the last time: some ask more than once for a frame, and so are ahead of what they have drawn."""
    sock.settimeout(REST_S)
    last = time.monotonic()
    with contextlib.suppress(TimedOut):
        while True:
            wait_request(wire, None)
            last = time.monotonic()
    return last


def greet(sock: socket.socket, wire: Wire, width: int = WIDTH, height: int = HEIGHT) -> None:
    """The handshake of a server that asks for nothing."""
    sock.sendall(VERSION)
    wire.exactly(12)
    sock.sendall(NO_SECURITY[:2])
    wire.u8()
    sock.sendall(NO_SECURITY[2:])
    wire.u8()
    sock.sendall(server_init(width, height, b"bench"))


def wait_request(wire: Wire, wanted: int | None) -> None:
    """Reads the viewer's messages up to an update request; checks that it takes what we send."""
    while (kind := wire.u8()) != 3:
        if kind == 0:
            wire.exactly(3)
            pixel_format = bytes(wire.exactly(16))
            if pixel_format[:13] != PIXEL_FORMAT[:13]:
                raise Unfit("wants another pixel format")
        elif kind == 2:
            wire.exactly(1)
            encodings = struct.unpack(f">{(count := wire.u16())}i", wire.exactly(count * 4))
            if wanted is not None and wanted not in encodings and wanted != 0:
                raise Unfit("does not offer this encoding")
        elif kind == 6:
            wire.exactly(3)
            wire.skip(wire.u32(), 1 << 20)
        else:
            wire.exactly({4: 7, 5: 5}[kind])
    wire.exactly(9)


def run(viewer: list[str], listener: socket.socket, session: Recording, wanted: int) -> Result:
    """One run of one viewer."""
    process = subprocess.Popen(viewer, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return serve(listener, session, wanted, lambda: cpu_s(process.pid))
    except HostelryError as error:
        raise Unfit(str(error)) from error
    finally:
        process.kill()
        process.wait()


def cpu_s(pid: int) -> float:
    """User and system time of a process, all threads, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


def measure(name: str, pairs: int, count: int) -> dict[str, list[Result] | str]:
    """All viewers on one session, in turns."""
    if name in RECORDED:
        encoding, record = RECORDED[name]
        session = record()
    else:
        encoding, _make = SESSIONS[name]
        session = Recording(WIDTH, HEIGHT, list(frames(name, count)))
    results: dict[str, list[Result] | str] = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for _ in range(pairs):
            for viewer, command in commands(listener.getsockname()[1], encoding).items():
                done = results.setdefault(viewer, [])
                if isinstance(done, str):
                    continue
                try:
                    done.append(run(command, listener, session, ENCODINGS[encoding]))
                except Unfit as why:
                    results[viewer] = str(why)
    return results


def show(name: str, results: dict[str, list[Result] | str]) -> None:
    """One row for each viewer; the ratio is ours to theirs (more frames is better, less CPU is better)."""
    ours = results["Hostelry"]
    for viewer, done in results.items():
        if isinstance(done, str):
            print(f"| {name} | {viewer} | {done} | | | |")
            continue
        fps, cpu = statistics.median(r.frames_s for r in done), statistics.median(r.cpu_s for r in done)
        ratios = "| | |"
        if viewer != "Hostelry" and not isinstance(ours, str):
            faster = statistics.median(a.frames_s / b.frames_s for a, b in zip(ours, done, strict=True))
            cheaper = statistics.median(a.cpu_s / b.cpu_s for a, b in zip(ours, done, strict=True))
            ratios = f"| {faster:.2f} | {cheaper:.2f} |"
        print(f"| {name} | {viewer} | {fps:.0f} | {cpu:.2f} {ratios}", flush=True)


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--sessions", default="", help="comma-separated words of names; or: made, recorded")
    options = parser.parse_args()
    words = [word.strip().lower() for word in options.sessions.split(",") if word.strip()]
    # Fonts and JPEG of the sessions' generator.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    painting = QGuiApplication([])
    xvfb, display = start_xvfb()
    os.environ.update(DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb")
    print(
        "| session | viewer | frames/s | CPU s per 100 frames | ours/theirs frames | ours/theirs CPU |\n|---|---|---|---|---|---|"
    )
    try:
        for name in (*SESSIONS, *RECORDED):
            kind = "recorded" if name in RECORDED else "made"
            if not words or any(word in f"{name} {kind}".lower() for word in words):
                show(name, measure(name, options.pairs, options.frames))
    finally:
        xvfb.terminate()
        xvfb.wait()
        del painting


def start_xvfb() -> tuple[subprocess.Popen[bytes], str]:
    """An X server of our own, 1920x1080."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        return process, pipe.readline().strip()


if __name__ == "__main__":
    main()
