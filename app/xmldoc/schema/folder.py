"""Where libvirt's schemas are on this computer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from app.errors import NotFound
from app.i18n import _

VARIABLE = "HOSTELRY_SCHEMAS"
"""Names a folder with libvirt's schemas, in place of the usual ones."""
_PREFIXES = ("/usr/share", "/usr/local/share", "/run/current-system/sw/share", "/opt/homebrew/share")


def find(kind: str = "domain", folder: Path | None = None) -> Path:
    """The file ``kind``.rng.  Raises NotFound, saying what to install."""
    looked = [folder] if folder is not None else list(_folders())
    for place in looked:
        file = place / f"{kind}.rng"
        if file.is_file():
            return file
    raise NotFound(
        _("libvirt's description of its XML was not found."),
        why=_("There is no file “{file}” in: {folders}.").format(file=f"{kind}.rng", folders=", ".join(map(str, looked))),
        next_step=_(
            "Install the package that has libvirt's schemas: libvirt-common or libvirt0 on Debian and Ubuntu, "
            "libvirt-libs on Fedora, libvirt on Arch."
        ),
    )


def _folders() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named)
        return
    shares = [*_PREFIXES, *os.environ.get("XDG_DATA_DIRS", "").split(":")]
    yield from dict.fromkeys(Path(share) / "libvirt" / "schemas" for share in shares if share.startswith("/"))
