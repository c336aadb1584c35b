"""A machine's overview follows the machine."""

from __future__ import annotations

from pathlib import Path

from app.jobs.job import Job
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.windows.guest_page import GuestPage


def test_the_overview_reads_the_drives_again_after_a_task(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            world.program.pages.open_machine(world.ref("fedora"))
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            page.set_view("overview")
            drives = page.overview.devices
            await until(lambda: "fedora.qcow2" in drives.value("drive0"))
            drives.put("drive0", "", "as before the task")

            async def change(_job: Job) -> str:
                return "the medium was changed"

            world.program.jobs.run("Insert a medium", change, subject="fedora", host_id=world.host.id)
            await until(lambda: "fedora.qcow2" in drives.value("drive0"))

    run(story())
