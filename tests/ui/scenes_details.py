"""Pictures of the settings: every page, dialog and state."""

from __future__ import annotations

from pathlib import Path

from app.devices.offers import Cell, Named, Offers
from app.xmldoc.document import Document
from tests.ui.details_world import open_details, row, session_of, type_into, view_of
from tests.ui.gallery import Studio, scene
from ui.details.dialogs.adding import AddDialog
from ui.details.dialogs.difference import DifferenceDialog
from ui.details.dialogs.pending import PendingDialog

EVERYTHING = Path(__file__).parents[1] / "data" / "domains" / "every-device.xml"
OFFERS = Offers(
    libvirt=(11, 0, 0),
    driver="QEMU",
    names={
        "networks": (
            Named("default", "default: NAT, active"),
            Named("a-very-long-name-of-a-network-at-the-far-end-of-the-house", ""),
        ),
        "usb": (Named("1", "Logitech receiver", "", "<vendor id='0x046d'/><product id='0xc52b'/>"),),
    },
    cells=(Cell(0, 64 << 20, tuple(range(16))), Cell(1, 64 << 20, tuple(range(16, 32)))),
    cpus=32,
)


@scene
async def details_pages(studio: Studio) -> None:
    """Each kind of page of the machine that has everything, alone."""
    view = view_of(session_of(EVERYTHING.read_text(encoding="utf-8"), OFFERS), studio.folder / "details")
    view.resize(980, 900)
    await view.load()
    view.show()
    seen: set[str] = set()
    for entry in view.list.entries.entries():
        if entry.description.id in seen:
            continue
        seen.add(entry.description.id)
        view.list.choose(entry.key)
        await studio.shoot(f"details-page-{entry.description.id}", view)
    view.end()
    view.hide()
    view.deleteLater()


@scene
async def details_window(studio: Studio) -> None:
    """In the main window: off, running, edited, wrong, searching, narrow."""
    world = studio.world
    view = await open_details(world, "desktop")
    await studio.shoot("details-off")
    view = await open_details(world, "fedora")
    world.window.resize(1500, 860)
    view.list.choose("memory")
    await studio.shoot("details-running")
    type_into(row(view, "memory").widget, "7 GiB")
    view.list.choose("vcpus")
    type_into(row(view, "vcpu").widget, "many")
    await studio.shoot("details-edited")
    view.drafts.clear()
    view.search.setText("boot")
    view.search.search()
    await studio.shoot("details-search", world.window, view.search.results)
    view.search.clear()
    world.window.resize(900, 700)
    await studio.shoot("details-narrow")
    view.session.revert()
    world.window.resize(1180, 760)


@scene
async def details_dialogs(studio: Studio) -> None:
    """Differences, what waits, new hardware."""
    text = EVERYTHING.read_text(encoding="utf-8")
    session = session_of(text, OFFERS, live=text)
    session.edit("x", lambda document: document.set("vcpu", "6"))
    session.edit("x", lambda document: document.set("title", "A machine with everything that there is"))
    dialog = DifferenceDialog(session)
    await studio.shoot_dialog("details-difference-words", dialog)
    dialog = DifferenceDialog(session)
    dialog.tabs.setCurrentIndex(1)
    dialog.text.beside.setChecked(True)
    await studio.shoot_dialog("details-difference-text", dialog)
    await studio.shoot_dialog("details-add", AddDialog(session))
    from app.editing.pending import pending_of

    session.pending = pending_of(Document.parse(text), session.document)
    await studio.shoot_dialog("details-pending", PendingDialog(session))


@scene
async def details_pinning(studio: Studio) -> None:
    """Processors pinned on two cells with hyper-threads."""
    siblings = tuple((number, number + 8) for number in range(8))
    cells = (
        Cell(0, 64 << 20, (0, 1, 2, 3, 8, 9, 10, 11), siblings[:4]),
        Cell(1, 64 << 20, (4, 5, 6, 7, 12, 13, 14, 15), siblings[4:]),
    )
    session = session_of(EVERYTHING.read_text(encoding="utf-8"), Offers(driver="QEMU", cells=cells, cpus=16))
    view = view_of(session, studio.folder / "details")
    view.resize(980, 800)
    await view.load()
    view.show()
    view.list.choose("cputune")
    await studio.shoot("details-pinning", view)
    view.list.choose("os")
    await studio.shoot("details-firmware", view)
    view.end()
    view.hide()
    view.deleteLater()
