"""Files into the guest by its agent, which puts them where its user's downloads are."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.console.protocols import Opening
from app.console.spice import file_problems
from app.console.spice.agent import AgentPart
from app.console.spice.kinds import Capability
from app.console.spice.reason import Reason

Progress = Callable[[int, int], None]
"""Bytes that were sent, and all."""


@dataclass
class _Transfer:
    path: Path
    progress: Progress
    done: asyncio.Future[None]
    told: tuple[int, int] = (0, 0)

    def tell(self, done: int, total: int) -> None:
        """Progress, once for each state."""
        if (done, total) != self.told:
            self.told = done, total
            self.progress(done, total)


class FilesPart(AgentPart):
    """``capabilities.FileTransfer``.  The library's process reads the file."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._transfers: dict[int, _Transfer] = {}
        self._transfer_numbers = itertools.count(1)
        self.agent.changed.connect(self._files_told)
        self.connection.on("file_progress", self._on_progress)
        self.connection.on("file_ended", self._on_file_ended)
        self._files_end = self.connection.ended.connect(self._break_off)

    async def send_file(self, path: Path, progress: Progress) -> None:
        """Sends one file; cancelled, it is taken away again in the guest.  Raises HostelryError."""
        await asyncio.to_thread(file_problems.demand_readable, path)
        if not self.agent.present:
            raise file_problems.no_agent(path.name)
        if self.agent.can(Capability.FILE_XFER_DISABLED):
            raise file_problems.not_allowed(path.name)
        number = next(self._transfer_numbers)
        transfer = self._transfers[number] = _Transfer(path, progress, asyncio.get_running_loop().create_future())
        self.connection.tell("file", number, payload=os.fsencode(path))
        try:
            await transfer.done
        except asyncio.CancelledError:
            self.connection.tell("file_stop", number)
            raise
        finally:
            del self._transfers[number]

    def _files_told(self) -> None:
        able = self.agent.present and not self.agent.can(Capability.FILE_XFER_DISABLED)
        if able != self.features.files:
            self.offer(files=able)

    def _on_progress(self, number: int, done: int, total: int) -> None:
        transfer = self._transfers.get(number)
        if transfer is not None and not transfer.done.done() and 0 <= done <= total:
            transfer.tell(done, total)

    def _on_file_ended(self, number: int, arrived: bool, domain: str, code: int, message: str) -> None:
        transfer = self._transfers.get(number)
        if transfer is None or transfer.done.done():
            return
        if arrived:
            total = transfer.told[1]
            transfer.tell(total, total)  # the library may tell the end before the last piece
            transfer.done.set_result(None)
        else:
            transfer.done.set_exception(file_problems.explain(Reason(domain, code, message), transfer.path.name))

    def _break_off(self, _error: object) -> None:
        for transfer in self._transfers.values():
            if not transfer.done.done():
                transfer.done.set_exception(file_problems.connection_lost(transfer.path.name))
