"""The gallery's pictures of what lies over a console while files are dragged over it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint

from app.actions.file_channels import Ways, choose
from app.install.drives import Drive
from app.install.file_survey import Entry, Load
from app.virt.guest_agent import Agent
from tests.ui.gallery import Studio, scene
from ui.console.drop_files import DropFiles
from ui.windows.guest_page import GuestPage

AGENT = Agent("7.2", frozenset({"guest-file-open", "guest-file-write", "guest-file-close"}))
EMPTY, FULL = Drive("sda", "sata"), Drive("sdb", "sata", "/pool/debian-13-netinst.iso")
LONG = "minutes of the quarterly meeting of the Northern region, second draft with comments.odt"


def _load(*names: str, size: int = 5000, image: bool = False) -> Load:
    entries = tuple(Entry(Path("/home/user") / name, (name,), size) for name in names)
    return Load(tuple(entry.path for entry in entries), entries, image)


VERDICTS = {
    "agent": (_load(LONG), Ways(agent=AGENT)),
    "spice": (_load("a.txt", "b.txt", "c.txt"), Ways(spice=True)),
    "disc": (_load("a.txt", "b.txt", size=30 << 20), Ways(agent=AGENT, drives=(EMPTY,))),
    "image": (_load("fedora.iso", image=True), Ways(drives=(FULL,))),
    "drives": (_load("fedora.iso", image=True), Ways(drives=(EMPTY, FULL))),
    "nothing": (_load("a.txt"), Ways(can_add=False)),
}


@scene
async def drop_overlays(studio: Studio) -> None:
    studio.world.program.pages.open_machine(studio.world.ref("fedora"))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    console = page.console
    assert console is not None
    overlay = next(each for each in console.features if isinstance(each, DropFiles)).overlay
    overlay.wait(1)
    await studio.shoot("drop-looking", console)
    for name, (load, ways) in VERDICTS.items():
        overlay.say(choose(load, ways))
        overlay.point(QPoint(overlay.width() // 4, overlay.height() // 2))
        await studio.shoot(f"drop-{name}", console)
    overlay.hide()
