"""A download as a job: with progress, speed and a stop after which it can go on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass

from app.errors import HostelryError
from app.i18n import _
from app.install import web
from app.install.catalogue import checksums
from app.install.catalogue.cache import Cache, Cached
from app.install.catalogue.transfer import Transfer
from app.install.digest import Digest
from app.install.sizes import format_size
from app.jobs.job import Job

_STEP_S = 0.2
_WINDOW_S = 5.0
_GRACE_S = 3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """url: of the file.  digest: its checksum, if it is known.  look: else the publisher's is looked for beside the file."""

    url: str
    digest: Digest | None = None
    look: bool = True

    def published(self) -> Digest | None:
        """The checksum to hold it against.  Blocks."""
        return self.digest or (checksums.find_now(web.checked(self.url)) if self.look else None)


async def fetch(wanted: Wanted, job: Job, *, cache: Cache | None = None, silence_s: float = web.SILENCE_S) -> Cached:
    """The file, downloaded unless the cache has it as the server has it now.

    Cancelling keeps what has come; the next ``fetch`` of the address goes on from there (``job.left_behind`` says so).
    Raises ``Invalid`` (wrong checksum, no file), ``NoSpace``, ``NotFound``, ``Denied``, ``Disconnected``, ``TimedOut``, ``Busy``.
    """
    slot = (cache or Cache()).slot(web.checked(wanted.url))
    meter = _Meter(job, slot.path.name, asyncio.get_running_loop())
    transfer = Transfer(slot, meter.note_on_thread, wanted.published, silence_s=silence_s)
    job.report(text=_("Connecting to {host}").format(host=slot.url.split("/")[2]))
    try:
        return await _on_thread(transfer)
    except (asyncio.CancelledError, HostelryError):
        come = await asyncio.to_thread(slot.come)
        if come:
            words = _("{size} of “{name}”, from which the next download goes on")
            job.left_behind.append(words.format(size=format_size(come), name=slot.path.name))
        raise


async def _on_thread(transfer: Transfer) -> Cached:
    """On a daemon thread: one that waits for a dead server does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Cached] = loop.create_future()

    def settle(result: Cached | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        elif result is not None:
            answer.set_result(result)

    def run() -> None:
        result, error = None, None
        try:
            result = transfer.run_on_thread()
        except BaseException as problem:  # noqa: BLE001 - carried over to whoever awaits
            error = problem
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="download", daemon=True).start()
    try:
        return await asyncio.shield(answer)
    except asyncio.CancelledError:
        transfer.stop()
        await asyncio.wait({answer}, timeout=_GRACE_S)
        if answer.done() and not answer.cancelled():
            answer.exception()  # it was looked at
        raise


class _Meter:
    """Tells the job how far it is, a few times a second."""

    def __init__(self, job: Job, name: str, loop: asyncio.AbstractEventLoop) -> None:
        self._job, self._name, self._loop = job, name, loop
        self._told_s = 0.0
        self._seen: deque[tuple[float, int]] = deque()

    def note_on_thread(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if 0 < done != total and now - self._told_s < _STEP_S:
            return
        self._told_s = now
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._report, what, now, done, total)

    def _report(self, what: str, now: float, done: int, total: int) -> None:
        if self._job.over:
            return
        fraction = done / total if total else None
        if what == "check":
            self._job.report(fraction, _("Checking “{name}”").format(name=self._name))
            return
        self._job.report(fraction, self._words(now, done, total))

    def _words(self, now: float, done: int, total: int) -> str:
        self._seen.append((now, done))
        while now - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()
        first_s, first = self._seen[0]
        speed = (done - first) / (now - first_s) if now > first_s else 0.0
        if not total:
            return _("Downloading “{name}”: {done}").format(name=self._name, done=format_size(done))
        text = _("Downloading “{name}”: {done} of {total}, {speed} a second")
        if speed <= 0:
            text = _("Downloading “{name}”: {done} of {total}")
        return text.format(
            name=self._name, done=format_size(done), total=format_size(total), speed=format_size(round(speed))
        )
