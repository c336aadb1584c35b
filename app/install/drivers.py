"""The disc with drivers for Windows (virtio-win), which makes its virtual hardware fast."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from app.i18n import _
from app.install.osinfo import System
from app.install.plan import Recommended
from app.install.survey import HostDisc, Survey

_NAME = re.compile(r"virtio-win.*\.iso", re.IGNORECASE)


def found(survey: Survey) -> list[HostDisc]:
    """Discs of that name in the host's pools, the newest version first."""
    discs = [disc for disc in survey.discs if _NAME.fullmatch(PurePosixPath(disc.path).name)]
    return sorted(discs, key=lambda disc: _version(disc.path), reverse=True)


def _version(path: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", PurePosixPath(path).name))


def recommend(system: System, survey: Survey) -> Recommended[str]:
    """The path of the disc for Windows NT, in a second drive; "" for other systems, which have the drivers, and where none is."""
    if system.name.family != "winnt":
        return Recommended("")
    discs = found(survey)
    if not discs:
        return Recommended("", _("With the disc “virtio-win” in a storage pool, its drivers would be offered to Windows."))
    reason = _("{name} goes into a second drive: with its drivers and agent Windows is faster.")
    return Recommended(discs[0].path, reason.format(name=PurePosixPath(discs[0].path).name))
