"""``packaging/run``: prepares this machine if it must, and starts Hostelry."""

from __future__ import annotations

import argparse
import os

from prepare import catalogues, daemon, display, native, place, stamp
from prepare.terminal import Stop, say

EPILOGUE = """Arguments after -- are handed to the program. The first start installs what is missing, saying what and why;
later starts need no network. --display: an X display (:0), a Wayland display (wayland-0), vnc, vnc:PORT or offscreen;
without it the session's display is used, and where there is none the window is served by VNC on 127.0.0.1."""

WINDOWLESS = frozenset({"--version", "--help", "-h"})
"""Arguments of the program with which it opens no window."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="packaging/run", description=__doc__, epilog=EPILOGUE)
    made.add_argument("--yes", action="store_true", help="install without asking")
    made.add_argument("--no-install", action="store_true", help="install nothing from the distribution; only say what is missing")
    made.add_argument("--again", action="store_true", help="check everything again, as at the first start")
    made.add_argument("--only-prepare", action="store_true", help="do not start the program")
    made.add_argument("--no-daemon", action="store_true", help="leave libvirt's system daemon as it is")
    made.add_argument("--display", metavar="WHERE", help="where the window is shown")
    made.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    return made


def main(arguments: list[str]) -> int:
    """Runs the command. It does not return when the program starts: the program takes its place."""
    options = parser().parse_args(arguments)
    try:
        prepare("run", options)
        if options.only_prepare:
            return 0
        start(options)
    except Stop as stop:
        say(str(stop))
        return stop.code
    return 0


def prepare(purpose: str, options: argparse.Namespace) -> None:
    """Makes the machine ready for ``purpose``; at once if it is."""
    fresh = options.again or not stamp.ready(purpose)
    if fresh:
        from prepare import environment, packages  # noqa: PLC0415  a ready machine needs neither

        packages.ensure(purpose, yes=options.yes, no_install=options.no_install)
        environment.ensure(purpose)
    catalogues.bring_up_to_date()
    native.bring_up_to_date(first=fresh)
    if not options.no_daemon:
        daemon.ensure(may_ask=fresh and not options.no_install)


def start(options: argparse.Namespace) -> None:
    """Puts the program in the place of this process."""
    windowless = options.arguments[:1] == ["create"] or WINDOWLESS.intersection(options.arguments)
    choice = display.Choice() if windowless else display.choose(options.display, os.environ)
    for line in choice.notes:
        say(line)
    environment = {name: value for name, value in os.environ.items() if name not in choice.without} | choice.settings
    # -P: a folder named "app" or "ui" where the person stands must not be taken for ours.
    command = [str(place.VENV_PYTHON), "-P", "-m", "ui.main", *options.arguments]
    os.execve(command[0], command, environment)
