"""The list of machines against virt-manager's: ``packaging/bench manager [--pairs 5] [--case NAME]…``.

Every case runs both programs in turn (A B A B), each on a fresh home folder, and prints medians and the ratios of pairs.  The cases
with a slow link, a silent host or a hung guest run virt-manager only with ``--slow-peers``, as it takes minutes there.
Needs virt-manager, Xvfb, dbus-daemon; the cases on a real daemon need root (the lab's hosts).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.bench import subjects
from tests.bench.desk import Desk
from tests.bench.machines import define, write_test_node
from tests.bench.probe import Probe
from tests.bench.report import Case, markdown
from tests.lab.faults import Link
from tests.lab.hosts import RootHost

Fault = Callable[[], None]


@dataclass(frozen=True)
class Scene:
    """Where the programs connect, and what happens to them there."""

    uri: str
    keys: int = 0
    idle_s: float = 0.0
    all_stats: bool = False
    act: str = ""
    fault: Fault = lambda: None
    repair: Fault = lambda: None
    peers: bool = True
    timeout_s: float = 120.0


@contextmanager
def in_test_driver(count: int, *, all_stats: bool = False) -> Iterator[Scene]:
    """``count`` machines in the in-process test driver."""
    with tempfile.TemporaryDirectory() as folder:
        uri = write_test_node(Path(folder) / f"{count}.xml", count)
        keys = 15 if count >= 100 else 0
        yield Scene(uri, keys=keys, idle_s=20, all_stats=all_stats, timeout_s=200)


@contextmanager
def daemon(count: int, running: int) -> Iterator[tuple[RootHost, str]]:
    """A real daemon with ``count`` machines of which ``running`` are paused in memory."""
    with RootHost("bench") as host:
        define(host.uri, count, running, host.images)
        yield host, host.uri


@contextmanager
def real_daemon() -> Iterator[Scene]:
    with daemon(1000, 50) as (_host, uri):
        yield Scene(uri, keys=15, idle_s=20)


@contextmanager
def slow_link(rtt_s: float) -> Iterator[Scene]:
    with daemon(1000, 0) as (host, _uri), Link(host.socket, rtt_s=rtt_s) as link:
        yield Scene(link.uri(), peers=False, act="Down Down Return", timeout_s=400)


@contextmanager
def silent_host() -> Iterator[Scene]:
    with daemon(1, 0) as (host, _uri), Link(host.socket, rtt_s=0.2) as link:
        yield Scene(link.uri(), peers=False, act="Down Return", fault=link.freeze, repair=link.thaw)


@contextmanager
def hung_guest() -> Iterator[Scene]:
    with daemon(20, 5) as (host, uri):
        pid = host.qemu_pid("vm-00001")
        yield Scene(
            uri,
            peers=False,
            act="Down Down Return",
            fault=lambda: os.kill(pid, signal.SIGSTOP),
            repair=lambda: os.kill(pid, signal.SIGCONT),
        )


CASES: dict[str, Callable[[], object]] = {
    "1 machine, test driver": lambda: in_test_driver(1),
    "100 machines, test driver": lambda: in_test_driver(100),
    "1,000 machines, test driver": lambda: in_test_driver(1000),
    "5,000 machines, test driver": lambda: in_test_driver(5000),
    "1,000 machines, all statistics at 1 s": lambda: in_test_driver(1000, all_stats=True),
    "1,000 machines, real daemon": real_daemon,
    "1,000 machines, 50 ms away": lambda: slow_link(0.05),
    "1,000 machines, 200 ms away": lambda: slow_link(0.2),
    "host gone silent, opening a machine": silent_host,
    "one guest hung, opening it": hung_guest,
}


def run_once(program: str, scene: Scene) -> tuple[bool, Probe]:
    """One start of one program in the scene; the probe holds the outcome."""
    with Desk() as desk:
        start = subjects.AVAILABLE[program](desk, scene.uri, all_stats=scene.all_stats)
        with Probe(start.command, start.watch, start.env, desk.home / "output.txt") as probe:
            loaded = probe.wait_loaded(scene.timeout_s)
            if loaded:
                _measure(probe, scene)
            elif probe.process.poll() is not None:
                print((desk.home / "output.txt").read_text()[-2000:], file=sys.stderr)
            return loaded, probe


def _measure(probe: Probe, scene: Scene) -> None:
    if scene.idle_s:
        probe.measure_idle(scene.idle_s)
    if scene.keys:
        probe.measure_keys(scene.keys)
    if scene.act:
        try:
            probe.measure_act(scene.act, 10, scene.fault)
        finally:
            scene.repair()


def run_case(name: str, pairs: int, slow_peers: bool, idle_s: float | None, log: Path | None) -> Case:
    """All runs of one case; each outcome is also a line of JSON in ``log``."""
    case = Case(name)
    with CASES[name]() as made:  # type: ignore[attr-defined]
        scene = replace(made, idle_s=idle_s) if idle_s is not None and made.idle_s else made
        programs = ["virt-manager", "hostelry"] if scene.peers or slow_peers else ["hostelry"]
        for _ in range(pairs):
            for program in programs:
                loaded, probe = run_once(program, scene)
                print(f"{name}: {program}: {'' if loaded else 'NOT LOADED '}{probe.outcome}", file=sys.stderr, flush=True)
                case.add(program, probe.outcome)
                if log:
                    with log.open("a") as lines:
                        lines.write(json.dumps({"case": name, "program": program} | asdict(probe.outcome)) + "\n")
    return case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--case", action="append", help="words of a case's name; may be given more than once")
    parser.add_argument("--slow-peers", action="store_true")
    parser.add_argument("--idle", type=float, help="seconds of idle that CPU is measured over (default 20)")
    parser.add_argument("--log", type=Path, help="append every outcome as a line of JSON")
    options = parser.parse_args()
    wanted = [name for name in CASES if not options.case or any(word in name for word in options.case)]
    cases = [run_case(name, options.pairs, options.slow_peers, options.idle, options.log) for name in wanted]
    print(markdown(cases))


if __name__ == "__main__":
    main()
