"""The gallery's pictures of a machine's page: every sentence that may stand in place of its screen."""

from __future__ import annotations

from dataclasses import replace

from app.console.graphics import NoGraphics
from app.errors import AuthFailed, Disconnected
from app.model.records import DomainRecord, DomainState
from tests.ui.gallery import Studio, scene
from ui.console.situation import Facts, situation
from ui.windows.guest_page import GuestPage

UP = DomainRecord("u", "fedora", id=1, state=DomainState.RUNNING)
AWAY = Disconnected("The connection to “host2” was lost.", why="The host does not answer.", next_step="Check the network.")
CLOSED = Disconnected("The connection to the machine's screen was lost.", why="The server closed it.")
WRONG = AuthFailed("The password was not accepted.", why="The password is wrong.")

SITUATIONS = {
    "off": Facts(record=replace(UP, id=-1, state=DomainState.SHUTOFF)),
    "saved": Facts(record=replace(UP, id=-1, state=DomainState.SHUTOFF, managed_save=True)),
    "crashed": Facts(record=replace(UP, id=-1, state=DomainState.CRASHED)),
    "paused": Facts(record=replace(UP, state=DomainState.PAUSED, reason=1)),
    "paused-disk-full": Facts(record=replace(UP, state=DomainState.PAUSED, reason=5)),
    "asleep": Facts(record=replace(UP, state=DomainState.PMSUSPENDED)),
    "guest-crashed": Facts(record=replace(UP, state=DomainState.CRASHED)),
    "kvm-failed": Facts(
        record=replace(UP, state=DomainState.PAUSED),
        kvm_failure="This computer's KVM works without processor virtualisation, and operating systems do not start on it.",
    ),
    "password": Facts(record=UP, asks=True),
    "password-wrong": Facts(record=UP, problem=WRONG),
    "waiting": Facts(record=UP),
    "lost": Facts(record=UP, problem=CLOSED),
    "no-screen": Facts(record=UP, problem=NoGraphics("This machine has no screen.", next_step="Add a graphics device to it.")),
    "gone": Facts(record=None),
    "host-away": Facts(host_up=False, host_error=AWAY),
    "host-connecting": Facts(host_up=False, host_trying=True, host_error=AWAY),
}


@scene
async def console_states(studio: Studio) -> None:
    page = _page(studio)
    console = page.console
    assert console is not None
    for name, facts in SITUATIONS.items():
        console.cover.say(situation(facts))
        await studio.shoot(f"console-{name}", console)


@scene
async def console_bar(studio: Studio) -> None:
    page = _page(studio)
    console = page.console
    assert console is not None
    bar = console.bar
    bar.set_live(True)
    for width in (1000, 640, 380):
        for name, captured, pointer in (("free", False, False), ("keyboard", True, False), ("pointer", True, True)):
            bar.show_capture(captured, pointer, "Ctrl+Alt")
            bar.resize(width, bar.height())
            await studio.shoot(f"bar-{width}-{name}", bar)
    for name, button in (("keys", bar.keys_button), ("size", bar.scale_button), ("picture", bar.shot_button)):
        menu = button.menu()
        menu.adjustSize()
        await studio.shoot(f"menu-{name}", menu)


@scene
async def small_window(studio: Studio) -> None:
    page, window = _page(studio), studio.world.window
    size = window.size()
    window.resize(1024, 700)
    for view in ("console", "both", "overview"):
        page.set_view(view)
        await studio.shoot(f"small-{view}")
    page.set_view("console")
    studio.world.window.workspace.show_home()
    await studio.shoot("small-list")
    window.resize(size)


def _page(studio: Studio) -> GuestPage:
    studio.world.program.pages.open_machine(studio.world.ref("fedora"))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    return page
