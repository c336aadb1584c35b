"""Pictures of the screen by menu and key: the file, its folder, the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.console.framebuffer import Framebuffer
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import entry, opened
from tests.ui.test_recording import save_as
from ui.console.console_bar import BarMenu


def test_a_picture_is_saved_and_its_folder_remembered(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, path = opened(world), tmp_path / "pictures" / "one.png"
            path.parent.mkdir()
            console.display.picture.show(Framebuffer(30, 20, pixels=bytearray(b"\0\0\xff\0" * 600)))
            offered = save_as(world, path)
            entry(console.bar.menus[BarMenu.PICTURE], "Save picture…")
            await until(path.exists)
            saved = QImage(str(path))
            assert (saved.width(), saved.height(), saved.pixelColor(5, 5).name()) == (30, 20, "#ff0000")
            console.display.setFocus()
            QTest.keyClick(console.display, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: len(offered) == 2)
            assert Path(offered[1]).parent == path.parent and Path(offered[1]).name.startswith("fedora-")

    run(story())


def test_a_picture_is_copied_by_key_unless_the_guest_has_the_keyboard(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            clipboard = QGuiApplication.clipboard()
            clipboard.setText("before")
            console.display.set_live(True)
            console.display.setFocus()
            console.display.capture()
            QTest.keyClick(console.display, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert clipboard.text() == "before"
            console.display.release()
            QTest.keyClick(console.display, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert (clipboard.image().width(), clipboard.image().height()) == (300, 200)

    run(story())
