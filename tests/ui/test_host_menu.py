"""The host menu: about the selected host, or the host of the selected machine."""

from __future__ import annotations

from pathlib import Path

from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.windows.host_page import HostPage


def test_the_menu_of_a_hosts_row_opens_its_page(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            tree = world.program.list.tree
            tree.setCurrentIndex(tree.model().index(0, 0))
            menu = world.program.actions.context_menu(world.window)
            texts = [action.text().replace("&", "") for action in menu.actions() if action.isEnabled()]
            assert texts[0] == "Open the host's page" and texts[-1] == "Remove from the list…"
            menu.actions()[0].trigger()
            assert isinstance(world.window.workspace.current(), HostPage)

    run(story())


def test_the_host_menu_is_about_the_host_of_the_selected_machine(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            world.program.pages.open_machine(world.ref("fedora"))
            actions = world.program.actions
            actions.refresh()
            assert actions.qaction("host.disconnect").isEnabled()
            actions.qaction("host.disconnect").trigger()
            await until(lambda: world.host.state.name == "DISCONNECTED")

    run(story())
