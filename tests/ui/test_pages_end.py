"""A closed page is gone, with its console's picture."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_main_window import open_page


def test_nothing_holds_a_closed_page(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, world.host.inventory.domains[next(iter(world.host.inventory.domains))].name)
            assert page.console is not None
            parts: list[weakref.ref[QWidget]] = [weakref.ref(page), weakref.ref(page.overview), weakref.ref(page.console)]
            key = page.key
            del page
            world.program.pages.close(key)
            await until(lambda: gc.collect() is not None and not any(part() for part in parts))

    run(story())
