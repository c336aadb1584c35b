"""The stamp that tells a ready environment from one that needs work, so that a second start costs nothing."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from prepare import place

NAME = "hostelry-ready.json"
UNDER_WORK = "hostelry-under-work"
"""A file of this name in the environment: it was being changed; if it is still there, that was interrupted."""


def key(files: Iterable[Path] | None = None) -> str:
    """A digest of everything an environment is made from: the lists, the place and the Python."""
    digest = hashlib.sha256(f"{place.ROOT}\0{sys.version}".encode())
    for path in files if files is not None else (place.PROJECT, place.CONSTRAINTS, place.PACKAGES):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def ready(purpose: str, venv: Path = place.VENV, wanted: str | None = None) -> bool:
    """Whether ``venv`` was completed for ``purpose`` (one of `place.PURPOSES`) from what is in the lists now."""
    if (venv / UNDER_WORK).exists() or not (venv / "bin" / "python").exists():
        return False
    try:
        written = json.loads((venv / NAME).read_text(encoding="utf-8"))
        return bool(written["key"] == (wanted or key()) and purpose in written["purposes"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write(purpose: str, venv: Path = place.VENV) -> None:
    """Notes that ``venv`` is complete for ``purpose``, and for what needs less or was made ready before."""
    last = place.PURPOSES.index(purpose)
    purposes = [name for number, name in enumerate(place.PURPOSES) if number <= last or ready(name, venv)]
    fresh = venv / (NAME + ".new")
    fresh.write_text(json.dumps({"key": key(), "purposes": purposes}), encoding="utf-8")
    fresh.replace(venv / NAME)
