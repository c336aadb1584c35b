"""Several consoles of one machine: beside its screen, in windows, back, and closed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from app.console.text.devices import parse_devices
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import opened
from ui.console.terminal.text_consoles import TextConsoles
from ui.windows.guest_page import GuestPage
from ui.windows.panes import Pane, PaneWindow


class Terminal(QWidget):
    """A console that notices when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ended = 0

    def end(self) -> None:
        self.ended += 1


def press(pane: QWidget, name: str) -> None:
    next(button for button in pane.findChildren(QToolButton) if button.accessibleName() == name).click()


def test_a_further_console_beside_the_screen_in_a_window_and_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, terminal = opened(world), Terminal()
            console.beside_wanted.emit(terminal, "Serial port 1")
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            (pane,) = page.panes.beside
            assert terminal.isVisible() and console.isVisible() and terminal.hasFocus()
            assert pane.x() >= console.x() + console.width()
            press(pane, "Give it a window of its own")
            (window,) = page.panes.windows
            assert terminal.isVisible() and terminal.window() is window and window.windowTitle() == "fedora – Serial port 1"
            window.activateWindow()
            await until(window.isActiveWindow)
            QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
            assert terminal.window() is world.window and terminal.isVisible() and not page.panes.windows
            found = page.panes.find("Serial port 1")
            assert isinstance(found, Pane)
            press(found, "Close this console")
            assert terminal.ended == 1 and not page.panes.beside

    run(story())


def test_closing_the_page_ends_all_its_consoles(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, terminals = opened(world), [Terminal(), Terminal()]
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            for number, terminal in enumerate(terminals):
                console.beside_wanted.emit(terminal, str(number))
            page.panes.detach(page.panes.beside[0])
            world.window.workspace.close_index(1)
            assert [terminal.ended for terminal in terminals] == [1, 1]
            assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, PaneWindow) and each.isVisible()]

    run(story())


SERIAL = """<domain><devices><serial type='pty'><target type='isa-serial' port='0'/><alias name='serial0'/></serial>
<graphics type='vnc'/></devices></domain>"""


def test_a_text_console_beside_the_screen(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            texts = next(each for each in console.features if isinstance(each, TextConsoles))
            await until(lambda: texts._known_for is not None)
            texts.devices = parse_devices(SERIAL)
            (device,) = texts.devices
            texts.open_beside(device.key)
            (pane,) = page.panes.beside
            view = texts.views[device.key]
            assert view.isVisible() and console.place.isVisible() and pane.isAncestorOf(view)
            texts.open_window(device.key)  # the view's own button: back to where it came from
            await until(lambda: not page.panes.beside)
            assert view.isVisible() and not console.place.isVisible()
            texts.open_beside(device.key)
            press(page.panes.beside[0], "Close this console")
            assert texts.front == device.key and view.isVisible() and not page.panes.beside
            texts.open_beside(device.key)
            world.window.workspace.close_index(1)
            await until(lambda: world.window.workspace.bar.count() == 1)

    run(story())
