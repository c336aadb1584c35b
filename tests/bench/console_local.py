"""Protocols of this machine's own screens side by side: ``python -m tests.bench.console_local [--seconds 8] [--stall]``.

One QEMU (emulation) with a full HD desktop that repaints itself all the time, and our own clients in turns: D-Bus, VNC and SPICE
over UNIX sockets; VNC sends raw pixels there.  Frames a second; CPU of this process for 100 frames; CPU of QEMU's threads but the guest's
processors.  --stall: how QEMU's memory grows while a D-Bus viewer does not read.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.console.client import ConsoleClient
from app.console.dbus.client import DbusClient
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.transport import Link
from app.console.vnc.client import VncClient
from tests.fuzz.waiting import Pump
from tests.lab import guests, media, spice_guest
from tests.lab.spice_guest import SpiceGuest
from tests.lab.test_console_dbus import DBUS, Viewer
from tests.lab.world import SessionWorld

TICK = os.sysconf("SC_CLK_TCK")
FULL_HD = (1920, 1080)
REPAINT = "while :; do xsetroot -solid '#a04020'; xsetroot -solid '#2040a0'; done"


class Watcher(Viewer):
    """Leaves the damage to the ``Meter``."""

    def _take(self) -> None: ...


def start(world: SessionWorld) -> SpiceGuest:
    """The desktop with both displays."""
    world.put(media.kernel("generic"), "vmlinuz-generic")
    world.put(spice_guest.initrd(), "spice.img")
    xml = spice_guest.desktop_xml(world, "desktop", video="virtio", graphics=DBUS + guests.VNC_SOCKET + spice_guest.SPICE_SOCKET, agent=False)
    for piece in (spice_guest.USB, spice_guest.SOUND, spice_guest.WEBDAV):
        xml = xml.replace(piece, "")
    world.define(xml)
    guest = SpiceGuest(world, "desktop")
    guest.start()
    spice_guest.wait_ready(guest)
    return guest


def qemu_cpu_s(pid: int) -> float:
    """Of its threads but those which run the guest."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        name, rest = re.fullmatch(r"\d+ \((.*)\) (.*)", (task / "stat").read_text().strip()).groups()  # type: ignore[union-attr]
        if not name.startswith("CPU"):
            total += sum(map(int, rest.split()[11:13]))
    return total / TICK


class Meter:
    """Counts what is damaged, and the processors' time meanwhile."""

    def __init__(self, name: str, client: ConsoleClient, pid: int) -> None:
        self._name, self._client, self._pid = name, client, pid
        self.frames = 0.0
        self._begun = self._ours = self._theirs = 0.0
        client.damaged.connect(self._damaged)
        self._damaged()  # nothing is told again before what waits was taken

    def _damaged(self) -> None:
        """By area: SPICE sends a frame in pieces."""
        screen = self._client.framebuffer
        if screen is not None:
            self.frames += sum(rect.w * rect.h for rect in screen.take_damage()) / (screen.width * screen.height)

    def begin(self) -> None:
        """From now on."""
        self.frames, self._begun, self._ours, self._theirs = 0.0, time.monotonic(), time.process_time(), qemu_cpu_s(self._pid)

    def report(self) -> None:
        """Until now."""
        passed, count = time.monotonic() - self._begun, max(self.frames, 0.01)
        print(
            f"{self._name:8} {count / passed:6.1f} frames/s  {100 * (time.process_time() - self._ours) / count:6.3f} s here"
            f"  {100 * (qemu_cpu_s(self._pid) - self._theirs) / count:6.3f} s in QEMU, per 100 frames"
        )


def measure(name: str, client: ConsoleClient, pump: Pump, pid: int, seconds: float) -> None:
    """Counts until the time is over."""
    meter = Meter(name, client, pid)
    pump.until(lambda: meter.frames > 1, timeout_s=60)
    meter.begin()
    end = time.monotonic() + seconds
    pump.until(lambda: time.monotonic() > end, timeout_s=seconds + 20)
    meter.report()


def sleep(_head: object) -> None:
    """Instead of reading."""
    time.sleep(3600)


def full_hd(viewer: Viewer) -> None:
    """Asked for again and again: a desktop that is just starting may not hear it."""
    asked_s = 0.0

    def reached() -> bool:
        nonlocal asked_s
        if time.monotonic() - asked_s > 3:
            asked_s = time.monotonic()
            viewer.client.resize_guest(FULL_HD[0] + int(asked_s) % 2 * 8, FULL_HD[1])
        return (viewer.screen.width, viewer.screen.height) == FULL_HD

    viewer.pump.until(reached, timeout_s=120)


def stall(viewer: Viewer, pid: int) -> None:
    """A viewer that is stopped: what QEMU keeps for it."""
    print(f"QEMU's memory before: {memory_mib(pid)} MiB")
    listener = viewer.client._listener
    assert listener is not None
    listener._take = sleep  # type: ignore[method-assign, assignment]
    for _turn in range(5):
        time.sleep(2)
        print(f"... while the viewer does not read: {memory_mib(pid)} MiB")


def memory_mib(pid: int) -> int:
    """Resident."""
    rss = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(rss[1]) // 1024 if rss else 0


def main() -> None:
    """See the module."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--stall", action="store_true")
    arguments = parser.parse_args()
    with SessionWorld("local") as world:
        guest = start(world)
        pid = guest.qemu_pid()
        viewer = Watcher(guest)
        viewer.connected()
        full_hd(viewer)
        guest.begin(REPAINT)
        print(f"QEMU's memory: {memory_mib(pid)} MiB")
        for _round in range(arguments.rounds):
            viewer.client.watch(True)
            measure("D-Bus", viewer.client, viewer.pump, pid, arguments.seconds)
            viewer.client.watch(False)
            vnc(guest, pid, arguments.seconds)
            spice(guest, pid, arguments.seconds)
        if arguments.stall:
            viewer.client.watch(True)
            measure("D-Bus", viewer.client, viewer.pump, pid, 1)
            stall(viewer, pid)
        close(viewer.client)


def vnc(guest: SpiceGuest, pid: int, seconds: float) -> None:
    """The other display of the same guest."""
    path = re.search(r"socket='([^']+)'", guest.xml())
    assert path is not None
    sock, pump = socket.socket(socket.AF_UNIX), Pump()
    sock.connect(path[1])
    client = VncClient(sock, wake=pump, local=True)
    client.start()
    measure("VNC", client, pump, pid, seconds)
    close(client)


def spice(guest: SpiceGuest, pid: int, seconds: float) -> None:
    """The third one, whose library works on Qt's loop."""
    from app.console.spice.client import SpiceClient
    from ui.aio import make_loop

    path = guest.world.virsh("domdisplay", guest.name, "--type", "spice").strip().removeprefix("spice+unix://")

    def connect() -> Link:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(path)
        return Link(sock, True)

    async def more() -> Link:
        return connect()

    def wake(call: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(call)

    async def run() -> None:
        client = SpiceClient(Opening(GraphicsInfo(0, "spice"), connect(), more, wake))
        meter = Meter("SPICE", client, pid)
        client.start()
        await asyncio.sleep(3)
        meter.begin()
        await asyncio.sleep(seconds)
        meter.report()
        client.close()

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    loop = make_loop(application)
    with loop:
        loop.run_until_complete(run())


def close(client: DbusClient | VncClient) -> None:
    """With its threads."""
    client.close()
    client.join(5)


if __name__ == "__main__":
    main()
