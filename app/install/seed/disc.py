"""The NoCloud disc: a CD image labelled ``cidata``."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path

from app.install import text_disc
from app.install.seed.documents import Documents
from app.settings.folders import cache_folder

LABEL = "cidata"
"""cloud-init looks for this and for the same in capitals."""

PREFIX = "hostelry-seed-"


def new_path(folder: Path | None = None) -> Path:
    """Where the next seed is written: a folder for this user alone (0700).  May block; raises ``OSError``."""
    folder = folder or cache_folder() / "seeds"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)  # noqa: PTH101 - it may have been there before
    return folder / f"{PREFIX}{secrets.token_hex(6)}.iso"


def write_now(documents: Documents, path: Path) -> None:
    """Makes the image, readable for its owner alone.  Blocks for some 70 ms; raises as ``text_disc.write_now``."""
    text_disc.write_now(path, LABEL, documents.files())


async def write(documents: Documents, path: Path) -> None:
    """The same off the event loop."""
    await asyncio.to_thread(write_now, documents, path)
