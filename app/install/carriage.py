"""Local files brought into a pool of the host."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from app.errors import HostelryError, NotFound
from app.i18n import _
from app.install import pools, same_copy
from app.install.bench import Bench
from app.install.made import Undo, to_its_end
from app.install.pools import NewVolume
from app.jobs.job import Job
from app.virt import storage
from app.virt.session import Session


async def copy_to_pool(
    session: Session, path: str, pool_name: str, job: Job, note: Callable[[str, Undo], None], *, form: str = "raw", stem: str = ""
) -> str:
    """Uploads the local file into a pool and gives its path on the host.  An ISO of the same name and size that is there
    already is taken as it is.  ``note`` is told of the new volume as soon as it exists."""
    size = await asyncio.to_thread(_size, path)
    pool = await pools.ready(session, pool_name, job)
    source = Path(path)
    if form == "raw" and not stem:
        for volume in await storage.list_volumes(session, pool.uuid, formats=False):
            if volume.name == source.name and volume.capacity == size and await same_copy.is_whole(session, volume.path, path):
                return volume.path
    pools.demand_room(pool, size)
    volume = await to_its_end(
        pools.make_volume(session, pool, stem or source.stem, NewVolume(source.suffix or ".img", form, size)),
        lambda made: note(_in_words(made.path), lambda: storage.delete_volume(session, made.path)),
    )
    job.report(0.0, _("Copying “{name}” to the pool “{pool}”").format(name=source.name, pool=pool.name))
    try:
        await storage.upload(session, path, volume.path, job)
    except (HostelryError, asyncio.CancelledError):
        await asyncio.shield(_drop_piece(session, volume.path, job))
        raise
    return volume.path


async def copy_once(bench: Bench, path: str) -> str:
    """A file that several machines may share: the pool's copy of it, made if it is missing."""
    return await copy_to_pool(bench.session, path, "", bench.job, bench.made.add)


async def copy_anew(bench: Bench, path: str, stem: str) -> str:
    """A copy for this machine alone, called after it."""
    name = f"{stem}-{Path(path).name}"
    return await copy_to_pool(bench.session, path, "", bench.job, bench.made.add, stem=name)


def _in_words(path: str) -> str:
    return _("the file {path}").format(path=path)


async def _drop_piece(session: Session, volume_path: str, job: Job) -> None:
    """Half a copy is of no use to anybody; where it cannot be deleted, the job names it."""
    words = _in_words(volume_path)
    with contextlib.suppress(HostelryError):
        await storage.delete_volume(session, volume_path)
        if words in job.left_behind:
            job.left_behind.remove(words)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError as error:
        raise NotFound(
            _("“{name}” is not there any more.").format(name=Path(path).name),
            next_step=_("Choose the file again."),
            raw=str(error),
        ) from error
