"""The whole screen for one machine after the other: the bar, the pin, the switcher, the way back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import StillClient, opened
from ui.console.full_screen import FullScreenWindow
from ui.console.geometry import ScaleMode
from ui.console.situation import Situation
from ui.windows.guest_page import GuestPage


def window_of(world: ProgramWorld) -> FullScreenWindow:
    """The one that covers the screen."""
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, FullScreenWindow) and each.isVisible()]
    return found


def button(window: FullScreenWindow, tip: str) -> QToolButton:
    """A button of its bar by its tooltip's beginning."""
    return next(each for each in window.findChildren(QToolButton) if each.toolTip().startswith(tip))


def choose(menu: QMenu, text: str) -> None:
    """Opens a menu as the user does, and presses an entry."""
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().startswith(text)).trigger()


def test_the_screen_goes_from_machine_to_machine_and_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            fedora = opened(world)
            fedora.set_full_screen(True)
            window = window_of(world)
            assert fedora.place.window() is window and window.windowTitle() == "fedora"
            menu = button(window, "Show another machine").menu()
            menu.aboutToShow.emit()
            names = [action.text() for action in menu.actions()]
            assert "gateway" in names and "build-runner-02" in names and "fedora" not in names and "windows-11" not in names
            choose(menu, "gateway")
            assert window_of(world) is window and window.windowTitle() == "gateway"
            assert fedora.place.window() is world.window and not fedora.full_screen
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage) and page.title() == "gateway" and page.console is not None
            assert page.console.place.window() is window and page.console.full_screen
            assert window.bar is not None
            frame = window.bar.parentWidget()
            assert frame is not None and frame.height() >= window.bar.sizeHint().height() > 10
            await until(window.isActiveWindow)
            QTest.keyClick(window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
            assert window.windowTitle() == "fedora" and fedora.full_screen
            await until(window.isActiveWindow)
            QTest.keyClick(window, Qt.Key.Key_F11)
            assert not fedora.full_screen and fedora.place.isVisible() and fedora.place.window() is world.window
            await until(lambda: not window.isVisible())

    run(story())


def test_the_bar_hides_comes_back_at_the_edge_and_stays_when_pinned(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            console.set_full_screen(True)
            window = window_of(world)
            console.display.setFocus()
            assert window.bar_shown
            window.show_bar(1)
            await until(lambda: not window.bar_shown)
            edge = QPointF(window.width() / 2, 0)
            move = QMouseEvent(QEvent.Type.MouseMove, edge, window.mapToGlobal(edge), Qt.MouseButton.NoButton,
                               Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
            QApplication.sendEvent(console.display, move)
            assert window.bar_shown
            button(window, "Keep this bar").click()
            window.show_bar(1)
            console.set_full_screen(False)
            console.set_full_screen(True)
            window = window_of(world)
            assert button(window, "Keep this bar").isChecked()
            window._hide_bar()
            assert window.bar_shown
            console.set_full_screen(False)

    run(story())


def test_closing_the_page_closes_its_full_screen(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            opened(world).set_full_screen(True)
            window = window_of(world)
            world.window.workspace.close_index(1)
            assert not window.isVisible()

    run(story())


def test_a_guest_that_follows_gets_the_size_of_the_whole_screen_and_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, client, asked = opened(world), StillClient(), list[tuple[int, int]]()
            client.resize_guest = lambda width, height: asked.append((width, height))  # type: ignore[attr-defined]
            console.display.set_client(client)  # type: ignore[arg-type]
            client.resized.emit(client.framebuffer)
            console.set_mode(ScaleMode.FOLLOW)
            console.situation = lambda: Situation(live=True)  # type: ignore[method-assign]
            console.refresh()
            console.set_full_screen(True)
            whole = window_of(world).screen().size()
            await until(lambda: (whole.width(), whole.height()) in asked)
            console.set_full_screen(False)
            await until(lambda: console.display.window() is world.window)
            size = console.display.size()
            await until(lambda: asked[-1] == (size.width(), size.height()))
            console.display.set_client(None)

    run(story())


def test_the_screen_that_was_chosen_is_kept_for_the_machine(tmp_path: Path) -> None:
    common = {"y": 0, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, "width": 1280, "height": 900}
    screens = {"screens": [{"name": "left", "x": 0} | common, {"name": "right", "x": 1280} | common]}
    (tmp_path / "screens.json").write_text(json.dumps(screens))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
    command = [sys.executable, "-m", "tests.ui.two_screens"]
    assert subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip() == "right"
