"""Whether memory, threads and descriptors stay as they are: ``python -m tests.bench.soak [MINUTES]``.

The real window on a real daemon with 1,000 machines, all statistics every second, two consoles open; then machines and dialogs are
opened and closed fifty times.  Needs root (the lab's isolated hosts), Xvfb, dbus-daemon.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass
from pathlib import Path

from tests.bench import subjects
from tests.bench.answers import Hands, home
from tests.bench.answers import Stage as Scene
from tests.bench.desk import Desk
from tests.bench.machines import define
from tests.bench.probe import Probe
from tests.lab.hosts import RootHost

EVERY_S = 10.0
ROUNDS = 5
TABS_A_ROUND = 10
FLAT_MIB = 2.0
"""Allowed between the first and the last third; caches and histories (600 samples of a machine that is open) fill meanwhile."""


@dataclass(frozen=True)
class State:
    """What a process holds."""

    rss_mib: float
    threads: int
    descriptors: int

    @classmethod
    def of(cls, probe: Probe) -> State:
        """Now."""
        process = Path("/proc") / str(probe.process.pid)
        return cls(probe.rss_mib(), len(list((process / "task").iterdir())), len(list((process / "fd").iterdir())))

    def __str__(self) -> str:
        return f"{self.rss_mib} MiB, {self.threads} threads, {self.descriptors} descriptors"


def open_machine(stage: Scene, down: int) -> None:
    """The tab of the machine so many rows below the host."""
    home(stage)
    stage.hands.keys("Home " + "Down " * down + "Return", 0.03)
    stage.probe.wait(1.2)


def live(stage: Scene, minutes: float) -> bool:
    """Two consoles open, nothing done; whether memory stayed."""
    for down in (2, 3):
        open_machine(stage, down)
    stage.hands.keys("alt+Home")
    stage.probe.pinging = False
    stage.probe.wait(60 if minutes > 1 else 5)
    held: list[float] = []
    before_s, seconds = stage.probe.cpu_s(), minutes * 60
    for _ in range(max(3, int(seconds / EVERY_S))):
        stage.probe.wait(EVERY_S)
        held.append(stage.probe.rss_mib())
    third = len(held) // 3
    first, last = statistics.median(held[:third]), statistics.median(held[-third:])
    cpu = 100 * (stage.probe.cpu_s() - before_s) / (EVERY_S * len(held))
    print(
        f"{minutes} minutes at 1 Hz: {first:.1f} -> {last:.1f} MiB, {cpu:.2f} % of a processor; {State.of(stage.probe)}",
        flush=True,
    )
    return last - first <= FLAT_MIB


def open_and_close(stage: Scene) -> bool:
    """Fifty machines and ten dialogs; the first round fills caches."""
    states = []
    for number in range(ROUNDS):
        for down in range(4, 4 + TABS_A_ROUND):
            open_machine(stage, down)
        for _ in range(TABS_A_ROUND):
            stage.hands.keys("ctrl+w", 0.15)
        home(stage)
        stage.hands.keys("ctrl+comma Escape ctrl+n Escape", 0.8)
        stage.probe.wait(5)
        states.append(State.of(stage.probe))
        print(f"round {number + 1}: {states[-1]}", flush=True)
    first, last = states[1], states[-1]
    return last.rss_mib - first.rss_mib <= FLAT_MIB and last.threads <= first.threads and last.descriptors <= first.descriptors


def main() -> int:
    """1 if anything grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    minutes = parser.parse_args().minutes
    with RootHost("bench") as host, Desk() as desk:
        define(host.uri, 1000, 16, host.images)
        start = subjects.hostelry(desk, host.uri, all_stats=True)
        with Probe(start.command, start.watch, start.env, desk.home / "output.txt") as probe:
            if not probe.wait_loaded(60):
                raise RuntimeError((desk.home / "output.txt").read_text()[-2000:])
            stage = Scene(host, host.uri, Hands(probe), probe)
            try:
                kept = [live(stage, minutes), open_and_close(stage)]
            finally:
                print(f"exit code: {probe.process.poll()}", (desk.home / "output.txt").read_text()[-2000:])
    print("nothing grew" if all(kept) else "SOMETHING GREW")
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
