"""Definitions that were removed or replaced, kept so that they can be brought back."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from app.editing.passwords import without_passwords
from app.errors import Failed, NoSpace
from app.i18n import _

KEEP = 50
"""Newest definitions kept of each machine."""


class History:
    """Files of one folder, readable by their owner only.  Methods do file I/O: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, host_id: str, uuid: str, name: str, xml: str) -> Path:
        """Writes the definition without passwords; raises NoSpace or Failed, and then nothing may be removed."""
        place = self.folder / quote(host_id, safe="")[:150] / uuid
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = _write(place, _plain(name), without_passwords(xml))
            for old in sorted(place.glob("*.xml"))[:-KEEP]:
                old.unlink(missing_ok=True)
        except OSError as error:
            kind = NoSpace if error.errno in (28, 122) else Failed
            raise kind(
                _("The definition of “{name}” cannot be kept in the history.").format(name=name),
                why=error.strerror or str(error),
                next_step=_("Make room in “{folder}” or make it writable, then try again.").format(folder=place),
                raw=str(error),
            ) from error
        return path


def _write(place: Path, name: str, text: str) -> Path:
    """A new file, never over another one; on the disk before this returns.  File names sort by age."""
    while True:
        path = place / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{name}.xml"
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


def _plain(name: str) -> str:
    """A name as a part of a file name."""
    return re.sub(r"[^\w.-]+", "_", name)[:60] or "machine"
