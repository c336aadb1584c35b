"""Updates a second over a 50 ms line: ``python -m tests.bench.console_far [--seconds 4] [--rtt 0.05]``.

A guest's screen that changes all the time (QEMU: keys typed into the boot sector guest; Xvnc: a window painted anew), seen
through a slow line (``tests.lab.faults.Link``), with one request at a time, with requests sent ahead, and with continuous updates.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from app.console.client import ClientState
from app.console.vnc.client import VncClient
from app.console.vnc.decoders import registry
from app.console.vnc.protocol import Encoding
from app.console.vnc.requests import UpdateRequests
from tests.fuzz.waiting import Pump
from tests.lab.faults import Link
from tests.lab.media import boot_sector
from tests.lab.qemu_vnc import VncQemu
from tests.lab.secure_vnc import XServer
from tests.lab.x_pictures import XPainter


def updates_a_second(link: Link, seconds: float, changes: Callable[[], None]) -> float:
    """Seen by our client behind the line, from a screen that was at rest before: requests that piled up then are one."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(link.path))
    pump, seen = Pump(), 0
    client = VncClient(sock, wake=pump, local=False, private=True)

    def take() -> None:
        nonlocal seen
        if client.framebuffer is not None and client.framebuffer.take_damage():
            seen += 1

    client.damaged.connect(take)
    client.start()
    pump.until(lambda: client.state is not ClientState.CONNECTING)
    assert client.state is ClientState.CONNECTED, client.error
    rested = time.monotonic() + 1
    pump.until(lambda: time.monotonic() > rested)
    with always(changes, 0.01):
        seen, end = 0, time.monotonic() + seconds
        pump.until(lambda: time.monotonic() > end)
    client.close()
    client.join()
    return seen / seconds


@contextlib.contextmanager
def always(change: Callable[[], None], pause_s: float) -> Iterator[None]:
    """Changes the screen all the time, on a thread."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause_s):
            change()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


WAYS: dict[str, tuple[bool, bool]] = {
    "one request at a time": (False, False),
    "requests sent ahead": (True, False),
    "continuous updates": (True, True),
}
"""(requests ahead, continuous)."""


def row(server: str, way: str, link: Link, seconds: float, changes: Callable[[], None]) -> None:
    ahead, continuous = WAYS[way]
    pseudo = registry.PSEUDO if continuous else tuple(e for e in registry.PSEUDO if e != Encoding.CONTINUOUS_UPDATES)
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(registry, "PSEUDO", pseudo))
        if not ahead:
            stack.enter_context(mock.patch.object(UpdateRequests, "pace", lambda _self: None))
        print(f"| {server} | {way} | {updates_a_second(link, seconds, changes):.1f} |", flush=True)


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rtt", type=float, default=0.05)
    options = parser.parse_args()
    print("| server | way | updates/s |\n|---|---|---|")
    keys = itertools.cycle("abcdefgh")
    with VncQemu(boot_sector()) as qemu, Link(qemu.ready().socket_path, rtt_s=options.rtt) as link:
        for way in ("one request at a time", "requests sent ahead"):
            row("QEMU", way, link, options.seconds, lambda: type_key(qemu, next(keys)))
    colours = itertools.count(0, 0x10307)
    with tempfile.TemporaryDirectory() as folder, XServer(Path(folder), "-SecurityTypes", "None", "-AlwaysShared") as server:
        painter = XPainter(server.display)
        with Link(("127.0.0.1", server.port), rtt_s=options.rtt) as link:
            for way in WAYS:
                row("Xvnc", way, link, options.seconds, lambda: painter.fill(20, 20, 200, 150, next(colours) & 0xFFFFFF))
        painter.close()


def type_key(qemu: VncQemu, key: str) -> None:
    """The guest paints its screen in the key's colour."""
    qemu.qmp("human-monitor-command", **{"command-line": f"sendkey {key} 1"})


if __name__ == "__main__":
    main()
