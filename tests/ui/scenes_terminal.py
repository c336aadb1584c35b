"""The gallery's pictures of serial consoles: the terminal, its bar, menus, search, and every sentence below it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.console.text.devices import parse_devices
from app.errors import Unsupported
from app.model.records import DomainRecord, DomainState
from app.virt.text_stream import ConsoleTaken
from tests.ui.gallery import Studio, scene
from ui.console.situation import Facts, Situation, situation
from ui.console.terminal.line import LineState
from ui.console.terminal.text_consoles import TextConsoles
from ui.console.terminal.text_view import TextView
from ui.windows.guest_page import GuestPage

XML = """<domain><devices>
<serial type='pty'><target port='0'/><alias name='serial0'/></serial>
<serial type='file'><source path='/var/log/libvirt/fedora-com2.log'/><target port='1'/></serial>
<console type='pty'><target type='virtio' port='1'/><alias name='console1'/></console>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
</devices></domain>"""

UP = DomainRecord("u", "fedora", id=1, state=DomainState.RUNNING)
OFF = replace(UP, id=-1, state=DomainState.SHUTOFF)


def demo() -> bytes:
    """Every attribute and kind of colour, frames, wide and combined characters."""
    palette = "".join(f"\x1b[3{n}m text {n}\x1b[1m bold\x1b[0m" for n in range(8))
    behind = "".join(f"\x1b[4{n}m  {n}  \x1b[0m" for n in range(8)) + "".join(f"\x1b[10{n}m  {n}  \x1b[0m" for n in range(8))
    cube = "".join(f"\x1b[48;5;{n}m " for n in range(16, 88)) + "\x1b[0m"
    ramp = "".join(f"\x1b[48;2;{n * 3};{255 - n * 3};128m " for n in range(80)) + "\x1b[0m"
    words = "\x1b[1mbold\x1b[0m \x1b[2mfaint\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munder\x1b[0m \x1b[21mdouble\x1b[0m \x1b[9mstrike\x1b[0m"
    frame = "\x1b(0lqqqqwqqqqk\r\nx    x    x\r\nmqqqqvqqqqj\x1b(B  fi -> != ===   ┌─┬─┐ █▓▒░ ←↑→↓"
    wide = "中文字 こんにちは Кириллица ελληνικά cafe\u0301 |end|   https://example.org/path?x=1"
    return "\r\n".join((words, palette, behind, cube, ramp, frame, wide, "root@fedora:~# ")).encode()


@scene
async def terminal(studio: Studio) -> None:
    text = await _text(studio)
    await studio.shoot("terminal")
    text.find_bar.edit.setText("text")
    text.open_find()
    await studio.shoot("terminal-find")
    text.find_bar.edit.setText("nowhere")
    await studio.shoot("terminal-find-nothing", text.find_bar)
    text.find_bar.close_bar()
    text.terminal.select_all()
    await studio.shoot("terminal-selected", text.terminal)
    text.terminal.selecting.selection = None
    text.bar.more.adjustSize()
    await studio.shoot("terminal-menu", text.bar.more)
    feature = _feature(studio)
    menu = next(iter(feature._buttons)).menu()
    feature._fill(menu)
    menu.adjustSize()
    await studio.shoot("terminal-chooser", menu)


@scene
async def terminal_states(studio: Studio) -> None:
    text = await _text(studio)
    taken = ConsoleTaken("Another program has this console open.", next_step="Close it there, or take it over.")
    refused = Unsupported("Cannot open the machine's text console.", why="The host's libvirt opens the type “pty” only.")
    live = Situation(live=True)
    for name, standing, state, problem in (
        ("off", situation(Facts(record=OFF)), LineState.OFF, None),
        ("connecting", live, LineState.CONNECTING, None),
        ("taken", live, LineState.TAKEN, taken),
        ("failed", live, LineState.FAILED, refused),
        ("host-away", situation(Facts(host_up=False)), LineState.OFF, None),
        ("live", live, LineState.OPEN, None),
    ):
        text._standing, text.line.state, text.line.problem = standing, state, problem
        text._show_state()
        await studio.shoot(f"terminal-state-{name}", text)
    _feature(studio).show_device("screen")
    await studio.shoot("terminal-back-on-screen")


def _feature(studio: Studio) -> TextConsoles:
    studio.world.program.pages.open_machine(studio.world.ref("fedora"))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    assert page.console is not None
    return next(feature for feature in page.console.features if isinstance(feature, TextConsoles))


async def _text(studio: Studio) -> TextView:
    feature = _feature(studio)
    await asyncio.sleep(0.5)  # the practice host has been asked, and has no consoles
    feature._known_for = None
    feature.devices = parse_devices(XML)
    feature._show_choosers()
    feature.show_device("serial0", remember=False)
    text = feature.views["serial0"]
    text.line.end()
    text.line.state, text._standing = LineState.OPEN, Situation(live=True)
    text._show_state()
    text.clear()
    text.console.received(demo())
    return text
