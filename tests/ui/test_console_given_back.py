"""A keyboard that the user took back from the guest stays here; the keys of the program work without it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.console.framebuffer import Framebuffer
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import StillClient, opened
from tests.ui.test_recording import save_as
from ui.console.area_picker import AreaPicker
from ui.console.console_view import ConsoleView
from ui.console.display_widget import DisplayWidget
from ui.console.situation import Situation

CTRL = Qt.KeyboardModifier.ControlModifier


async def live(world: ProgramWorld) -> ConsoleView:
    """A console whose guest has the keyboard."""
    console, client = opened(world), StillClient()
    client.key = lambda code, sym, pressed: None  # type: ignore[attr-defined]
    console.display.set_client(client)  # type: ignore[arg-type]
    client.resized.emit(client.framebuffer)
    console.situation = lambda: Situation(live=True)  # type: ignore[method-assign]
    console.refresh()
    world.window.activateWindow()
    await until(world.window.isActiveWindow)
    world.program.pages.open_machine(console.ref, console=True)
    assert console.display.captured
    return console


def tap_release_keys(display: DisplayWidget) -> None:
    QTest.keyPress(display, Qt.Key.Key_Control)
    QTest.keyPress(display, Qt.Key.Key_Alt, CTRL)
    QTest.keyRelease(display, Qt.Key.Key_Alt, CTRL)
    QTest.keyRelease(display, Qt.Key.Key_Control)
    assert not display.captured


def test_focus_and_life_do_not_give_it_to_the_guest_but_the_user_does(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = await live(world)
            display = console.display
            tap_release_keys(display)
            world.window.workspace.bar.setFocus()  # as a menu or a dialog takes and returns it
            display.setFocus()
            assert display.hasFocus() and not display.captured
            display.set_live(False)  # the machine was started anew
            display.set_live(True)
            assert not display.captured
            console._send_keys(((0x3B, 0xFFBE),))
            assert not display.captured
            QTest.keyClick(display, Qt.Key.Key_Return)
            assert display.captured
            tap_release_keys(display)
            QTest.mouseClick(display, Qt.MouseButton.LeftButton, pos=display.rect().center())
            assert display.captured
            world.window.workspace.bar.setFocus()  # not given back by the user: as ever
            display.setFocus()
            assert display.captured
            display.set_client(None)

    run(story())


def test_full_screen_leaves_it_where_it_is(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = await live(world)
            tap_release_keys(console.display)
            world.window.full_screen.trigger()
            await until(lambda: console.display.window().isActiveWindow())
            assert console.full_screen and console.display.hasFocus() and not console.display.captured
            console.set_full_screen(False)
            world.window.activateWindow()
            await until(world.window.isActiveWindow)
            assert console.display.hasFocus() and not console.display.captured
            console.display.set_client(None)

    run(story())


def test_the_bars_button_gives_it_back_and_opening_the_machine_gives_it_again(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = await live(world)
            console.bar.release_wanted.emit()
            world.window.workspace.bar.setFocus()
            console.display.setFocus()
            assert not console.display.captured
            world.window.workspace.bar.setFocus()
            world.program.pages.open_machine(console.ref, console=True)
            assert console.display.captured
            console.display.set_client(None)

    run(story())


def test_the_screens_keys_work_from_its_tab(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            console.display.picture.show(Framebuffer(30, 20, pixels=bytearray(b"\0\0\xff\0" * 600)))
            console.cover.hide()
            offered = save_as(world, tmp_path / "one.png")
            world.window.activateWindow()
            await until(world.window.isActiveWindow)
            bar = world.window.workspace.bar
            bar.setFocus()
            assert QApplication.focusWidget() is bar
            QTest.keyClick(bar, Qt.Key.Key_S, CTRL)
            await until(lambda: len(offered) == 1)
            await until((tmp_path / "one.png").exists)
            QGuiApplication.clipboard().setText("mine")
            QTest.keyClick(bar, Qt.Key.Key_T, CTRL)
            (picker,) = console.place.findChildren(AreaPicker)
            QTest.keyClick(picker, Qt.Key.Key_Escape)
            await until(lambda: not console.place.findChildren(AreaPicker))
            world.window.workspace.show_home()
            QTest.keyClick(world.window, Qt.Key.Key_S, CTRL)
            assert len(offered) == 1  # nobody sees the screen

    run(story())
