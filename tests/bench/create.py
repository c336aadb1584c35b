"""What creating a machine costs.  Run: python -m tests.bench.create [--uri qemu:///session] [--rounds 5]

Offscreen.  "drop to painted page": from the drop of an ISO on the window until the page is painted (what is not known yet fills in
later), and how long the thread worked for that, so that other programs do not count.  "drop to recognised": until the system stands in its row.  "click to running": from the click on “Create and start” until
the machine runs; of it, what was spent in libvirt's calls (any call of this connection under way) and the rest, which is ours.
Without --uri on libvirt's practice host; with a real hypervisor's, machines are made there and deleted again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.hosts.host import Host
from app.virt import domains, storage
from app.virt.session import Session
from app.xmldoc import Document
from tests.ui.program_world import ProgramWorld, until
from ui import aio
from ui.widgets.drop import handle_files
from ui.wizard.new_machine import NewMachineDialog

PAGE_MS, OWN_MS = 150.0, 300.0


class Calls:
    """How long at least one call of libvirt was under way, since ``begin``."""

    def __init__(self) -> None:
        self._open, self._since, self._sum = 0, 0.0, 0.0
        self._real: Callable[..., Awaitable[Any]] = Session.call

    def watch(self) -> None:
        """From now on every call is seen."""
        calls = self

        async def call(self: Session, *args: Any, **more: Any) -> Any:
            calls._enter()
            try:
                return await calls._real(self, *args, **more)
            finally:
                calls._leave()

        Session.call = call  # type: ignore[method-assign]

    def _enter(self) -> None:
        if not self._open:
            self._since = time.perf_counter()
        self._open += 1

    def _leave(self) -> None:
        self._open -= 1
        if not self._open:
            self._sum += time.perf_counter() - self._since

    def begin(self) -> None:
        """Forgets what was."""
        self._sum = 0.0
        self._since = time.perf_counter()

    def seconds(self) -> float:
        """Until now."""
        return self._sum + (time.perf_counter() - self._since if self._open else 0.0)


def make_iso(folder: Path) -> Path:
    """A bootable ISO that is recognised."""
    tree, out = folder / "tree", folder / "debian.iso"
    tree.mkdir()
    (tree / "boot.bin").write_bytes(b"\0" * 2048)
    words = ["-b", "boot.bin", "-c", "boot.cat", "-no-emul-boot", "-V", "Debian 11.6.0 amd64 n", "-publisher", "X"]
    subprocess.run(["genisoimage", "-quiet", "-r", "-o", str(out), *words, str(tree)], check=True, capture_output=True)
    return out


def page_of() -> NewMachineDialog | None:
    """The page that is open."""
    pages = (one for one in QApplication.topLevelWidgets() if isinstance(one, NewMachineDialog))
    return next((one for one in pages if one.isVisible()), None)


async def round_of(world: ProgramWorld, host: Host, iso: Path, calls: Calls) -> dict[str, float]:
    """One machine, from the drop to its end."""
    before, own = time.perf_counter(), time.thread_time()
    handle_files(world.program.ctx, host, [iso])
    await until(lambda: page_of() is not None)
    page = page_of()
    assert page is not None
    page.grab()  # paints all of it, as the screen would
    painted, worked = time.perf_counter() - before, time.thread_time() - own
    await until(lambda: page.ready and page.plan.system.name.short_id == "debian11")
    recognised = time.perf_counter() - before
    await asyncio.sleep(0.5)
    calls.begin()
    before = time.perf_counter()
    page.start.click()
    assert page.job is not None, page.card.hint.text
    job, name = page.job, page.plan.name.value
    await job.wait()
    total, waited = time.perf_counter() - before, calls.seconds()
    if job.error is not None:
        raise job.error
    await until(lambda: any(one.name == name for one in host.inventory.domains.values()))
    await remove(host, next(one.uuid for one in host.inventory.domains.values() if one.name == name))
    return {"drop to painted page": painted, "of it this thread's work": worked, "drop to recognised": recognised, "click to running": total,
            "of it libvirt's calls": waited, "of it ours": total - waited}  # fmt: skip


async def remove(host: Host, uuid: str) -> None:
    """The machine and its disk."""
    xml = Document.parse(await domains.xml(host.session, uuid, inactive=True))
    await domains.destroy(host.session, uuid)
    await domains.undefine(host.session, uuid, nvram=domains.Keep.REMOVE, tpm=domains.Keep.REMOVE)
    path = xml.get("devices/disk[@device='disk']/source/@file")
    if path:
        await storage.delete_volume(host.session, path)


async def measure(folder: Path, uri: str, rounds: int) -> list[dict[str, float]]:
    """All rounds; the first one, which imports and loads, is told apart."""
    calls = Calls()
    calls.watch()
    iso = make_iso(folder)
    async with ProgramWorld(folder) as world:
        host = world.host
        if uri:
            host = world.hosts.add(uri, label="Bench")
            await host.connect()
            await until(lambda: host.record is not None)
            await asyncio.sleep(2)
        found = []
        for _number in range(rounds + 1):
            found.append(await round_of(world, host, iso, calls))
            await asyncio.sleep(0.5)
        return found


def main() -> int:
    """Prints the table; 1 if a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uri", default="", help="a real hypervisor's connection")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from ui.main import make_application

    loop = aio.make_loop(make_application())
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, loop:
        folder = Path(name)
        folder.chmod(0o755)
        found = loop.run_until_complete(measure(folder, options.uri, options.rounds))
    print(f"{'':28}{'first, ms':>12}{'median, ms':>12}{'worst, ms':>12}")
    for what in found[0]:
        values = [one[what] * 1000 for one in found[1:]]
        print(f"{what:28}{found[0][what] * 1000:12.1f}{statistics.median(values):12.1f}{max(values):12.1f}")
    page = statistics.median(one["of it this thread's work"] for one in found[1:]) * 1000
    own = statistics.median(one["of it ours"] for one in found[1:]) * 1000
    return int(page > PAGE_MS or own > OWN_MS)


if __name__ == "__main__":
    sys.exit(main())
