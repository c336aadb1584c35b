"""The wall of screens: which machines, in which order, what it costs, what clicks and keys do."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.errors import Unsupported
from app.model.records import DomainRef
from app.virt import domains
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.wall import shots
from ui.wall.wall_model import PICTURE
from ui.windows.guest_page import GuestPage
from ui.windows.wall_page import WALL, WallPage


def png(colour: str) -> bytes:
    image, data = QImage(640, 480, QImage.Format.Format_RGB32), QByteArray()
    image.fill(QColor(colour))
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


class Screens:
    """What libvirt gives for screenshots; counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pictures: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0
        monkeypatch.setattr(domains, "screenshot", self._screenshot)
        monkeypatch.setattr(shots, "SHORTEST_S", 0.001)

    async def _screenshot(self, _session: object, uuid: str, _screen: int = 0) -> tuple[str, bytes]:
        self.asked.append(uuid)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        if uuid not in self.pictures:
            raise Unsupported("no screen")
        return "image/png", self.pictures[uuid]


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    return Screens(monkeypatch)


def open_wall(world: ProgramWorld) -> WallPage:
    world.window.wall.trigger()
    page = world.window.workspace.current()
    assert isinstance(page, WallPage)
    return page


def names(world: ProgramWorld, wall: WallPage) -> list[str]:
    return [world.host.inventory.domains[ref.uuid].name.split(maxsplit=1)[0] for ref in wall.model.refs]


def colour(wall: WallPage, ref: DomainRef) -> str:
    picture = wall.model.index(wall.model.refs.index(ref)).data(PICTURE)
    return picture.toImage().pixelColor(20, 20).name() if picture is not None else ""


def test_all_running_machines_in_the_lists_order_with_their_pictures(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            fedora, gateway = world.ref("fedora"), world.ref("gateway")
            screens.pictures = {fedora.uuid: png("red"), gateway.uuid: png("blue")}
            wall = open_wall(world)
            assert names(world, wall) == ["build-runner-01", "build-runner-02", "database", "fedora", "gateway", "old-router", "Веб-сервер"]
            await until(lambda: colour(wall, fedora) == "#ff0000" and colour(wall, gateway) == "#0000ff")
            assert screens.most_at_once == 1
            world.program.list.model.sort(0, Qt.SortOrder.DescendingOrder)
            await until(lambda: names(world, wall)[0] == "Веб-сервер")
            assert colour(wall, fedora) == "#ff0000"
            await world.host.session.call(lambda conn: conn.lookupByName("fedora").destroy())
            await until(lambda: "fedora" not in names(world, wall))
            world.program.list.pane.filter.setText("gate")
            await until(lambda: names(world, wall) == ["gateway"])

    run(story())


def test_a_hidden_wall_asks_for_nothing_and_a_closed_one_is_gone(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            wall = open_wall(world)
            await until(lambda: screens.asked)
            world.window.workspace.show_home()
            await asyncio.sleep(0.05)
            asked = len(screens.asked)
            await asyncio.sleep(0.3)
            assert len(screens.asked) == asked
            screens.asked.clear()
            world.window.workspace.show_page(WALL)
            # Those without a screen are left alone for a while.
            screens.pictures = {world.ref("gateway").uuid: png("red")}
            wall.slider.setValue(300)
            await until(lambda: world.ref("gateway").uuid in screens.asked)
            world.window.workspace.close_page(WALL)
            await asyncio.sleep(0.05)
            asked = len(screens.asked)
            await asyncio.sleep(0.2)
            assert len(screens.asked) == asked

    run(story())


def test_only_what_is_in_sight_is_looked_at(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path, tuple((f"vm-{number:03}", "running") for number in range(60))) as world:
            world.window.resize(900, 500)
            wall = open_wall(world)
            wall.slider.setValue(480)
            await until(lambda: wall.model.rowCount() == 60 and 0 < len(wall.seen()) < 12)
            await asyncio.sleep(0.2)
            screens.asked.clear()
            screens.pictures = {record.uuid: png("red") for record in world.host.inventory.domains.values()}
            last = wall.model.refs[-1]
            wall.view.scrollToBottom()
            await until(lambda: last in wall.seen())
            await until(lambda: colour(wall, last) == "#ff0000")
            assert wall.model.refs[0].uuid not in screens.asked

    run(story())


def test_unchanged_screens_are_asked_less_and_less_often(run: Run, tmp_path: Path, screens: Screens, monkeypatch: Any) -> None:
    monkeypatch.setattr(shots, "AGE_S", 0.02)
    monkeypatch.setattr(shots, "OLDEST_S", 0.2)

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            gateway = world.ref("gateway")
            screens.pictures = {gateway.uuid: png("red")}
            wall = open_wall(world)
            state = wall.shots._shown
            await until(lambda: gateway in state and state[gateway].age_s == 0.2)
            screens.pictures[gateway.uuid] = png("green")
            await until(lambda: colour(wall, gateway) == "#008000")
            assert state[gateway].age_s < 0.2

    run(story())


def test_a_machine_that_is_just_starting_gets_its_picture(
    run: Run, tmp_path: Path, screens: Screens, monkeypatch: Any
) -> None:
    monkeypatch.setattr(shots, "AGE_S", 0.02)

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            gateway = world.ref("gateway")
            wall = open_wall(world)
            await until(lambda: screens.asked.count(gateway.uuid) > 1)
            screens.pictures[gateway.uuid] = png("red")
            await until(lambda: colour(wall, gateway) == "#ff0000")

    run(story())


def test_chosen_machines_keys_and_selection(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            chosen = [world.ref("windows-11"), world.ref("gateway")]
            world.program.list.tree.select_refs(chosen)
            wall = open_wall(world)
            assert names(world, wall) == ["gateway", "windows-11"]
            QTest.keyClick(wall.view, Qt.Key.Key_End)
            assert wall.selection().domains == (world.ref("windows-11"),)
            assert world.program.selection().domains == (world.ref("windows-11"),)
            wall.which.setCurrentIndex(0)
            assert "fedora" in names(world, wall)
            index = wall.model.index(names(world, wall).index("fedora"))
            wall.view.setCurrentIndex(index)
            QTest.keyClick(wall.view, Qt.Key.Key_Return)
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage) and page.title() == "fedora"

    run(story())


def test_the_menu_of_a_wall_in_a_window_is_for_what_is_selected_there(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            wall = open_wall(world)
            world.program.pages.detach(WALL)
            world.program.list.tree.select_refs([world.ref("windows-11")])
            wall.view.setCurrentIndex(wall.model.index(names(world, wall).index("build-runner-02")))
            place = wall.view.visualRect(wall.view.currentIndex()).center()
            wall.view.customContextMenuRequested.emit(place)
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            # A paused machine can be resumed and not started; the one in the list is off.
            able = {action.objectName(): action.isEnabled() for action in menu.actions()}
            assert able["domain.resume"] and not able["domain.start"]
            menu.close()

    run(story())


def test_the_size_is_remembered_and_the_tab_is_not(run: Run, tmp_path: Path, screens: Screens) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            open_wall(world).slider.setValue(200)
            world.program.pages.remember()
            world.window.workspace.close_page(WALL)
            assert open_wall(world).tile.picture_size == QSize(200, 125)
            world.program.pages.detach(WALL)
            world.program.pages.attach(WALL)
            from app.settings import options

            assert world.settings.get(options.OPEN_TABS) == []

    run(story())
