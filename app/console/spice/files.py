"""Files into the guest by its agent, which puts them where its user's downloads are.

The library reads the file and sends it in pieces, as fast as the agent takes them.  Source: spice-gtk 0.42, "file-copy" of its
main channel, whose errors are sentences without a code of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.console.protocols import Opening
from app.console.spice import file_problems, glib
from app.console.spice.agent import AgentPart, Capability
from app.errors import HostelryError

Progress = Callable[[int, int], None]
"""Bytes that were sent, and all."""


class FilesPart(AgentPart):
    """``capabilities.FileTransfer``."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.agent.changed.connect(self._files_told)
        self._transfers: set[_Transfer] = set()
        self.connection.ended.connect(lambda _error: self._break_off())

    async def send_file(self, path: Path, progress: Progress) -> None:
        """Sends one file; cancelled, it is taken away again in the guest.  Raises HostelryError."""
        await asyncio.to_thread(file_problems.demand_readable, path)
        if not self.agent.present:
            raise file_problems.no_agent(path.name)
        if self.agent.can(Capability.FILE_XFER_DISABLED):
            raise file_problems.not_allowed(path.name)
        transfer = _Transfer(self.agent.main, path, progress)
        self._transfers.add(transfer)
        try:
            await transfer.run()
        finally:
            self._transfers.discard(transfer)

    def _files_told(self) -> None:
        able = self.agent.present and not self.agent.can(Capability.FILE_XFER_DISABLED)
        if able != self.features.files:
            self.offer(files=able)

    def _break_off(self) -> None:
        for transfer in list(self._transfers):
            transfer.fail(file_problems.connection_lost(transfer.path.name))


class _Transfer:
    """One file on its way."""

    def __init__(self, main: Any, path: Path, progress: Progress) -> None:
        self.path = path
        self._main, self._progress = main, progress
        self._ends: list[Callable[[], None]] = []
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gio = glib.gio()
        self._file, self._cancel = gio.File.new_for_path(str(path)), gio.Cancellable()

    async def run(self) -> None:
        """To its end."""
        self._ends.append(glib.connect(self._main, "new-file-transfer", self._on_task))
        self._main.file_copy_async([self._file], 0, self._cancel, None, None, self._on_end)
        try:
            await self._done
        finally:
            self._cancel.cancel()
            for end in self._ends:
                end()

    def fail(self, error: HostelryError) -> None:
        """Ends it."""
        if not self._done.done():
            self._done.set_exception(error)

    def _on_task(self, _main: Any, task: Any) -> None:
        """The library's task of this file: others have their own."""
        if task.props.file.equal(self._file):
            self._ends += [
                glib.connect(task, "notify::progress", lambda task, _property: self._tell(task)),
                glib.connect(task, "finished", lambda _task, error: self._on_finished(error)),
            ]

    def _tell(self, task: Any) -> None:
        if not self._done.done():
            self._progress(task.get_transferred_bytes(), task.get_total_bytes())

    def _on_finished(self, error: Any) -> None:
        """Here is the reason; the end of the whole only counts files."""
        if error is not None:
            self.fail(file_problems.explain(error, self.path.name))

    def _on_end(self, main: Any, result: Any, _data: object = None) -> None:
        try:
            main.file_copy_finish(result)
        except glib.error() as error:
            _send_what_waits(main)
            if not self._done.done():  # the reason comes a moment later
                self._done.get_loop().call_soon(self.fail, file_problems.explain(error, self.path.name))
        else:
            if not self._done.done():
                self._done.set_result(None)


def _send_what_waits(main: Any) -> None:
    """That a file was given up waits in the library (0.42) until something else is sent; until then the guest keeps the file."""
    usual = main.props.max_clipboard
    main.props.max_clipboard = usual + 1  # the same value would not be sent
    main.props.max_clipboard = usual
