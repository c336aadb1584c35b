"""Text is marked on the picture and comes to the clipboard and into a dialog."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.console.framebuffer import Framebuffer
from app.console.reading import ocr
from app.console.reading.vga import vga_fonts
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import entry, opened
from tests.unit.console.test_reading import draw
from ui.console.area_picker import AreaPicker
from ui.console.console_bar import BarMenu
from ui.console.console_view import ConsoleView
from ui.console.screen_text import TextDialog
from ui.dialogs.error_dialog import ErrorDialog

LINES = ["Linux 6.1 box", "box login: root"]


def show(console: ConsoleView, screen: numpy.ndarray) -> None:
    height, width = screen.shape
    console.display.picture.show(Framebuffer(width, height, pixels=bytearray(screen.tobytes())))
    console.cover.hide()


def picker(console: ConsoleView) -> AreaPicker:
    (found,) = console.place.findChildren(AreaPicker)
    return found


Dialog = TypeVar("Dialog", bound=QWidget)


async def dialog(kind: type[Dialog]) -> Dialog:
    def shown() -> list[Dialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]

    await until(shown)
    return shown()[0]


def test_a_marked_line_is_copied_and_can_be_corrected(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            show(console, draw(LINES, vga_fonts()[0]))
            entry(console.bar.menus[BarMenu.PICTURE], "Copy text from the screen…")
            mark, spot = picker(console), console.display.picture.placement()
            assert spot is not None
            corner = console.display.mapTo(console.place, QPoint(spot.x, spot.y))

            def at(x: int, y: int) -> QPoint:
                return corner + QPoint(int(x * spot.scale), int(y * spot.scale))

            QTest.mousePress(mark, Qt.MouseButton.LeftButton, pos=at(2, 17))
            QTest.mouseMove(mark, at(300, 24))
            QTest.mouseRelease(mark, Qt.MouseButton.LeftButton, pos=at(360, 31))
            found = await dialog(TextDialog)
            assert QApplication.clipboard().text() == "box login: root" == found.edit.toPlainText()
            found.edit.setPlainText("corrected")
            next(each for each in found.findChildren(QPushButton) if each.text() == "Copy").click()
            assert QApplication.clipboard().text() == "corrected"
            found.reject()
            await until(lambda: not found.isVisible())

    run(story())


def test_the_whole_screen_by_key_alone(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            show(console, draw(LINES, vga_fonts()[1]))
            console.display.setFocus()
            QTest.keyClick(console.display, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(picker(console), Qt.Key.Key_Return)
            found = await dialog(TextDialog)
            assert found.edit.toPlainText() == "\n".join(LINES)
            found.reject()
            world.window.activateWindow()
            await until(world.window.isActiveWindow)
            QTest.keyClick(console.display, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(picker(console), Qt.Key.Key_Escape)
            await until(lambda: not console.place.findChildren(AreaPicker))

    run(story())


def test_a_picture_without_a_known_font_says_what_to_install(run: Run, tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr(ocr, "program", lambda: "")  # type: ignore[attr-defined]

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            show(console, numpy.random.default_rng(5).integers(0, 1 << 24, (300, 400)).astype(numpy.uint32))
            entry(console.bar.menus[BarMenu.PICTURE], "Copy text from the screen…")
            QTest.keyClick(picker(console), Qt.Key.Key_Return)
            problem = await dialog(ErrorDialog)
            problem.reject()
            await until(lambda: not problem.isVisible())

    run(story())
