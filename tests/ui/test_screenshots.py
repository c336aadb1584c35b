"""Pictures of the screen by menu and key: the file, its folder, the clipboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.console.framebuffer import Framebuffer
from app.settings import options
from app.settings.store import Settings
from tests.scripted_ui import ScriptedUi
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import entry, opened
from tests.ui.test_recording import save_as
from ui.console.console_bar import BarMenu
from ui.console.screenshot import picture_folder, save_screenshot


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
            await until(lambda: world.settings.get(options.PICTURE_FOLDER))
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


def test_a_folder_is_remembered_only_when_a_picture_is_in_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        ui, settings = ScriptedUi(file=tmp_path / "none" / "one.png"), Settings(tmp_path, tmp_path)
        image = QImage(2, 2, QImage.Format.Format_RGB32)
        await save_screenshot(ui, settings, image, "web")
        assert "none/one.png" in str(ui.errors[0]) and settings.get(options.PICTURE_FOLDER) == ""
        ui.file = tmp_path / "one.png"
        await save_screenshot(ui, settings, image, "web")
        assert settings.get(options.PICTURE_FOLDER) == str(tmp_path)

    run(story())


def test_pictures_go_home_where_there_is_no_folder_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = Settings(tmp_path, tmp_path)
    assert picture_folder(settings) == tmp_path
    (tmp_path / "Pictures").mkdir()
    assert picture_folder(settings) == tmp_path / "Pictures"
    settings.set(options.PICTURE_FOLDER, "/no/such/folder")
    assert picture_folder(settings) == tmp_path
