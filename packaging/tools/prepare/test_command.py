"""``packaging/test``: prepares this machine for the test suite and runs it, whole or by parts."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prepare import counts, place
from prepare.counts import Counts
from prepare.parts import BY_NAME, PARTS, Part, again_command, again_name, has_tests, report_of
from prepare.run_command import prepare
from prepare.terminal import Stop, say

TAIL_LINES = 400
MOST_AGAIN = 6
"""More failures than these are no accident of a busy machine."""


@dataclass
class Progress:
    """What the lanes found so far; printing and adding are done under the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    total: Counts = field(default_factory=Counts)
    children: set[int] = field(default_factory=set)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    names = ", ".join(BY_NAME)
    made = argparse.ArgumentParser(prog="packaging/test", description=__doc__)
    made.add_argument("parts", nargs="*", metavar="PART", help=f"{names}; without any: all of them")
    made.add_argument("--yes", action="store_true", help="install without asking")
    made.add_argument("--no-install", action="store_true", help="install nothing from the distribution")
    made.add_argument("--again", action="store_true", help="check everything again, as at the first run")
    made.set_defaults(no_daemon=True)
    return made


def main(arguments: list[str]) -> int:
    """Runs the command; gives 0 if nothing failed."""
    options = parser().parse_args(arguments)
    try:
        chosen = select(options.parts)
        prepare("test", options)
    except Stop as stop:
        say(str(stop))
        print(Counts(failed=1).line(), flush=True)
        return stop.code
    total = run_all(chosen)
    print(total.line(), flush=True)
    return 1 if total.failed else 0


def select(names: Sequence[str]) -> tuple[Part, ...]:
    """The parts of these names, in the table's order."""
    for name in names:
        if name not in BY_NAME:
            raise Stop(f"There is no part “{name}”. There are: {', '.join(BY_NAME)}.", code=2)
    return tuple(part for part in PARTS if not names or part.name in names)


def run_all(chosen: Iterable[Part]) -> Counts:
    """Runs the parts: the light lanes side by side, then those that need the machine for themselves."""
    place.LOGS.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    ready = [part for part in chosen if has_tests(part)]
    names = {part.lane for part in ready} - {"machine"}
    lanes = {lane: [part for part in ready if part.lane == lane] for lane in sorted(names)}
    threads = [threading.Thread(target=run_lane, args=(lane, progress), name=name) for name, lane in lanes.items() if lane]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run_lane([part for part in ready if part.lane == "machine"], progress)
    except KeyboardInterrupt:
        for child in list(progress.children):
            stop_group(child)
        raise
    return progress.total


def run_lane(parts: Iterable[Part], progress: Progress) -> None:
    """Runs parts one after the other, reporting each as it ends."""
    for part in parts:
        began = time.monotonic()
        found = run_part(part, progress)
        seconds = time.monotonic() - began
        with progress.lock:
            progress.total += found
            print(f"{'FAILED' if found.failed else 'ok':6} {part.name}: {found.line()} ({seconds:.0f} s)", flush=True)
            if found.failed:
                show_log(part)


def run_part(part: Part, progress: Progress) -> Counts:
    """Runs one part with its output in its log."""
    total = Counts()
    report_of(part.name).unlink(missing_ok=True)
    with (place.LOGS / f"{part.name}.log").open("wb") as log:
        for command in part.commands:
            code = run_command(part, command, log.fileno(), progress)
            total += counts.of_pytest(report_of(part.name), code) if part.pytest else counts.of_check(code)
        if part.again and 0 < total.failed <= MOST_AGAIN:
            total = run_again(part, total, log.fileno(), progress)
    return total


def run_again(part: Part, found: Counts, log: int, progress: Progress) -> Counts:
    """Runs what failed once more, alone, and says so: guests under emulation and time limits depend on who else works."""
    failed = counts.failures(report_of(part.name))
    if len(failed) != found.failed:
        return found  # it crashed or was stopped: not a matter of single tests
    report = report_of(again_name(part))
    report.unlink(missing_ok=True)
    second = counts.of_pytest(report, run_command(part, again_command(part), log, progress))
    if second.passed + second.failed + second.skipped != found.failed:
        return found  # not the same tests
    with progress.lock:
        print(f"       {part.name}: run again alone, {second.line()}: {', '.join(failed)}", flush=True)
    return Counts(found.passed + second.passed, second.failed, found.skipped + second.skipped)


def run_command(part: Part, command: Sequence[str], log: int, progress: Progress) -> int:
    """Runs one command in a process group of its own, so that nothing of it is left if it is stopped."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", **dict(part.environment)}
    child = subprocess.Popen(
        list(command), cwd=place.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    progress.children.add(child.pid)
    try:
        return child.wait(timeout=part.limit_s)
    except subprocess.TimeoutExpired:
        os.write(log, f"\nStopped: “{part.name}” took longer than {part.limit_s} s.\n".encode())
        stop_group(child.pid)
        child.wait()
        return 124
    finally:
        progress.children.discard(child.pid)


def stop_group(leader: int) -> None:
    """Ends a child with all that it started: politely, so that tests clean up, then for good."""
    for number, patience_s in ((signal.SIGINT, 20.0), (signal.SIGKILL, 1.0)):
        try:
            os.killpg(leader, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and group_lives(leader):
            time.sleep(0.1)


def group_lives(leader: int) -> bool:
    """Whether the child has not ended yet (a zombie has)."""
    try:
        stat = Path(f"/proc/{leader}/stat").read_text(encoding="ascii", errors="replace")
        return stat.rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def show_log(part: Part) -> None:
    """Prints the end of a failed part's log."""
    path = place.LOGS / f"{part.name}.log"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    print(f"----- {part.name}: the last {min(len(lines), TAIL_LINES)} lines of {path.relative_to(place.ROOT)}")
    print("\n".join(lines[-TAIL_LINES:]))
    print(f"----- end of {part.name}", flush=True)
    sys.stdout.flush()
