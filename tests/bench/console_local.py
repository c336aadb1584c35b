"""Protocols of this machine's own screens side by side: ``python -m tests.bench.console_local [--seconds 8] [--stall]``.

One QEMU (emulation) with a full HD desktop that repaints itself all the time, and our own clients in turns: D-Bus, and VNC over a
UNIX socket, which sends raw pixels.  Frames a second; CPU of this process for 100 frames; CPU of QEMU's threads but the guest's
processors.  --stall: how QEMU's memory grows while a D-Bus viewer does not read.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import time
from pathlib import Path

from app.console.client import ConsoleClient
from app.console.dbus.client import DbusClient
from app.console.vnc.client import VncClient
from tests.fuzz.waiting import Pump
from tests.lab import guests, media, spice_guest
from tests.lab.spice_guest import SpiceGuest
from tests.lab.test_console_dbus import DBUS, Viewer
from tests.lab.world import SessionWorld

TICK = os.sysconf("SC_CLK_TCK")
FULL_HD = (1920, 1080)
REPAINT = "while :; do xsetroot -solid '#a04020'; xsetroot -solid '#2040a0'; done"


def start(world: SessionWorld) -> SpiceGuest:
    """The desktop with both displays."""
    world.put(media.kernel("generic"), "vmlinuz-generic")
    world.put(spice_guest.initrd(), "spice.img")
    xml = spice_guest.desktop_xml(world, "desktop", video="virtio", graphics=DBUS + guests.VNC_SOCKET, agent=False)
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


def measure(name: str, client: ConsoleClient, pump: Pump, pid: int, seconds: float) -> None:
    """Counts what is damaged until the time is over."""
    frames = [0]

    def damaged() -> None:
        if client.framebuffer is not None:
            client.framebuffer.take_damage()
            frames[0] += 1

    client.damaged.connect(damaged)
    pump.until(lambda: frames[0] > 5)
    frames[0], begun, ours, theirs = 0, time.monotonic(), time.process_time(), qemu_cpu_s(pid)
    end = begun + seconds
    pump.until(lambda: time.monotonic() > end, timeout_s=seconds + 20)
    passed, count = time.monotonic() - begun, max(frames[0], 1)
    print(
        f"{name:8} {count / passed:6.1f} frames/s  {100 * (time.process_time() - ours) / count:6.3f} s here"
        f"  {100 * (qemu_cpu_s(pid) - theirs) / count:6.3f} s in QEMU, per 100 frames"
    )


def stall(viewer: Viewer, pid: int) -> None:
    """A viewer that is stopped: what QEMU keeps for it."""
    print(f"QEMU's memory before: {memory_mib(pid)} MiB")
    listener = viewer.client._listener
    assert listener is not None
    listener._take = lambda: time.sleep(0.1)  # type: ignore[method-assign]
    for _turn in range(5):
        time.sleep(2)
        print(f"... while the viewer does not read: {memory_mib(pid)} MiB")


def memory_mib(pid: int) -> int:
    """Resident."""
    rss = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(rss[1]) // 1024 if rss else 0


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--stall", action="store_true")
    arguments = parser.parse_args()
    with SessionWorld("local") as world:
        guest = start(world)
        pid = guest.qemu_pid()
        viewer = Viewer(guest).connected()
        viewer.client.resize_guest(*FULL_HD)
        viewer.pump.until(lambda: (viewer.screen.width, viewer.screen.height) == FULL_HD, timeout_s=60)
        guest.begin(REPAINT)
        print(f"QEMU's memory: {memory_mib(pid)} MiB")
        for _round in range(arguments.rounds):
            viewer.client.watch(True)
            measure("D-Bus", viewer.client, viewer.pump, pid, arguments.seconds)
            viewer.client.watch(False)
            vnc(guest, pid, arguments.seconds)
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


def close(client: DbusClient | VncClient) -> None:
    """With its threads."""
    client.close()
    client.join(5)


if __name__ == "__main__":
    main()
