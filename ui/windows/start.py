"""From the first paint to the whole program: the list first, then everything else.

The list is what the user waits for, so that it is made from few modules; menus' actions, pages, dialogs
and the task panel are imported in a thread meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.errors import HostelryError
from ui import aio
from ui.crash import display_gone, watch_tasks
from ui.windows.ending import Ending
from ui.windows.list_control import ListControl
from ui.windows.postponed import Postponed

if TYPE_CHECKING:
    from app.hosts.host import Host
    from app.settings.store import Settings
    from ui.commandline import Wishes
    from ui.early import EarlySessions
    from ui.windows.main_window import MainWindow
    from ui.windows.program import Program

LIST_FIRST_S = 1.5
"""How long the rest waits for the list; a slow host must not keep the menus away."""

GONE_S = 10.0
"""How long the end may take when the display is gone: connections are given two seconds, jobs what stopping them takes."""


def run(app: QApplication, window: MainWindow, settings: Settings, wishes: Wishes, early: EarlySessions) -> int:
    """The window is painted; runs everything else until it is closed."""
    loop = aio.make_loop(app)
    watch_tasks()
    asked = asyncio.Event()
    with loop:
        live = aio.begin(loop, _live(window, settings, wishes, early, asked))
        if aio.run(loop, live):
            return live.result()
        display_gone()
        asked.set()
        aio.run_on(loop, live, GONE_S)
    return 1


async def _live(window: MainWindow, settings: Settings, wishes: Wishes, early: EarlySessions, asked: asyncio.Event) -> int:
    """Until the window is closed for good, or ``asked`` is set."""
    ending = Ending(window, asked.set)
    hosts = early.result()
    shown = ListControl(hosts, settings, window)
    early_deeds = _postpone(window, shown)
    for host in hosts.hosts:
        if host.autoconnect:
            aio.spawn(_connect(host), window, name=f"connect {host.uri}")
    program = await _rest(window, settings, shown, early)
    aio.spawn(_end_when(asked, program), program, name="end by a signal")
    early_deeds.release()
    try:
        await program.live(wishes, early)
    finally:
        await program.end()
        ending.stop()
    return 0


def _postpone(window: MainWindow, shown: ListControl) -> Postponed:
    """A file may be dropped, or a machine opened, while menus and pages are still being imported."""
    actions = (window.new_machine, window.add_connection, window.preferences)
    return Postponed(
        window,
        window.close_wanted,
        window.files_dropped,
        shown.files_dropped,
        shown.open_machine,
        shown.open_host,
        *(action.triggered for action in actions),
    )


async def _end_when(asked: asyncio.Event, program: Program) -> None:
    await asked.wait()
    program.close_now()


async def _rest(window: MainWindow, settings: Settings, shown: ListControl, early: EarlySessions) -> Program:
    """Imports what is left in a thread, once the list is painted."""
    painted = asyncio.Event()
    listening = shown.tree.first_painted.connect(lambda _rows: painted.set())
    if any(host.autoconnect for host in early.result().hosts):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), LIST_FIRST_S)
    shown.tree.first_painted.disconnect(listening)
    await asyncio.to_thread(importlib.import_module, "ui.windows.program")
    from ui.windows.program import Program  # noqa: PLC0415

    program = Program(window, settings, early.result(), shown)
    early.asker.ui = program.ui
    return program


async def _connect(host: Host) -> None:
    """Why it failed is shown where the host is shown."""
    try:
        await host.connect()
    except HostelryError:
        return
