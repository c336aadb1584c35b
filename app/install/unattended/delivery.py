"""What carries the scripts to the installer: a CD, a floppy disk, or the initial ramdisk itself."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Failed, HostelryError, Invalid, NotFound
from app.i18n import _
from app.install import text_disc
from app.install.unattended import cpio, floppy
from app.install.unattended.offer import Method
from app.install.unattended.script import Script
from app.settings.folders import cache_folder

if TYPE_CHECKING:
    from pycdlib import PyCdlib

PREFIX = "hostelry-answers-"

LABEL = "OEMDRV"
"""Anaconda reads ks.cfg from a disc of this label by itself; to Windows any label is as good."""

_LARGEST = 2 << 30


@dataclass(frozen=True, slots=True)
class Carrier:
    """One file for the machine to be: device "cdrom", "floppy" or "initrd"."""

    device: str
    path: Path


def new_folder() -> Path:
    """A folder for this user alone, in which carriers are made.  May block; raises ``OSError``."""
    folder = cache_folder() / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)  # noqa: PTH101 - it may have been there before
    return folder


def make_now(script: Script, folder: Path, *, initrd: Path | None = None) -> Carrier:
    """Writes the carrier into ``folder``, readable for its owner alone.  initrd: the installer's, for INITRD.

    Blocks.  Raises ``Exists``, ``NoSpace``, ``Failed``, ``Invalid``; nothing is left behind then.
    """
    stem = folder / f"{PREFIX}{secrets.token_hex(6)}"
    files = script.files()
    try:
        if script.method is Method.CDROM:
            path = stem.with_suffix(".iso")
            text_disc.write_now(path, LABEL, _with_usual_names(files))
            return Carrier("cdrom", path)
        if script.method is Method.FLOPPY:
            path = stem.with_suffix(".img")
            floppy.write_now(path, LABEL, files)
            return Carrier("floppy", path)
        if initrd is None:
            raise Invalid(_("The installer's ramdisk is needed, and is not there."))
        path = stem.with_suffix(".initrd")
        cpio.append_now(initrd, path, files)
        return Carrier("initrd", path)
    except OSError as error:
        raise text_disc.explain(error, stem) from error


def _with_usual_names(files: dict[str, bytes]) -> dict[str, bytes]:
    """A kickstart also by the name under which Anaconda looks for it."""
    kickstart = next((data for name, data in files.items() if name.endswith(".ks")), None)
    return files if kickstart is None else files | {"ks.cfg": kickstart}


def extract_now(iso: Path, wanted: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Takes files ("isolinux/vmlinuz") out of an ISO, for a start with the kernel from outside.  Blocks.

    Raises ``NotFound`` if one is not on it, ``Failed`` for an image that cannot be read.
    """
    from pycdlib import PyCdlib  # noqa: PLC0415 - 60 ms
    from pycdlib.pycdlibexception import PyCdlibException  # noqa: PLC0415

    disc, made = PyCdlib(), []
    try:
        with iso.open("rb") as file:
            disc.open_fp(file)
            for name in wanted:
                path = folder / f"{PREFIX}{secrets.token_hex(6)}-{Path(name).name}"
                made.append(path)
                _take(disc, name, path)
    except (OSError, PyCdlibException, HostelryError) as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, HostelryError):
            raise
        what = _("The installer's kernel cannot be read from “{name}”.").format(name=iso.name)
        raise Failed(what, next_step=_("Install by hand, or choose another medium."), raw=str(error)) from error
    return tuple(made)


def _take(disc: PyCdlib, name: str, path: Path) -> None:
    from pycdlib.pycdlibexception import PyCdlibException  # noqa: PLC0415

    plain = f"/{name.upper()}"
    places = (("rr_path", f"/{name}"), ("joliet_path", f"/{name}"), ("iso_path", f"{plain};1"), ("iso_path", f"{plain}.;1"))
    for kind, spelled in places:
        try:
            if disc.get_record(**{kind: spelled}).get_data_length() > _LARGEST:
                raise Failed(_("“{name}” on the medium is far too big.").format(name=name))
        except PyCdlibException:
            continue
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            disc.get_file_from_iso_fp(file, **{kind: spelled})
        return
    raise NotFound(_("The medium has no file “{name}”.").format(name=name), next_step=_("Install by hand."))
