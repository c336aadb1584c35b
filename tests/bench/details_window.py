"""Opening the settings in the program's window, from the click until they are painted, with what libvirt is asked in between."""

from __future__ import annotations

import asyncio
import cProfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from app.devices.lookup import devices
from app.model.records import DomainRef
from app.virt import domains
from app.virt.binding import libvirt
from app.xmldoc.document import Document
from tests.bench.list_view import Line
from tests.ui.program_world import ProgramWorld, until
from ui.windows.guest_page import GuestPage

CLOCKS = (time.perf_counter, time.process_time, time.thread_time)

SETTLE_S = 0.6
"""Nothing else of the program works any more after this."""


class FirstPaint(QObject):
    """When the page of the settings was painted for the first time, with everything that is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.done = asyncio.get_running_loop().create_future()

    def watch(self, widget: QWidget) -> None:
        """Paint events of one widget."""
        widget.installEventFilter(self)
        widget.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Children are painted after their parent, in the same turn of the loop: the callback comes after them all."""
        if event.type() == QEvent.Type.Paint and not self.done.done():
            watched.removeEventFilter(self)
            self.done.set_result(None)
        return False


BARE = "<domain type='test'><name>x</name><memory>1</memory><os><type arch='x86_64'>hvm</type></os><devices/></domain>"


def for_practice(text: str) -> tuple[str, int, int]:
    """The machine as libvirt's test driver takes it; how many of its devices that are, and of how many."""
    source, document = Document.parse(text), Document.parse(BARE)
    for path in ("name", "memory"):
        document.set(path, source.get(path))
    connection = libvirt.open("test:///default")

    def take(xml: str, parent: str) -> bool:
        added = document.insert(xml, parent)
        try:
            connection.defineXML(document.to_text())
        except libvirt.libvirtError:
            document.remove_element(added)
            return False
        return True

    for child in source.root:
        if isinstance(child.tag, str) and not child.tag.startswith("{") and document.find(child.tag) is None:
            take(source.fragment(child), "")
    taken = sum(take(source.fragment(element), "devices") for element in devices(source))
    connection.close()
    return document.to_text(), taken, len(devices(source))


async def measure(folder: Path, text: str, rounds: int, bar_ms: float, profile: cProfile.Profile | None = None) -> list[Line]:
    """Wall clock and the process's own time; the first time of a run is apart, as it imports and asks the host what it has."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    xml, taken, count = for_practice(text)
    async with ProgramWorld(folder) as world:
        uuid = await domains.define(world.host.session, xml, validate=False)
        ref = DomainRef(world.host.id, uuid)
        await until(lambda: uuid in world.host.inventory.domains)
        world.window.resize(1400, 900)
        spent: list[tuple[float, ...]] = []
        for number in range(rounds + 1):
            spent.append(await _once(world, ref, profile if number else None))
    wall, process, thread = (list(values) for values in zip(*spent, strict=True))
    return [
        Line(f"settings in the window, {taken} of {count} devices", wall[1:], bar_ms),
        Line("  own time of the process, with its threads", process[1:], bar_ms),
        Line("  own time of the UI thread", thread[1:], bar_ms),
        Line("  by wall clock, the first time in a run", wall[:1], 5 * bar_ms),
    ]


async def _once(world: ProgramWorld, ref: DomainRef, profile: cProfile.Profile | None) -> tuple[float, ...]:
    world.program.pages.open_machine(ref)
    page = world.window.workspace.current()
    assert isinstance(page, GuestPage)
    await asyncio.sleep(SETTLE_S)
    world.program.actions.refresh()
    click = world.program.actions.qaction("domain.settings")
    assert click.isEnabled()
    if profile is not None:
        profile.enable()
    began = [clock() for clock in CLOCKS]
    click.trigger()
    await until(lambda: page.details is not None)
    view = page.details
    assert view is not None
    painted = FirstPaint()
    view.ready.connect(lambda: painted.watch(view.pages.form.content) if view.pages.form is not None else None)
    await painted.done
    spent = tuple((clock() - start) * 1e3 for clock, start in zip(CLOCKS, began, strict=True))
    if profile is not None:
        profile.disable()
    await asyncio.sleep(SETTLE_S)
    world.window.workspace.close_index(world.window.workspace.bar.currentIndex())
    await asyncio.sleep(SETTLE_S / 2)
    return spent
