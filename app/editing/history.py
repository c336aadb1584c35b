"""Definitions as they were: before each change of ours, and as others left them; so that they can be brought back."""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from app.editing.passwords import without_passwords
from app.errors import Failed, NoSpace, NotFound
from app.i18n import N_, _

KEEP = 50
"""Newest definitions kept of each machine."""

OURS_S = 10.0
"""So long after ``keep`` a change is taken for the one that it was kept for."""

_STAMP = "%Y%m%dT%H%M%S.%f"

_lock = threading.Lock()
_ours: dict[tuple[Path, str, str], float] = {}
"""When this program last kept a definition that it was about to replace; there may be several History objects of a folder."""


class Origin(Enum):
    """Who made the definition what it is."""

    OURS = "ours"
    OUTSIDE = "outside"
    """Another program, while this one was connected."""
    FOUND = "found"
    """Found so when this program connected."""


ORIGIN_WORDS: dict[Origin, str] = {
    Origin.OURS: N_("this program"),
    Origin.OUTSIDE: N_("another program"),
    Origin.FOUND: N_("found when connecting"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition.  when: in UTC, of its being kept.  name: the machine's then, as far as a file name can say it."""

    path: Path
    when: datetime
    origin: Origin
    name: str


class History:
    """Files of one folder, readable by their owner only.  Methods do file I/O: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, host_id: str, uuid: str, name: str, xml: str, *, origin: Origin = Origin.OURS) -> Path:
        """Writes the definition without passwords, unless the newest says the same.  From OURS on, changes are ours for a moment.

        Raises NoSpace or Failed, and then nothing may be removed or replaced.
        """
        place = self._place(host_id, uuid)
        text = without_passwords(xml)
        if origin is Origin.OURS:
            _ours[(self.folder, host_id, uuid)] = time.monotonic()
        try:
            with _lock:
                return _keep(place, origin, _plain(name), text)
        except OSError as error:
            kind = NoSpace if error.errno in (28, 122) else Failed
            raise kind(
                _("The definition of “{name}” cannot be kept in the history.").format(name=name),
                why=error.strerror or str(error),
                next_step=_("Make room in “{folder}” or make it writable, then try again.").format(folder=place),
                raw=str(error),
            ) from error

    def is_ours(self, host_id: str, uuid: str) -> bool:
        """Whether a change that is seen now is one of this program.  Any thread."""
        return time.monotonic() - _ours.get((self.folder, host_id, uuid), float("-inf")) < OURS_S

    def entries(self, host_id: str, uuid: str) -> list[Entry]:
        """Newest first; empty if there is none."""
        place = self._place(host_id, uuid)
        found = [entry for path in sorted(place.glob("*.xml"), reverse=True) if (entry := _entry(path)) is not None]
        return sorted(found, key=lambda entry: entry.when, reverse=True)

    def machines(self, host_id: str) -> dict[str, Entry]:
        """The newest entry of each machine of a host, by UUID; also of those that are gone."""
        places = [path for path in (self.folder / _host_folder(host_id)).glob("*") if path.is_dir()]
        newest = ((path.name, self.entries(host_id, path.name)) for path in places)
        return {uuid: entries[0] for uuid, entries in newest if entries}

    def read(self, entry: Entry) -> str:
        """The definition; raises NotFound."""
        try:
            return entry.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            what = _("This entry of the history of “{name}” cannot be read.").format(name=entry.name)
            raise NotFound(what, why=str(error), next_step=_("Choose another one."), raw=str(error)) from error

    def _place(self, host_id: str, uuid: str) -> Path:
        return self.folder / _host_folder(host_id) / uuid


def _host_folder(host_id: str) -> str:
    return quote(host_id, safe="")[:150]


def _keep(place: Path, origin: Origin, name: str, text: str) -> Path:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = sorted(place.glob("*.xml"))
    if files and files[-1].read_text(encoding="utf-8", errors="replace") == text:
        return files[-1]
    path = _write(place, origin, name, text)
    for old in files[: max(0, len(files) + 1 - KEEP)]:
        old.unlink(missing_ok=True)
    return path


def _write(place: Path, origin: Origin, name: str, text: str) -> Path:
    """A new file, never over another one; on the disk before this returns.  File names sort by age."""
    while True:
        path = place / f"{datetime.now(UTC):{_STAMP}}+{origin.value}-{name}.xml"
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue  # made in the same microsecond
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)  # half a definition is worse than none
            raise
        return path


def _entry(path: Path) -> Entry | None:
    """From the file's name; None for a file that is none of ours.  The first versions wrote no origin."""
    stamp, _dash, name = path.stem.partition("-")
    when, _plus, origin = stamp.partition("+")
    try:
        return Entry(path, datetime.strptime(when, _STAMP).replace(tzinfo=UTC), Origin(origin or "ours"), name)
    except ValueError:
        return None


def _plain(name: str) -> str:
    """A name as a part of a file name."""
    return re.sub(r"[^\w.-]+", "_", name)[:60] or "machine"
