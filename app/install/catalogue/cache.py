"""The cache of downloads: one folder for each address, shared by all machines.

``hostelry/images/KEY/`` has the file under its own name, or what has come of it so far (``.part``), and ``about.json``: whose it
is, and by what the server knows it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.errors import Busy, Failed
from app.i18n import _
from app.settings import files
from app.settings.folders import cache_folder

_MAX_NAME = 150
"""Bytes; file systems take 255, and others hang something on."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one file.  etag, modified: the server's marks of its state.  size: in all, 0 if unknown.

    digest: "sha256:…" that it was found to have, "" if the publisher has none.  done: it is whole, and checked if it can be.
    """

    url: str
    etag: str = ""
    modified: str = ""
    size: int = 0
    digest: str = ""
    done: bool = False

    @property
    def validator(self) -> str:
        """For ``If-Range``, which takes strong marks only (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


@dataclass(frozen=True, slots=True)
class Cached:
    """A whole file."""

    path: Path
    about: About

    @property
    def verified(self) -> bool:
        """Whether it has the publisher's checksum."""
        return bool(self.about.digest)


class Slot:
    """The place of one address's file.  Everything here blocks."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.folder = folder / hashlib.sha256(url.encode()).hexdigest()[:16]
        self.path = self.folder / _file_name(url)
        self.part = self.path.with_name(self.path.name + ".part")

    def about(self) -> About:
        """What is noted; nothing where the note makes no sense."""
        data = files.load(self.folder / "about.json").data
        names = [field.name for field in fields(About)]
        known = {name: data[name] for name in names if type(data.get(name)) is type(_SAMPLE[name])}
        return About(**known) if known.get("url") == self.url else About(self.url)

    def note(self, about: About) -> None:
        """Writes the note.  Raises ``OSError``."""
        files.save(self.folder / "about.json", asdict(about))

    def cached(self) -> Cached | None:
        """The whole file, if it is there with the size that is noted."""
        about = self.about()
        try:
            size = self.path.stat().st_size
        except OSError:
            return None
        return Cached(self.path, about) if about.done and size == about.size else None

    def come(self) -> int:
        """Bytes that have come of it so far."""
        try:
            return self.part.stat().st_size
        except OSError:
            return 0

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One download of a file at a time, also among several of this program.  Raises ``Busy``."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            what = _("The folder for downloads, {path}, cannot be used.").format(path=self.folder)
            raise Failed(what, why=error.strerror or "", next_step=_("Look at its rights."), raw=str(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            what = _("“{name}” is being downloaded already.").format(name=self.path.name)
            raise Busy(what, next_step=_("Wait until that has ended.")) from error
        try:
            yield
        finally:
            os.close(handle)

    def clear(self) -> None:
        """Removes the file, what has come of it, and the note."""
        for path in (self.path, self.part, self.folder / "about.json"):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


_SAMPLE: dict[str, Any] = asdict(About(""))


class Cache:
    """All of them.  Everything here blocks."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "images"

    def slot(self, url: str) -> Slot:
        """The place for that address."""
        return Slot(self.folder, url)

    def all(self) -> list[Cached]:
        """The whole files, by name."""
        found = []
        for path in self.folder.glob("*/about.json"):
            url = files.load(path).data.get("url")
            cached = self.slot(url).cached() if isinstance(url, str) else None
            found += [cached] if cached is not None else []
        return sorted(found, key=lambda cached: cached.path.name)

    def used(self) -> int:
        """Bytes of everything in it, unfinished parts too."""
        return sum(path.lstat().st_size for path in self.folder.glob("*/*") if path.is_file())

    def remove(self, url: str) -> None:
        """Takes one out.  Raises ``Busy`` while it is being downloaded."""
        slot = self.slot(url)
        with slot.locked():
            slot.clear()
            shutil.rmtree(slot.folder, ignore_errors=True)  # within: a download that begins now makes its own folder


def _file_name(url: str) -> str:
    """The address's own, fit for a folder of ours."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    plain = re.sub(r"[^\w.+~ -]", "_", name).encode()[-_MAX_NAME:].decode(errors="ignore").lstrip(".-")
    return plain if plain not in ("", "about.json", "lock") else f"file-{plain}"
