"""A small CD image of texts that are made in memory: answers for an installer, a seed for cloud-init.

They may hold (hashed) passwords, so the image is readable for its owner alone from the first byte on and no
other file is written.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.errors import Exists, Failed, HostelryError, NoSpace
from app.i18n import _

if TYPE_CHECKING:
    from pycdlib import PyCdlib


def write_now(path: Path, label: str, files: Mapping[str, bytes]) -> None:
    """Makes the image ``path`` (must not exist, mode 0600) with ``label`` and the files; a name may have folders ("a/b.txt").

    Joliet and Rock Ridge over the same data, so that Windows and Linux read the names as they are given.  Blocks.  Raises
    ``Exists``, ``NoSpace``, ``Failed``; nothing is left behind then.
    """
    from pycdlib.pycdlibexception import PyCdlibException  # noqa: PLC0415 - 60 ms, wanted when a disc is made

    try:
        number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise explain(error, path) from error
    try:
        with os.fdopen(number, "wb") as file:
            _image(label, files, file)
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise explain(error, path) from error
        if isinstance(error, PyCdlibException):
            why = _("The disc's format does not take these files.")
            raise Failed(_("The disc cannot be made."), why=why, raw=str(error)) from error
        raise


def _image(label: str, files: Mapping[str, bytes], file: BinaryIO) -> None:
    from pycdlib import PyCdlib  # noqa: PLC0415 - as above

    disc = PyCdlib()
    disc.new(interchange_level=3, joliet=3, rock_ridge="1.09", vol_ident=label)
    try:
        folders: dict[str, str] = {"": ""}
        for number, (name, data) in enumerate(files.items()):
            above, _slash, plain = name.rpartition("/")
            iso = f"{_folder(disc, folders, above)}/{_plain_name(plain, number)};1"
            disc.add_fp(io.BytesIO(data), len(data), iso, rr_name=plain, joliet_path=f"/{name}")
        disc.write_fp(file)
    finally:
        disc.close()


def _folder(disc: PyCdlib, folders: dict[str, str], path: str) -> str:
    """The folder's ISO 9660 path, made with all above it."""
    if path not in folders:
        above, _slash, plain = path.rpartition("/")
        iso = f"{_folder(disc, folders, above)}/D{len(folders):04d}"
        disc.add_directory(iso, rr_name=plain, joliet_path=f"/{path}")
        folders[path] = iso
    return folders[path]


def _plain_name(name: str, number: int) -> str:
    """A name that ISO 9660 takes: 8 letters, a dot, 3 more, else a mere number.  Old Windows set-ups look at these only."""
    fit = re.fullmatch(r"([A-Z0-9_]{1,8})(?:\.([A-Z0-9_]{1,3}))?", name.upper())
    return f"{fit[1]}.{fit[2] or ''}" if fit else f"F{number:07d}."


def explain(error: OSError, path: Path) -> HostelryError:
    """The error of a disc that was to be written to ``path``, in words."""
    what, raw = _("The disc cannot be made."), str(error)
    if error.errno == errno.EEXIST:
        why = _("The file {path} is there already.").format(path=path)
        return Exists(what, why=why, next_step=_("Delete it or choose another place."), raw=raw)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = _("There is no room for it on this computer.")
        return NoSpace(what, why=why, next_step=_("Delete something here first."), raw=raw)
    return Failed(what, why=error.strerror or raw, next_step=_("Look at the folder that is named in the details."), raw=raw)
