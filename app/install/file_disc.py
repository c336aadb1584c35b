"""A CD image made of files, for guests that can take files in no other way.

Three directories over the same data (pycdlib), so that every system reads the names: UDF (Windows, newer Linux), Joliet
(older Windows, macOS), Rock Ridge (Linux, BSD).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Cancelled, Failed, HostelryError, Invalid, NoSpace, NotFound
from app.i18n import _
from app.install.file_survey import Entry, Load

if TYPE_CHECKING:
    from pycdlib import PyCdlib

LARGEST = 4 << 30
"""Bytes of all files: what fits on a DVD, and what a copy to another host brings over in minutes."""

LONGEST_JOLIET, LONGEST_UDF, LONGEST_ROCK_RIDGE = 64, 120, 200
"""Of a name: bytes, characters, bytes.  pycdlib counts Joliet's 64 characters as bytes; UDF has 254 bytes of 8 or 16 bits."""

FORBIDDEN = frozenset('\\/:*?"<>|;')
"""Windows refuses these in names."""

VOLUME_ID = "FILES"

Progress = Callable[[int, int], None]
"""(bytes written, bytes in all); called on the event loop."""


async def write(load: Load, path: Path, progress: Progress) -> None:
    """Writes the disc ``path`` (made new, readable for its owner alone) in a thread.

    Cancelling stops the thread and removes the file, as every error does.  Raises ``NoSpace``, ``NotFound`` (a file went away),
    ``Invalid`` (a file changed meanwhile).
    """
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def note(done: int, total: int, _opaque: object = None) -> None:
        if stop.is_set():
            raise Cancelled(_("Making the disc was stopped."))
        loop.call_soon_threadsafe(progress, done, total)

    work = asyncio.ensure_future(asyncio.to_thread(write_now, load, path, note))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        with contextlib.suppress(HostelryError):
            await asyncio.shield(work)
        with contextlib.suppress(OSError):  # it was done when the stop came
            await asyncio.shield(asyncio.to_thread(path.unlink, True))
        raise


def write_now(load: Load, path: Path, note: Callable[[int, int], None]) -> None:
    """The same on the calling thread; what ``note`` raises ends it."""
    try:
        _write(load, path, note)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def _write(load: Load, path: Path, note: Callable[[int, int], None]) -> None:
    from pycdlib import PyCdlib  # noqa: PLC0415 - 60 ms, wanted when a disc is made
    from pycdlib.pycdlibexception import PyCdlibException  # noqa: PLC0415

    disc = PyCdlib()
    try:
        disc.new(interchange_level=4, joliet=3, rock_ridge="1.09", udf="2.60", vol_ident=VOLUME_ID)
        for entry, names in zip(load.entries, _Names().all(load), strict=True):
            _add(disc, entry, names)
        number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "wb") as file:
            disc.write_fp(file, progress_cb=_every_step(note))
        _demand_unchanged(load)
    except OSError as error:
        raise _explain(error) from error
    except PyCdlibException as error:
        why = _("The disc's format does not take these files.")
        raise Failed(_("The disc cannot be made."), why=why, raw=str(error)) from error
    finally:
        with contextlib.suppress(Exception):  # it may be in any state
            disc.close()


STEP = 4 << 20
"""Progress is told at every so many bytes: one call for each block would be tens of thousands."""


def _every_step(note: Callable[[int, int], None]) -> Callable[[int, int, object], None]:
    """For pycdlib, which counts the arguments of a plain function."""
    following = 0

    def report(done: int, total: int, _opaque: object) -> None:
        nonlocal following
        if done >= following or done >= total:
            following = done + STEP
            note(done, max(total, 1))

    return report


def _add(disc: PyCdlib, entry: Entry, names: _Placed) -> None:
    if entry.folder:
        disc.add_directory(names.iso, rr_name=names.rock_ridge, joliet_path=names.joliet, udf_path=names.udf)
        return
    found = entry.path.stat()
    if found.st_size != entry.size:
        raise _changed(entry)
    disc.add_file(str(entry.path), names.iso + ".;1", rr_name=names.rock_ridge, joliet_path=names.joliet, udf_path=names.udf)


def _demand_unchanged(load: Load) -> None:
    """A file that grew or shrank while it was copied is broken on the disc."""
    for entry in load.files:
        if entry.path.stat().st_size != entry.size:
            raise _changed(entry)


def _changed(entry: Entry) -> Invalid:
    return Invalid(
        _("The disc cannot be made."),
        why=_("“{name}” was changed while it was read.").format(name=entry.path.name),
        next_step=_("Wait until no program writes to it, then send it again."),
    )


def _explain(error: OSError) -> HostelryError:
    what, raw = _("The disc cannot be made."), str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = _("There is no room for it on this computer.")
        return NoSpace(what, why=why, next_step=_("Delete something here first."), raw=raw)
    if isinstance(error, FileNotFoundError):
        return NotFound(what, why=_("A file is not there any more."), next_step=_("Choose the files again."), raw=raw)
    return Failed(what, why=error.strerror or raw, next_step=_("Look at the file that is named in the details."), raw=raw)


class _Placed:
    """One entry's path in each of the directories."""

    def __init__(self, iso: str, rock_ridge: str, joliet: str, udf: str) -> None:
        self.iso, self.rock_ridge, self.joliet, self.udf = iso, rock_ridge, joliet, udf


class _Names:
    """Gives names that each directory bears, different from all others beside them.  ISO 9660's own are mere numbers."""

    def __init__(self) -> None:
        self._number = 0
        self._taken: set[str] = set()

    def all(self, load: Load) -> Iterator[_Placed]:
        """One for each entry, in order; folders come before what is in them."""
        root = _Placed("", "", "", "")
        folders: dict[Path, _Placed] = {}
        for entry in load.entries:
            # By its real path: two folders of one name may have been dropped together.
            made = self._place(root if len(entry.parts) == 1 else folders[entry.path.parent], entry.parts[-1])
            if entry.folder:
                folders[entry.path] = made
            yield made

    def _place(self, above: _Placed, name: str) -> _Placed:
        self._number += 1
        plain = "".join("_" if char in FORBIDDEN or ord(char) < 32 else char for char in name)
        plain = plain.encode("utf-8", "replace").decode() or "_"
        return _Placed(
            f"{above.iso}/F{self._number:07d}",
            self._free("r" + above.iso, _cut(plain, LONGEST_ROCK_RIDGE, in_bytes=True)),
            f"{above.joliet}/" + self._free("j" + above.joliet, _cut(plain, LONGEST_JOLIET - 4, in_bytes=True)),
            f"{above.udf}/" + self._free("u" + above.udf, _cut(plain, LONGEST_UDF, in_bytes=False)),
        )

    def _free(self, place: str, name: str) -> str:
        """The name, or with a number.  Windows does not tell capitals from small letters."""
        stem, dot, suffix = name.rpartition(".")
        for number in range(1, 100_000):
            tried = name if number == 1 else f"{stem}~{number}{dot}{suffix}" if stem else f"{name}~{number}"
            if (key := f"{place}/{tried.casefold()}") not in self._taken:
                self._taken.add(key)
                return tried
        raise Failed(_("The disc cannot be made."), why=_("Too many files have the same name."))


def _cut(name: str, most: int, *, in_bytes: bool) -> str:
    """Shortened from the stem's end, so that the suffix stays."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, no path
    suffix = suffix if len(suffix) <= 16 else ""
    stem = stem if suffix else name

    def length(text: str) -> int:
        return len(text.encode()) if in_bytes else len(text)

    while stem and length(stem) + length(suffix) > most:
        stem = stem[:-1]
    return stem + suffix
