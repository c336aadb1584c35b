"""Files into the guest by its agent, which puts them where its user's downloads are.

The library reads the file and sends it in pieces, as fast as the agent takes them.  Source: spice-gtk 0.42, "file-copy" of its
main channel, whose errors are sentences without a code of their own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.console.spice import wire
from app.console.spice.worker import glib
from app.console.spice.worker.agent import Agent

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection
    from app.console.spice.worker.line import Line

TELL_S = 0.05
"""Progress is told no oftener."""


class Files:
    """Transfers by the program's numbers."""

    def __init__(self, connection: Connection, agent: Agent) -> None:
        self._line, self._agent = connection.line, agent
        self._transfers: dict[int, _Transfer] = {}
        self._line.on("file", self._begin)
        self._line.on("file_stop", self._stop)

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        for transfer in self._transfers.values():
            transfer.stop()
        self._transfers = {}

    def _begin(self, number: int, path: bytes) -> None:
        self._transfers[number] = _Transfer(self._line, number, os.fsdecode(path), lambda: self._transfers.pop(number, None))
        self._transfers[number].begin(self._agent.main)

    def _stop(self, number: int) -> None:
        transfer = self._transfers.get(number)
        if transfer is not None:
            transfer.stop()


class _Transfer:
    """One file on its way."""

    def __init__(self, line: Line, number: int, path: str, over: Callable[[], object]) -> None:
        self._line, self._number, self._over = line, number, over
        self._ends: list[Callable[[], None]] = []
        self._told = 0.0
        self._file, self._cancel = glib.gio().File.new_for_path(path), glib.gio().Cancellable()

    def begin(self, main: Any) -> None:
        """Until ``file_ended`` is told."""
        self._ends.append(glib.connect(main, "new-file-transfer", self._on_task))
        main.file_copy_async([self._file], 0, self._cancel, None, None, self._on_end)

    def stop(self) -> None:
        """The agent takes away what it has."""
        self._cancel.cancel()

    def _end(self, error: Any) -> None:
        """Once: the first reason counts."""
        if not self._ends:
            return
        ends, self._ends = self._ends, []
        for end in ends:
            end()
        self._over()
        self._line.tell("file_ended", self._number, error is None, *reason(error))

    def _on_task(self, _main: Any, task: Any) -> None:
        """The library's task of this file: others have their own."""
        if task.props.file.equal(self._file):
            self._ends += [
                glib.connect(task, "notify::progress", lambda task, _property: self._tell(task)),
                glib.connect(task, "finished", self._on_finished),
            ]

    def _tell(self, task: Any, *, last: bool = False) -> None:
        now = time.monotonic()
        if self._ends and (last or now - self._told >= TELL_S):
            self._told = now
            self._line.tell("file_progress", self._number, int(task.get_transferred_bytes()), int(task.get_total_bytes()))

    def _on_finished(self, task: Any, error: Any) -> None:
        """Here is the reason; the end of the whole only counts files."""
        if error is None:
            self._tell(task, last=True)
        else:
            self._end(error)

    def _on_end(self, main: Any, result: Any, _data: object = None) -> None:
        try:
            main.file_copy_finish(result)
        except glib.error() as error:
            _send_what_waits(main)
            glib.later(0, lambda error=error: self._end(error))  # type: ignore[misc]  # the reason comes a moment later
        else:
            self._end(None)


def reason(error: Any) -> tuple[str, int, str]:
    """Domain, code and words of the library's error; empty for none."""
    return ("", 0, "") if error is None else (wire.short(error.domain), int(error.code), wire.short(error.message))


def _send_what_waits(main: Any) -> None:
    """That a file was given up waits in the library (0.42) until something else is sent; until then the guest keeps the file."""
    usual = main.props.max_clipboard
    main.props.max_clipboard = usual + 1  # the same value would not be sent
    main.props.max_clipboard = usual
