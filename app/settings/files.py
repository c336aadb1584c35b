"""JSON files written whole or not at all, readable by their owner only."""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file said.

    set_aside: where an unreadable one was moved.  problem: why it was unreadable, raw.
    """

    data: dict[str, Any]
    set_aside: Path | None = None
    problem: str = ""

    @property
    def safe_to_write(self) -> bool:
        """False when an unreadable file could not be moved away: writing would lose it."""
        return not self.problem or self.set_aside is not None


def load(path: Path) -> Loaded:
    """The object in ``path``; empty if there is no file.  A file that makes no sense is kept by another name."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("the file holds no JSON object")
    except FileNotFoundError:
        return Loaded({})
    except (ValueError, RecursionError, OSError) as problem:
        return Loaded({}, _set_aside(path), str(problem))
    return Loaded(data)


def _set_aside(path: Path) -> Path | None:
    """Moves the file to a free name beside it, so that nothing of it is lost."""
    target = path.with_name(f"{path.name}.unreadable-{time.strftime('%Y%m%d-%H%M%S')}")
    while target.exists():
        target = target.with_name(target.name + "x")
    try:
        path.rename(target)
    except OSError:
        return None
    return target


def save(path: Path, data: dict[str, Any]) -> None:
    """Writes beside the file, then renames over it; mode 0600.  Raises OSError; the old file then stays.

    A link is followed: people keep their settings in a repository.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            # ASCII, as a path may hold bytes that are no text in our encoding (surrogates), which UTF-8 refuses.
            json.dump(data, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
