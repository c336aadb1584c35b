"""The gallery's pictures of SPICE's own: another viewer took the screen, a further monitor, the choice of protocol."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QMenu

from app.console.graphics import GraphicsInfo
from app.console.spice import problems
from tests.ui.gallery import Studio, scene
from ui.console.console_bar import BarMenu
from ui.console.console_view import ConsoleView
from ui.console.monitors import SeveralMonitors
from ui.console.protocol_choice import ProtocolChoice
from ui.windows.guest_page import GuestPage


@scene
async def spice_console(studio: Studio) -> None:
    studio.world.program.pages.open_machine(studio.world.ref("fedora"))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    console = page.console
    assert console is not None
    while console.connector.problem is None:  # noqa: ASYNC110 - the practice host has no screens
        await asyncio.sleep(0.05)
    console.connector.problem = problems.taken_over()
    console.refresh()
    await studio.shoot("spice-taken-over", console)
    console.connector.problem = problems.library_ended("SIGABRT")
    console.refresh()
    await studio.shoot("spice-library-ended", console)
    several = next(each for each in console.features if isinstance(each, SeveralMonitors))
    several.open(1)
    await studio.shoot("spice-monitor-beside", page)
    await _menus(studio, console, several)
    page.panes.end()


async def _menus(studio: Studio, console: ConsoleView, several: SeveralMonitors) -> None:
    console.choice.learn([GraphicsInfo(0, "spice"), GraphicsInfo(1, "vnc")])
    choice = next(each for each in console.features if isinstance(each, ProtocolChoice))
    size = console.bar.menus[BarMenu.SIZE]
    size.popup(console.mapToGlobal(console.rect().center()))
    await studio.shoot("spice-size-menu", size)
    size.hide()
    for name, fill in (("monitors", several.fill), ("protocols", choice.fill)):
        menu = QMenu(console)
        fill(menu)
        menu.popup(console.mapToGlobal(console.rect().center()))
        await studio.shoot(f"spice-{name}", menu)
        menu.hide()
        menu.deleteLater()
