"""The discs that were made of dropped files: where they are, and their removal once they are in no drive any more."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.actions.context import Context, Target
from app.errors import HostelryError, NotFound
from app.install import media_drive
from app.settings import options
from app.settings.folders import cache_folder
from app.settings.store import Settings
from app.virt import storage

PREFIX = "hostelry-files-"

_coming: Counter[tuple[str, str]] = Counter()
"""Machines that a disc is being brought to: it is in no drive yet, and wanted all the same."""


@dataclass(frozen=True, slots=True)
class MadeDisc:
    """host, uuid: the machine that has it.  path: as its host sees it.  volume: in a pool of the host, else a file here."""

    host: str
    uuid: str
    path: str
    volume: bool


def new_path() -> Path:
    """Where the next disc is written: a folder for this user alone.  May block; raises ``OSError``."""
    folder = cache_folder() / "discs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)  # noqa: PTH101 - it may have been there before
    return folder / f"{PREFIX}{secrets.token_hex(4)}.iso"


def listed(settings: Settings) -> list[MadeDisc]:
    """All that are known; entries of another form are left out."""
    found = []
    for entry in settings.get(options.MADE_DISCS):
        with contextlib.suppress(TypeError):
            found.append(MadeDisc(**entry))
    return found


def remember(settings: Settings, disc: MadeDisc) -> None:
    """Before it is inserted: whatever happens, it will be found."""
    _save(settings, [*listed(settings), disc])


def is_made(settings: Settings, path: str) -> bool:
    """Whether a medium is one of ours, which needs no question to be replaced."""
    return any(disc.path == path for disc in listed(settings))


@contextlib.contextmanager
def on_its_way(target: Target) -> Iterator[None]:
    """While a disc is made and inserted, no other end of a sending, and no reconnect, takes it for left over."""
    key = (target.host.id, target.record.uuid)
    _coming[key] += 1
    try:
        yield
    finally:
        _coming[key] -= 1


async def tidy(ctx: Context, target: Target) -> None:
    """Deletes the machine's discs that are in no drive, running or not; what cannot be deleted now is tried the next time."""
    session, uuid = target.host.session, target.record.uuid
    ours = [disc for disc in listed(ctx.settings) if (disc.host, disc.uuid) == (target.host.id, uuid)]
    if not ours or _coming[(target.host.id, uuid)]:
        return
    used: set[str] = set()
    try:
        for active in (True, False):
            used |= {drive.medium for drive in await media_drive.list_drives(session, uuid, active=active)}
    except HostelryError:
        return
    for disc in ours:
        if disc.path not in used:
            await _delete(ctx, target, disc)


async def _delete(ctx: Context, target: Target, disc: MadeDisc) -> None:
    try:
        if disc.volume:
            await storage.delete_volume(target.host.session, disc.path)
        else:
            await asyncio.to_thread(Path(disc.path).unlink, True)
    except NotFound:
        pass
    except (HostelryError, OSError):
        return
    _save(ctx.settings, [other for other in listed(ctx.settings) if other != disc])


def _save(settings: Settings, discs: list[MadeDisc]) -> None:
    entries: list[Any] = [asdict(disc) for disc in discs]
    settings.set(options.MADE_DISCS, entries)
