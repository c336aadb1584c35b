"""What a dropped or chosen file is."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from app.errors import Denied, HostelryError, NotFound
from app.i18n import _
from app.install import disk_image, iso9660, likeness, osinfo
from app.install.background import in_thread
from app.install.osinfo import System

TIMEOUT_S = 10.0


class MediumKind(Enum):
    """What one can do with it: boot and install from it, use it as a disk, nothing."""

    ISO = "iso"
    DISK = "disk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Medium:
    """One recognised file.

    path: absolute.  format: "iso" or qemu-img's name.  size, virtual_size: bytes.
    system: what to make the machine for; ``exact`` says whether that is the system itself or the nearest one.
    title: what to show ("Debian 12.5").  warning: a sentence about the medium, or "".
    problem: for UNKNOWN, why it is no medium, with the next step.
    """

    path: str
    kind: MediumKind
    format: str = ""
    size: int = 0
    virtual_size: int = 0
    label: str = ""
    bootable: bool = True
    system: System = field(default=osinfo.GENERIC)
    exact: bool = False
    live: bool = False
    arch: str = ""
    title: str = ""
    warning: str = ""
    problem: str = ""
    backing_file: str = ""

    @property
    def system_text(self) -> str:
        """The recognised system in words: "Debian 11", "Debian 12.5, treated like Debian 11", "Other, treated like …"."""
        known = _(self.system.name.name)
        if self.exact:
            return known
        if self.system is osinfo.GENERIC:
            return self.title or known
        return _("{name}, treated like {known}").format(name=self.title or _("Other"), known=known)


async def recognise(path: str) -> Medium:
    """What the file at ``path`` is; works in a thread, at most 10 s.

    Raises ``NotFound``, ``Denied``, ``TimedOut``; any other file gives a Medium, at worst of kind UNKNOWN.
    """
    name = Path(path).name
    what = _("“{name}” cannot be examined.").format(name=name)
    return await in_thread(lambda: recognise_now(path), timeout_s=TIMEOUT_S, what=what)


def recognise_now(path: str) -> Medium:
    """``recognise`` on the calling thread: blocks."""
    path = os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps "..", resolve follows links
    try:
        return _recognise(path)
    except FileNotFoundError as error:
        raise NotFound(
            _("“{name}” is not there any more.").format(name=Path(path).name),
            why=_("It was moved or deleted, or its disk is not connected."),
            next_step=_("Choose the file again."),
            raw=str(error),
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> HostelryError:
    what = _("“{name}” cannot be read.").format(name=Path(path).name)
    if isinstance(error, PermissionError):
        return Denied(
            what,
            why=_("You have no permission to read it."),
            next_step=_("Change the file's permissions or copy it to your home folder."),
            raw=str(error),
        )
    return NotFound(what, why=error.strerror or "", next_step=_("Check the disk that it lies on."), raw=str(error))


def _recognise(path: str) -> Medium:
    info = os.stat(path)  # noqa: PTH116
    if stat.S_ISDIR(info.st_mode):
        return _no_medium(path, 0, _("This is a folder. Drop an ISO file or a disk image instead."))
    if not (stat.S_ISREG(info.st_mode) or stat.S_ISBLK(info.st_mode)):
        return _no_medium(path, 0, _("This is no file. Drop an ISO file or a disk image instead."))
    size = info.st_size or _device_size(path)
    if size == 0:
        return _no_medium(path, 0, _("This file is empty. The download may have failed; fetch it again."))
    with Path(path).open("rb") as file:
        volume = iso9660.read(file)
        udf = volume is None and iso9660.is_udf(file)
    if volume is not None:
        return _iso(path, size, volume)
    if udf:
        return Medium(path, MediumKind.ISO, "iso", size, title=Path(path).stem)
    return _disk(path, size)


def _device_size(path: str) -> int:
    with Path(path).open("rb") as file:
        return file.seek(0, os.SEEK_END)


def _no_medium(path: str, size: int, problem: str) -> Medium:
    return Medium(path, MediumKind.UNKNOWN, size=size, problem=problem, bootable=False)


def _iso(path: str, size: int, volume: iso9660.Volume) -> Medium:
    found = osinfo.identify(path)
    system = osinfo.system(found.os_id) if found else osinfo.GENERIC
    guess = None if found else likeness.guess(volume)
    return Medium(
        path=path,
        kind=MediumKind.ISO,
        format="iso",
        size=size,
        label=volume.label,
        bootable=volume.bootable,
        system=guess.system if guess else system,
        exact=found is not None,
        live=found.live if found else False,
        arch=found.arch if found else "",
        title=(guess.name if guess else system.name.name) or volume.label or Path(path).stem,
        warning=_iso_warning(size, volume),
    )


def _iso_warning(size: int, volume: iso9660.Volume) -> str:
    if size < volume.size:
        return _("The file is shorter than its header says; the download may be incomplete.")
    if not volume.bootable:
        return _("This medium cannot boot a machine. It can still be put into a machine's CD drive.")
    return ""


def _disk(path: str, size: int) -> Medium:
    packed = disk_image.compression(path)
    if packed:
        return _no_medium(path, size, _("This file is compressed ({packer}). Unpack it first.").format(packer=packed))
    try:
        image = disk_image.read(path)
    except HostelryError as error:
        return _no_medium(path, size, f"{error.why} {error.next_step}".strip() or error.what)
    if image.backing_file and not disk_image.backing_beside(path, image.backing_file):
        return _no_medium(path, size, _stands_elsewhere(image.backing_file))
    if image.format == "raw" and not disk_image.looks_raw(path):
        return _no_medium(path, size, _("This is neither an ISO nor a disk image. Choose another file."))
    return Medium(
        path=path,
        kind=MediumKind.DISK,
        format=image.format,
        size=size,
        virtual_size=image.virtual_size,
        title=Path(path).stem,
        warning=_disk_warning(image),
        backing_file=image.backing_file,
        system=likeness.from_file_name(Path(path).stem),
    )


def _stands_elsewhere(backing_file: str) -> str:
    why = _(
        "This image stands on another file, {path}, which the machine would read too; a downloaded image could name any file."
    )
    step = _(
        "If you trust it, make one file of both with “qemu-img convert”, or put both into one folder with “qemu-img rebase”."
    )
    return f"{why.format(path=backing_file)} {step}"


def _disk_warning(image: disk_image.Image) -> str:
    if image.encrypted:
        return _("This image is encrypted; the machine will not start without its secret.")
    if image.backing_file:
        return _("This image needs another file, {path}, which must stay where it is.").format(path=image.backing_file)
    return ""
