"""What the wall of screens costs: ``python -m tests.bench.wall --machines 50``.  Needs root (an isolated host), no display.

Real libvirtd and QEMU (emulated boot sector guests, whose screens rest).  CPU is that of this process (window, libvirt's client)
and of all QEMUs together, in percent of one core; "hidden" is the same program with another tab in front.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.hosts.host_list import HostList
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.hosts import RootHost
from ui import aio
from ui.main import make_application
from ui.windows.list_control import ListControl
from ui.windows.list_pane import ListPane
from ui.windows.main_window import MainWindow
from ui.windows.program import Program
from ui.windows.wall_page import SMALLEST, WallPage

TICKS_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pids: list[int]) -> float:
    """Processor seconds of these processes so far."""
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS_S
    return total


async def measure(name: str, seconds: float, qemus: list[int], wall: WallPage) -> None:
    """Prints one row."""
    ours, theirs, taken, began_s = cpu_s([os.getpid()]), cpu_s(qemus), wall.shots.taken, time.monotonic()
    worst_ms, due_s = 0.0, time.monotonic()
    while time.monotonic() < began_s + seconds:
        due_s = time.monotonic() + 0.01
        await asyncio.sleep(0.01)
        worst_ms = max(worst_ms, (time.monotonic() - due_s) * 1000)
    took_s = time.monotonic() - began_s
    print(
        f"| {name} | {(cpu_s([os.getpid()]) - ours) / took_s:.1%} | {(cpu_s(qemus) - theirs) / took_s:.1%} | "
        f"{(wall.shots.taken - taken) / took_s:.1f} | {worst_ms:.0f} |", flush=True)  # fmt: skip


async def run(host: RootHost, machines: int, seconds: float, folder: Path) -> None:
    """The program on that host: hidden, shown, scrolled to few."""
    settings, hosts = Settings(folder, folder), HostList()
    window = MainWindow(settings, ListPane())
    window.resize(1900, 1060)
    window.show()
    program = Program(window, settings, hosts, ListControl(hosts, settings, window))
    ours = hosts.add(host.uri, label="lab")
    await ours.connect()
    while len(ours.inventory.domains) < machines:  # noqa: ASYNC110 (a bench)
        await asyncio.sleep(0.1)
    qemus = [host.qemu_pid(record.name) for record in ours.inventory.domains.values()]
    wall = program.pages.open_wall(program.list.shown, ())
    wall.slider.setValue(SMALLEST)
    print("| wall | this program, CPU | all QEMUs, CPU | pictures/s | longest wait of the window, ms |\n|---|---|---|---|---|")
    await asyncio.sleep(3)
    for name in (f"{len(wall.seen())} machines, first {seconds:.0f} s", f"{len(wall.seen())} machines, screens at rest"):
        await measure(name, seconds, qemus, wall)
    window.workspace.show_home()
    await asyncio.sleep(2)
    await measure("hidden (the list is in front)", seconds, qemus, wall)
    await program.end()
    window.hide()


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder, RootHost("wall") as host:
        for number in range(options.machines):
            guests.define_boot_sector(host, f"vm-{number:02}").start()
        loop = aio.make_loop(app)
        loop.run_until_complete(run(host, options.machines, options.seconds, Path(folder)))
        loop.close()


if __name__ == "__main__":
    main()
