"""Takes small pictures of many machines' screens in turn, so slowly that neither this program nor the hosts feel it.

By libvirt's screenshots and not by connections of its own to each screen: they work for every protocol, need no password and
no memory for each screen, and cost nothing between two pictures.  QEMU makes them while the guest's own display waits,
so their number is bounded by the time that they take, not by the number of machines.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.actions.context import Context
from app.errors import HostelryError
from app.hosts.host import Host
from app.model.records import DomainRef, HostId
from app.virt import domains
from app.virt.session import SessionState
from ui.aio import spawn

SHARE = 0.25
"""Pictures of this computer's machines are being taken during at most this part of the time, one after the other."""

FAR_SHARE = 0.1
"""The same for other hosts: pictures take from what consoles and actions have of the line."""

SHORTEST_S = 0.05
"""Between two pictures of a host."""

AGE_S = 2.0
"""A screen that changes is looked at so often, if there is time; one that does not, less and less often, down to OLDEST_S."""

OLDEST_S = 10.0
NO_PICTURE_S = 30.0
"""A machine that gives none is asked again sooner at first, as it may be starting, and at last after this time."""


@dataclass(slots=True)
class Shown:
    """What is known of one machine's picture: when it is due, its age when it was unchanged last, and a sum of its bytes."""

    due_s: float = 0.0
    age_s: float = field(default_factory=lambda: AGE_S)
    sum: int = 0
    size: QSize | None = None


class Shots(QObject):
    """came: a DomainRef and its picture (QImage, within the wanted size).  lacking: a DomainRef that gives none.

    taken: how many were asked for so far.
    """

    came = Signal(object, object)
    lacking = Signal(object)

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._wanted: tuple[DomainRef, ...] = ()
        self._size = QSize(240, 150)
        self._shown: dict[DomainRef, Shown] = {}
        self._working: set[HostId] = set()
        self._woken = asyncio.Event()
        self.taken = 0

    def want(self, refs: Iterable[DomainRef], size: QSize) -> None:
        """From now on these machines are looked at, the first ones first; ``size`` in device pixels.  None: nothing happens."""
        self._wanted, self._size = tuple(refs), size
        self._shown = {ref: self._shown.get(ref, Shown()) for ref in self._wanted}
        for host_id in {ref.host_id for ref in self._wanted} - self._working:
            self._working.add(host_id)
            spawn(self._work(host_id), self, name="wall: pictures")
        self._woken.set()

    async def _work(self, host_id: HostId) -> None:
        """One host's pictures, until none is wanted."""
        try:
            while any(ref.host_id == host_id for ref in self._wanted):
                ref = self._most_due(host_id)
                pause_s = await self._take(ref) if ref is not None else self._idle_s(host_id)
                await self._pause(pause_s, wake=ref is None)
        finally:
            self._working.discard(host_id)

    async def _pause(self, seconds: float, *, wake: bool) -> None:
        """wake: shorter if what is wanted changes meanwhile."""
        if not wake:
            await asyncio.sleep(seconds)
            return
        self._woken.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    def _most_due(self, host_id: HostId) -> DomainRef | None:
        """The first of those that have waited longest."""
        now_s = time.monotonic()
        due = [ref for ref in self._wanted if ref.host_id == host_id and self._due_s(ref) <= now_s]
        return min(due, key=self._due_s, default=None)

    def _due_s(self, ref: DomainRef) -> float:
        shown = self._shown[ref]
        return shown.due_s if shown.size in (None, self._size) else 0.0

    def _idle_s(self, host_id: HostId) -> float:
        next_s = min((self._due_s(ref) for ref in self._wanted if ref.host_id == host_id), default=0.0)
        return max(next_s - time.monotonic(), SHORTEST_S)

    async def _take(self, ref: DomainRef) -> float:
        """Gives how long to wait before this host's next one."""
        shown, began_s = self._shown[ref], time.monotonic()
        shown.size = self._size
        host = self._host(ref)
        if host is None:
            shown.due_s = began_s + AGE_S  # its host may be back then; this costs nothing
            return SHORTEST_S
        self.taken += 1
        try:
            _mime, data = await domains.screenshot(host.session, ref.uuid)
        except HostelryError:
            shown.due_s, shown.age_s = time.monotonic() + shown.age_s, min(shown.age_s * 2, NO_PICTURE_S)
            self.lacking.emit(ref)
            return SHORTEST_S
        took_s = time.monotonic() - began_s
        await self._show(ref, shown, data)
        shown.due_s = time.monotonic() + shown.age_s
        share = SHARE if host.session.is_local else FAR_SHARE
        return max(SHORTEST_S, took_s * (1 - share) / share)

    async def _show(self, ref: DomainRef, shown: Shown, data: bytes) -> None:
        """Decodes what differs from the last one, in a thread."""
        number = zlib.crc32(data) ^ hash((self._size.width(), self._size.height()))
        if number == shown.sum:
            shown.age_s = min(shown.age_s * 1.5, OLDEST_S)
            return
        shown.sum, shown.age_s = number, AGE_S
        image = await asyncio.to_thread(_small_on_thread, data, self._size)
        if image.isNull():
            self.lacking.emit(ref)
        elif ref in self._shown:
            self.came.emit(ref, image)

    def _host(self, ref: DomainRef) -> Host | None:
        host = next((host for host in self._ctx.hosts.hosts if host.id == ref.host_id), None)
        return host if host is not None and host.state is SessionState.CONNECTED else None


def _small_on_thread(data: bytes, size: QSize) -> QImage:
    image = QImage.fromData(data)
    if image.isNull():
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(size, keep, smooth).convertToFormat(QImage.Format.Format_RGB32)
