"""How large a guest's screen is shown: whole multiples, zoom by key, exact pixels, and what is remembered of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.console.framebuffer import Framebuffer, Rect
from app.settings import options
from app.settings.store import Settings
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld
from ui.console.console_view import ConsoleView
from ui.console.display_widget import DisplayWidget
from ui.console.geometry import ZOOMS, ScaleMode, next_zoom, place
from ui.console.sizing import MOST_MACHINES, SizeChoice, preferred, recall, remember
from ui.windows.guest_page import GuestPage

sides = st.integers(1, 4000)


@given(sides, sides, sides, sides)
def test_a_whole_multiple_is_the_largest_that_fits(gw: int, gh: int, vw: int, vh: int) -> None:
    spot = place(gw, gh, vw, vh, ScaleMode.INTEGER)
    assert spot.w <= vw and spot.h <= vh
    if gw <= vw and gh <= vh:
        assert spot.w % gw == 0 and spot.w // gw == spot.h // gh
        assert spot.w + gw > vw or spot.h + gh > vh


def test_the_zoom_goes_up_and_down_by_steps_and_stops_at_the_ends() -> None:
    assert next_zoom(0.63, 1) == 0.67 and next_zoom(0.63, -1) == 0.5
    assert next_zoom(1.0, 1) == 1.25 and next_zoom(1.0, -1) == 0.75
    assert next_zoom(ZOOMS[-1], 1) == ZOOMS[-1] and next_zoom(ZOOMS[0], -1) == ZOOMS[0]


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "1.75", "2"])
def test_real_size_is_exact_on_every_kind_of_screen(scale: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    command = [sys.executable, "-m", "tests.ui.exact_pixels"]
    assert subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip() == "exact"


# remembering


def test_each_machine_has_its_own_size_and_the_others_follow_the_preference(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path)
    zoomed = SizeChoice(ScaleMode.ZOOM, 1.5, smooth=False)
    remember(settings, "a", zoomed)
    settings.set(options.CONSOLE_SCALING, "integer")
    assert recall(settings, "a") == zoomed
    assert recall(settings, "b").mode is ScaleMode.INTEGER
    remember(settings, "a", preferred(settings))
    settings.set(options.CONSOLE_SCALING, "follow")
    assert recall(settings, "a").mode is ScaleMode.FOLLOW


@pytest.mark.parametrize("nonsense", ["fit", {"mode": "large"}, {"mode": "zoom", "zoom": "x"}, {"mode": "fit", "smooth": 3}])
def test_what_makes_no_sense_is_as_the_preferences_say(tmp_path: Path, nonsense: object) -> None:
    settings = Settings(tmp_path, tmp_path)
    settings.set(options.CONSOLE_SIZES, {"a": nonsense})
    assert recall(settings, "a") == preferred(settings)


def test_the_oldest_machines_are_forgotten(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path)
    settings.set(options.CONSOLE_SIZES, {str(number): {"mode": "one-to-one"} for number in range(MOST_MACHINES)})
    remember(settings, "new", SizeChoice(ScaleMode.FOLLOW))
    known = settings.get(options.CONSOLE_SIZES)
    assert len(known) == MOST_MACHINES and "new" in known and "0" not in known


# by menu and key


def opened(world: ProgramWorld, name: str = "fedora") -> ConsoleView:
    """A machine's console with a picture of 300x200 and no connection."""
    world.program.pages.open_machine(world.ref(name))
    page = world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    assert page.console is not None
    page.console.display.picture.show(Framebuffer(300, 200))
    return page.console


def entry(menu: QMenu, text: str) -> None:
    """Presses a menu's entry, also one of the menus in it."""
    menu.aboutToShow.emit()
    actions = [*menu.actions(), *(inner for each in menu.findChildren(QMenu) for inner in each.actions())]
    next(action for action in actions if action.text().split("\t")[0] == text).trigger()


def test_sizes_by_menu_and_key_and_after_opening_again(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            entry(console.bar.scale_menu, "200 %")
            placement = console.display.picture.placement()
            assert placement is not None and (placement.w, placement.h) == (600, 400)
            console.display.setFocus()
            QTest.keyClick(console.display, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
            assert console.sizing.zoom == 1.75
            QTest.keyClick(console.display, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
            assert console.sizing.choice.mode is ScaleMode.ONE_TO_ONE
            entry(console.bar.scale_menu, "Largest whole multiple")
            world.window.workspace.close_page(world.window.workspace.bar.tabData(1))
            assert opened(world).sizing.choice.mode is ScaleMode.INTEGER
            assert opened(world, "gateway").sizing.choice.mode is ScaleMode.FIT

    run(story())


def test_zoom_keys_are_the_guests_while_it_has_the_keyboard(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            console.display.set_live(True)
            console.display.setFocus()
            console.display.capture()
            QTest.keyClick(console.display, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
            assert console.sizing.choice.mode is ScaleMode.FIT

    run(story())


# dimmed


class StillClient:
    """Just what the display listens to."""

    def __init__(self) -> None:
        from app.console.client import Features
        from app.signal import Signal

        self.features = Features()
        self.framebuffer = Framebuffer(64, 48, pixels=bytearray(b"\0\0\xff\0" * 64 * 48))
        self.resized, self.damaged, self.cursor_changed = Signal(), Signal(), Signal()  # type: ignore[var-annotated]
        self.pointer_mode_changed = Signal()  # type: ignore[var-annotated]
        self.watched: list[bool] = []

    def pointer(self, x: int, y: int, buttons: object) -> None: ...

    def watch(self, watched: bool) -> None:
        self.watched.append(watched)

    def draw(self) -> None:
        self.framebuffer.add_damage([Rect(0, 0, 64, 48)])
        self.damaged.emit()


def test_a_paused_guest_stays_dimmed_though_its_server_still_sends(qtbot: QtBot) -> None:
    display, client = DisplayWidget(), StillClient()
    qtbot.addWidget(display)
    display.set_client(client)  # type: ignore[arg-type]
    client.resized.emit(client.framebuffer)
    display.resize(64, 48)
    client.draw()
    assert display.grab().toImage().pixelColor(30, 20).name() == "#ff0000"
    for _again in range(2):
        display.set_live(False)
        client.draw()
        assert display.grab().toImage().pixelColor(30, 20).name() != "#ff0000"
        display.set_live(True)
        assert display.grab().toImage().pixelColor(30, 20).name() == "#ff0000"
    display.set_client(None)


def test_a_recorded_screen_is_watched_though_it_is_hidden(qtbot: QtBot) -> None:
    display, client = DisplayWidget(), StillClient()
    qtbot.addWidget(display)
    display.set_client(client)  # type: ignore[arg-type]
    client.resized.emit(client.framebuffer)
    taken: list[list[Rect]] = []
    display.damage_taken.connect(taken.append)
    display.keep_watching("a recorder", True)
    client.draw()
    qtbot.waitUntil(lambda: bool(taken))
    assert client.watched[-1]
    display.keep_watching("a recorder", False)
    assert not client.watched[-1]
    display.set_client(None)


def test_pixels_whose_unused_byte_is_zero_are_opaque_where_windows_have_alpha(qtbot: QtBot) -> None:
    display = DisplayWidget()
    qtbot.addWidget(display)
    display.picture.make_opaque = True
    display.picture.show(Framebuffer(64, 48, pixels=bytearray(b"\0\0\xff\0" * 64 * 48)))
    display.set_live(True)
    for mode in (ScaleMode.ONE_TO_ONE, ScaleMode.FIT):
        display.set_mode(mode)
        display.resize(128, 96)
        middle = display.grab().toImage().pixelColor(64, 48)
        assert middle.alpha() == 255 and middle.name() == "#ff0000"
