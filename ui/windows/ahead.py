"""Imports what the user will open next, in a thread, before it is asked for.

A machine's page with its console takes about 70 ms to import, which would hold up the window when the first one is
opened.  Done after the start, in steps with pauses, as Python code in a thread makes the window slower meanwhile.
"""

from __future__ import annotations

import asyncio
import importlib

from ui import lean
from ui.garbage import Garbage

PAGES = (
    "app.model.definition",
    "ui.widgets.media_menu",
    "ui.windows.guest_page",
    "app.console.graphics",
    "app.console.client",
    "app.console.vnc.client",
    "app.console.spice.client",
    "ui.console.situation",
    "ui.console.connector",
    "ui.console.console_bar",
    "ui.console.display_widget",
    "ui.console.full_screen_control",
    "ui.console.drop_files",
    "ui.console.soft_keyboards",
    "ui.console.typing",
    "app.console.text.emulator",
    "app.console.text.console",
    "ui.console.terminal.terminal_widget",
    "ui.console.terminal.text_view",
    "ui.console.terminal.text_consoles",
    "ui.console.features",
    "ui.console.console_view",
)
"""From the bottom up, so that each step is short."""

DIALOGS = (
    "app.devices.catalogue",
    "app.editing.session",
    "app.devices.searching",
    "ui.details.form",
    "ui.details.view",
    "ui.windows.host_page",
    "ui.dialogs.preferences",
    "app.install.check",
    "ui.wizard.form",
    "ui.wizard.medium_card",
    "ui.wizard.new_machine",
    "ui.widgets.drop",
    "ui.windows.wall_page",
)

SETTLE_S = 1.0
PAUSE_S = 0.1


async def pages() -> None:
    """At once: what a machine's page needs."""
    for name in PAGES:
        await asyncio.to_thread(importlib.import_module, name)


async def everything() -> None:
    """After the start has settled, with pauses."""
    await asyncio.sleep(SETTLE_S)
    for name in (*PAGES, *DIALOGS):
        await asyncio.to_thread(importlib.import_module, name)
        await asyncio.sleep(PAUSE_S)
    Garbage.settle()
    lean.return_memory()
