"""``packaging/bench``: prepares this machine for the benchmarks and runs one of them, or all."""

from __future__ import annotations

import argparse
import subprocess

from prepare import place
from prepare.run_command import prepare
from prepare.terminal import Stop, say

BENCHES = {
    "manager": "the list of machines beside virt-manager's: start, memory, CPU, answers of the window",
    "engine": "connecting, listing and events, beside virsh",
    "list_view": "painting, sorting and filtering of the list",
    "console_vnc": "frames a second and CPU a frame of the console, beside TigerVNC's and gtk-vnc's viewers",
    "console_latency": "from a key to the changed pixel, beside the same viewers; what an idle console costs",
    "console_load": "what sixty full HD updates a second cost, and of that the window's thread",
    "console_text": "the terminal of serial consoles: a large log and top, beside xterm",
    "console_far": "updates a second over a 50 ms line",
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    names = "; ".join(f"{name}: {what}" for name, what in BENCHES.items())
    made = argparse.ArgumentParser(prog="packaging/bench", description=__doc__, epilog=names)
    made.add_argument("--yes", action="store_true", help="install without asking")
    made.add_argument("--no-install", action="store_true", help="install nothing from the distribution")
    made.add_argument("--again", action="store_true", help="check everything again, as at the first run")
    made.add_argument("bench", nargs="?", choices=BENCHES, help="without: all of them, which takes about an hour")
    made.add_argument("arguments", nargs=argparse.REMAINDER, help="for the bench")
    made.set_defaults(no_daemon=True)
    return made


def main(arguments: list[str]) -> int:
    """Runs the command; gives the number of benches that failed."""
    options = parser().parse_args(arguments)
    try:
        prepare("bench", options)
    except Stop as stop:
        say(str(stop))
        return stop.code
    chosen = [options.bench] if options.bench else list(BENCHES)
    commands = ([str(place.VENV_PYTHON), "-m", f"tests.bench.{name}", *options.arguments] for name in chosen)
    return sum(subprocess.run(command, cwd=place.ROOT, check=False).returncode != 0 for command in commands)
