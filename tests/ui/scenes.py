"""The gallery's pictures."""

from __future__ import annotations

import asyncio

from app.actions.context import Notice, NoticeKind, Offer, Question
from app.errors import Busy, Disconnected
from app.jobs.job import Job
from app.settings.connections import SavedConnection
from tests.ui.gallery import Studio, scene
from tests.ui.program_world import until
from ui.dialogs.add_connection import AddConnectionDialog
from ui.dialogs.crash import CrashDialog
from ui.dialogs.error_dialog import ErrorDialog
from ui.dialogs.preferences import PreferencesDialog
from ui.dialogs.question_dialog import QuestionDialog
from ui.windows.guest_page import GuestPage
from ui.windows.host_page import HostPage
from ui.windows.page import PageKey


@scene
async def main_list(studio: Studio) -> None:
    world = studio.world
    await until(world.program.list.model.guests_shown)
    world.program.list.tree.select_refs([world.ref("fedora"), world.ref("gateway")])
    await asyncio.sleep(4)
    await studio.shoot("main-list")


@scene
async def main_filter(studio: Studio) -> None:
    pane = studio.world.program.list.pane
    pane.filter.setText("runner")
    await studio.shoot("main-filter")
    pane.filter.setText("no such machine")
    await studio.shoot("main-filter-nothing")
    pane.filter.clear()


@scene
async def main_menu(studio: Studio) -> None:
    program = studio.world.program
    await until(lambda: program.list.model.guests_shown() == len(studio.world.host.inventory.domains))
    program.list.tree.select_refs([studio.world.ref("fedora")])
    menu = program.actions.context_menu(studio.world.window)
    menu.ensurePolished()
    menu.adjustSize()
    await studio.shoot("context-menu", menu)
    await studio.shoot("host-menu", studio.world.window.host_menu)


@scene
async def guest_pages(studio: Studio) -> None:
    pages = studio.world.program.pages
    for name in ("database", "desktop", "fedora"):
        pages.open_machine(studio.world.ref(name))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("both")
    await studio.shoot("guest-both")
    page.set_view("overview")
    await studio.shoot("guest-overview")
    page.set_view("console")
    await studio.shoot("guest-console")
    pages.open_machine(studio.world.ref("database"))
    await studio.shoot("guest-long-name")
    pages.open_machine(studio.world.ref("desktop"))
    await studio.shoot("guest-off")


@scene
async def detached(studio: Studio) -> None:
    world = studio.world
    ref = world.ref("gateway")
    world.program.pages.open_machine(ref)
    world.program.pages.detach(PageKey(*ref))
    page = next(page for page in world.program.pages.all() if page.key == PageKey(*ref))
    await studio.shoot("guest-detached", page.window())
    world.program.pages.close(page.key)


@scene
async def host_page(studio: Studio) -> None:
    world = studio.world
    world.program.pages.open_host(world.host)
    await studio.shoot("host-connected")
    page = world.window.workspace.current()
    assert isinstance(page, HostPage)
    world.program.pages.close(page.key)


@scene
async def host_away(studio: Studio) -> None:
    world = studio.world
    host = world.hosts.add("qemu+tcp://127.0.0.1:9/system", label="A host that is away")
    world.program.connections.connect_host(host)
    await until(lambda: host.error is not None)
    world.program.pages.open_host(host)
    await studio.shoot("host-refused")
    world.window.workspace.show_home()
    await studio.shoot("main-host-refused")
    world.hosts.remove(host.id)


@scene
async def add_connection(studio: Studio) -> None:
    dialog = AddConnectionDialog(studio.world.window, [])
    for kind in ("system", "ssh", "custom"):
        dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
        dialog.show()
        await studio.shoot(f"add-connection-{kind}", dialog)
    dialog.deleteLater()


@scene
async def add_connection_tries(studio: Studio) -> None:
    edit = SavedConnection("qemu+tcp://127.0.0.1:9/system", "Laboratory")
    dialog = AddConnectionDialog(studio.world.window, [], edit=edit)
    dialog.show()
    await dialog.try_and_accept()
    await studio.shoot("add-connection-refused", dialog)
    dialog.try_line.begin("Connecting to qemu+tcp://127.0.0.1:9/system…")
    await studio.shoot("add-connection-trying", dialog)
    dialog.deleteLater()


@scene
async def preferences(studio: Studio) -> None:
    dialog = PreferencesDialog(studio.world.settings, studio.world.window)
    dialog.show()
    for row in range(dialog.groups.count()):
        dialog.groups.setCurrentRow(row)
        await studio.shoot(f"preferences-{row}", dialog)
    dialog.search.setText("console")
    await studio.shoot("preferences-search", dialog)
    dialog.deleteLater()


@scene
async def messages(studio: Studio) -> None:
    bar = studio.world.program.messages
    first = bar.add(Notice("The practice host is shown because this user may not use qemu:///system.", NoticeKind.OFFER,
                           "Add yourself to the “libvirt” group and log in again.", (Offer("a", "Start the service"), Offer("b", "Understood"))))
    second = bar.add(Notice("“fedora” stopped soon after its start.", NoticeKind.MACHINE_STOPPED))
    studio.world.window.workspace.show_home()
    await studio.shoot("main-messages")
    first.answer(None)
    second.answer(None)


@scene
async def tasks(studio: Studio) -> None:
    program = studio.world.program

    async def work(job: Job) -> str:
        job.report(0.4, "1.2 of 3 GB")
        await asyncio.sleep(60)
        return ""

    async def fail(_job: Job) -> str:
        raise Busy("Cannot start “fedora”.", why="Another machine uses its disk.", next_step="Shut it down first.", raw="lock")

    running = program.jobs.run("Upload fedora-workstation-42.iso to host2", work, subject="fedora-workstation-42.iso")
    program.jobs.run("Start “fedora”", fail, subject="fedora")
    program.tasks.set_open(True)
    await studio.shoot("main-tasks")
    program.tasks.set_open(False)
    program.jobs.cancel(running)


@scene
async def questions(studio: Studio) -> None:
    question = Question("Force off", "Force off “database”?", "Force off", detail="It is like pulling the plug.", danger=True,
                        items=("database", "gateway"), remember="confirm-force-off")
    await studio.shoot_dialog("question", QuestionDialog(question, studio.world.window))
    error = Disconnected("Cannot connect to “host2”.", why="The host answers, but nothing listens on that port.",
                         next_step="Check that the libvirt service runs there.", raw="Connection refused")
    await studio.shoot_dialog("error", ErrorDialog(error, (), studio.world.window))
    await studio.shoot_dialog("crash", CrashDialog("Traceback (most recent call last):\nValueError: odd"))


@scene
async def wizard(studio: Studio) -> None:
    from ui.wizard.new_machine import NewMachineDialog

    dialog = NewMachineDialog(studio.world.program.ctx, studio.world.host, None, studio.world.window)
    dialog.open()
    await asyncio.sleep(1)
    await studio.shoot("new-machine", dialog)
    dialog.close()


@scene
async def no_hosts(studio: Studio) -> None:
    world = studio.world
    for page in list(world.program.pages.all()):
        world.program.pages.close(page.key)
    for host in list(world.hosts.hosts):
        world.hosts.remove(host.id)
    await studio.shoot("main-no-hosts")
