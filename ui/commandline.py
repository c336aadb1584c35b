"""The command line: ``hostelry [--connect URI]… [--console NAME] [--new FILE-or-URL] [FILE…]``.

``hostelry create …`` makes a machine without a window.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app import VERSION
from app.i18n import _


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for at the start, or by a second start.

    files: whole paths, and addresses of the web.
    """

    connect: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """For the socket of the running program."""
        return {key: list(texts) for key, texts in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Any) -> Wishes:
        """Anything odd is left out."""
        data = data if isinstance(data, dict) else {}
        lists = (data.get(key) for key in ("connect", "console", "files"))
        texts = ([text for text in listed if isinstance(text, str)] if isinstance(listed, list) else [] for listed in lists)
        return cls(*(tuple(found) for found in texts))


def headless(arguments: list[str]) -> int | None:
    """Runs a command that needs no window and gives its exit code; None if none is named."""
    if arguments[:1] != ["create"]:
        return None
    if sys.modules.get("ssl", sys) is None:  # the window's start does without; installers in the network need it
        del sys.modules["ssl"]
    from app.cli import create  # noqa: PLC0415 (the window's start does not pay for it)

    return create.main(arguments[1:])


def parse(arguments: list[str]) -> Wishes:
    """Exits on ``--help``, ``--version`` and what it does not know."""
    parser = argparse.ArgumentParser(
        prog="hostelry",
        description=_("Manages the virtual machines of libvirt hosts."),
        epilog=_("“hostelry create --help” tells how a machine is made without a window."),
    )
    parser.add_argument("--version", action="version", version=f"Hostelry {VERSION}")
    parser.add_argument("-c", "--connect", metavar="URI", action="append", default=[], help=_("show this host as well"))
    parser.add_argument("--console", metavar="NAME", action="append", default=[], help=_("open this machine's console"))
    parser.add_argument(
        "--new", metavar=_("FILE-or-URL"), action="append", default=[],
        help=_("make a machine from this: an ISO or disk image, its address, or the address of an installer in the network"),
    )  # fmt: skip
    parser.add_argument("files", metavar="FILE", nargs="*", help=_("an ISO or disk image to make a machine from"))
    found = parser.parse_args(arguments)
    files = tuple(_place(name) for name in (*found.new, *found.files))
    return Wishes(tuple(found.connect), tuple(found.console), files)


def _place(name: str) -> str:
    """A whole path, as the running program has another working folder; an address as it is."""
    return name if name.partition("://")[0].lower() in ("http", "https", "ftp") else str(Path(name).absolute())
