"""``packaging/pictures``: takes the manual's pictures anew, from the real program on a real host of the lab."""

from __future__ import annotations

import argparse
import subprocess

from prepare import place
from prepare.run_command import prepare
from prepare.terminal import Stop, say


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="packaging/pictures", description=__doc__, epilog="Needs root, as isolated hosts do.")
    made.add_argument("--yes", action="store_true", help="install without asking")
    made.add_argument("--no-install", action="store_true", help="install nothing from the distribution")
    made.add_argument("--again", action="store_true", help="check everything again, as at the first run")
    made.add_argument("--into", metavar="FOLDER", default=str(place.ROOT / "docs/images"), help="default: docs/images")
    made.add_argument("stops", metavar="STOP", nargs="*", help="only these stops of tests/e2e/pictures.py; default: all")
    made.set_defaults(no_daemon=True)
    return made


def main(arguments: list[str]) -> int:
    """Runs the command; gives the exit code."""
    options = parser().parse_args(arguments)
    try:
        prepare("test", options)
    except Stop as stop:
        say(str(stop))
        return stop.code
    command = [str(place.VENV_PYTHON), "-m", "tests.e2e.pictures", options.into, *options.stops]
    return subprocess.run(command, cwd=place.ROOT, check=False).returncode
