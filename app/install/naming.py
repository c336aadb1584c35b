"""Names for new machines: derived from the medium, unique on the host, fit for libvirt."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from app.i18n import _
from app.install.media import Medium

_MAX_BYTES = 200
"""A disk's file is called after its machine, and file names end at 255 bytes."""


def derive(medium: Medium | None, taken: Collection[str], source: str = "") -> str:
    """ "debian11" for a recognised system, else from the title or file name; with a number if the host has it already.
    source: what a source without a file is called after."""
    stem = _slug(source) or "machine"
    if medium is not None:
        known = medium.system.name.short_id if medium.exact else ""
        stem = _slug(known) or _slug(medium.title) or _slug(Path(medium.path).stem) or stem
    return unique(stem, taken)


def unique(stem: str, taken: Collection[str]) -> str:
    """``stem``, or ``stem-2``, ``stem-3`` ... whichever is free."""
    number = 2
    name = stem
    while name in taken:
        name = f"{stem}-{number}"
        number += 1
    return name


def problem(name: str, taken: Collection[str]) -> str:
    """Why ``name`` cannot be used, as a sentence with the next step; "" if it can."""
    if not name.strip():
        return _("Give the machine a name.")
    if name != name.strip() or not name.isprintable():
        return _("A name has no line breaks and no blanks at its ends.")
    if "/" in name or name in (".", ".."):
        return _("A name cannot have a slash (/), because the machine's files are called after it.")
    if len(name.encode()) > _MAX_BYTES:
        return _("This name is too long. Use at most {count} characters.").format(count=_MAX_BYTES)
    if name in taken:
        return _("There is a machine of this name already. “{other}” is free.").format(other=unique(name, taken))
    return ""


def _slug(text: str) -> str:
    plain = re.sub(r"[^\w.+-]+", "-", text.strip(), flags=re.UNICODE).strip("-._")
    return plain.lower()[:48].rstrip("-._")
