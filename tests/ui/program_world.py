"""The whole program on a practice host, with files of its own; for tests and the gallery."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.model.records import DomainRef
from app.settings.store import Settings
from tests.ui.practice import MACHINES, write_host
from ui import aio
from ui.windows.list_control import ListControl
from ui.windows.list_pane import ListPane
from ui.windows.main_window import MainWindow
from ui.windows.program import Program

WAIT_S = 20.0


async def until(true: Callable[[], object], what: str = "") -> None:
    """Waits for something that a user would see; fails after a long while."""
    async with asyncio.timeout(WAIT_S):
        while not true():  # noqa: ASYNC110 (what is waited for has no event of its own)
            await asyncio.sleep(0.01)


class ProgramWorld:
    """``async with ProgramWorld(folder) as world``: connected, list shown."""

    def __init__(self, folder: Path, machines: tuple[tuple[str, str], ...] = MACHINES, *, hosts: bool = True) -> None:
        self.uri = write_host(folder / "practice.xml", machines)
        self.settings = Settings(folder / "config", folder / "state")
        self.problems: list[BaseException] = []
        self._with_hosts = hosts

    async def __aenter__(self) -> ProgramWorld:
        self.hosts = HostList()
        self.window = MainWindow(self.settings, ListPane())
        self.window.show()
        self.program = Program(self.window, self.settings, self.hosts, ListControl(self.hosts, self.settings, self.window))
        aio.report_to(lambda problem, _where: self.problems.append(problem))
        if self._with_hosts:
            host = self.hosts.add(self.uri, label="Practice host")
            await host.connect()
            await until(lambda: host.inventory.domains)
            await until(lambda: host.record is not None)
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None) -> None:
        await self.program.end()
        self.window.hide()
        self.window.deleteLater()
        await asyncio.sleep(0)
        if problem is None and self.problems:
            raise self.problems[0]

    @property
    def host(self) -> Host:
        """The first host."""
        return self.hosts.hosts[0]

    def ref(self, name: str) -> DomainRef:
        """A machine of the first host by its name's beginning."""
        return next(DomainRef(self.host.id, one.uuid) for one in self.host.inventory.domains.values() if one.name.startswith(name))
