"""``packaging/install``: puts this checkout into the desktop's menu: entry, icon, manual page and the command ``hostelry``."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from prepare import place
from prepare.terminal import Stop, say

APP_ID = "io.github.hostelry.Hostelry"
LINUX = place.PACKAGING / "linux"
LAUNCHER = """#!/bin/sh
# Made by packaging/install of the checkout that it starts.
exec {run} -- "$@"
"""


def main(arguments: list[str]) -> int:
    """Runs the command; gives the exit code."""
    options = parser().parse_args(arguments)
    target = Path(f"{options.destdir}/{options.prefix.absolute()}") if options.destdir else options.prefix
    try:
        remove(target) if options.remove else install(target)
    except PermissionError as error:
        say(f"“{error.filename}” may not be written. Run this as root, or choose another place with --prefix.")
        return 1
    except Stop as stop:
        say(str(stop))
        return stop.code
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    prefix = Path("/usr/local") if os.geteuid() == 0 else Path.home() / ".local"
    made = argparse.ArgumentParser(prog="packaging/install", description=__doc__)
    made.add_argument("--prefix", type=Path, default=prefix, help="where to (default: %(default)s)")
    made.add_argument("--destdir", default="", help="a folder that stands for / (for those who make packages)")
    made.add_argument("--remove", action="store_true", help="take it out again")
    return made


def files() -> Iterator[tuple[Path, str]]:
    """(source, place below the prefix) of every file that is copied."""
    yield LINUX / f"{APP_ID}.desktop", f"share/applications/{APP_ID}.desktop"
    yield LINUX / f"{APP_ID}.metainfo.xml", f"share/metainfo/{APP_ID}.metainfo.xml"
    yield LINUX / "hostelry.1", "share/man/man1/hostelry.1"
    yield place.ROOT / "resources" / "icons" / f"{APP_ID}.svg", f"share/icons/hicolor/scalable/apps/{APP_ID}.svg"


def install(prefix: Path) -> None:
    """Copies the files and writes the launcher."""
    for source, name in files():
        target = prefix / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    launcher = prefix / "bin" / "hostelry"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(LAUNCHER.format(run=shlex.quote(str(place.PACKAGING / "run"))), encoding="utf-8")
    launcher.chmod(0o755)
    say(f"Installed below {prefix}. “hostelry” starts it; it is in the menu after the next login at the latest.")


def remove(prefix: Path) -> None:
    """Takes out what ``install`` put in, and nothing else."""
    for name in (*(name for _, name in files()), "bin/hostelry"):
        (prefix / name).unlink(missing_ok=True)
    say(f"Removed from {prefix}.")
