"""Hosts that the user's ssh knows by name: `Host` entries of ~/.ssh/config and the files that it includes."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path

LONGEST_BYTES = 1024 * 1024
DEEPEST = 4
"""OpenSSH allows 16 levels of Include; nobody has them."""


@dataclass(frozen=True, slots=True)
class KnownHost:
    """One name of a Host entry.  The rest is what the entry says, empty where it does not; ssh applies it by itself."""

    name: str
    host_name: str = ""
    user: str = ""
    port: str = ""
    key_file: str = ""


def known_hosts(path: Path | None = None) -> list[KnownHost]:
    """In the order of the file, without patterns; empty if there is none or it cannot be read.  Touches the file system."""
    entries: dict[str, dict[str, str]] = {}
    _read(path or Path.home() / ".ssh/config", entries, 0)
    return [
        KnownHost(name, words.get("hostname", ""), words.get("user", ""), words.get("port", ""), words.get("identityfile", ""))
        for name, words in entries.items()
    ]


def _read(path: Path, entries: dict[str, dict[str, str]], depth: int) -> None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(LONGEST_BYTES).splitlines()
    except OSError:
        return
    current: list[str] = []
    for line in lines:
        keyword, value = _split(line)
        if keyword == "host":
            current = [name for name in value.split() if not set(name) & set("*?!")]
            for name in current:
                entries.setdefault(name, {})
        elif keyword == "match":
            current = []
        elif keyword == "include" and depth < DEEPEST:
            _include(value, entries, depth)
        elif keyword:
            for name in current:
                entries[name].setdefault(keyword, value)


def _split(line: str) -> tuple[str, str]:
    text = line.strip()
    if not text or text.startswith("#"):
        return "", ""
    keyword, _gap, value = text.replace("=", " ", 1).partition(" ")
    return keyword.lower(), value.strip().strip('"')


def _include(value: str, entries: dict[str, dict[str, str]], depth: int) -> None:
    for pattern in value.split():
        whole = Path(pattern).expanduser()
        for name in sorted(glob.glob(str(whole if whole.is_absolute() else Path.home() / ".ssh" / whole))):  # noqa: PTH207
            if os.path.isfile(name):  # noqa: PTH113
                _read(Path(name), entries, depth + 1)
