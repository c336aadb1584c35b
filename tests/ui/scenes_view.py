"""The gallery's pictures of what is done with a screen: its sizes, full screen, text, films, speed, and the wall."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.console.framebuffer import Framebuffer
from app.console.reading.reader import ScreenText
from app.console.reading.vga import vga_fonts
from app.console.text.devices import parse_devices
from tests.ui.gallery import Studio, scene
from tests.ui.test_panes import SERIAL
from tests.unit.console.test_reading import draw
from ui.console.area_picker import AreaPicker
from ui.console.console_bar import BarMenu
from ui.console.console_view import ConsoleView
from ui.console.meter import Meter
from ui.console.recording import Recording
from ui.console.screen_text import TextDialog
from ui.console.terminal.text_consoles import TextConsoles
from ui.windows.guest_page import GuestPage
from ui.windows.wall_page import WALL, WallPage

BOOT = [
    "SeaBIOS (version 1.16.2)",
    "Loading Linux 6.1.0 ...",
    "[    0.000000] Linux version 6.1.0 (gcc 12.2.0)",
    "[    1.204113] systemd[1]: Hostname set to <fedora>.",
    "",
    "fedora login: _",
]


def text_screen() -> Framebuffer:
    """A text console as a VGA card draws it."""
    screen = draw(BOOT, vga_fonts()[0])
    return Framebuffer(screen.shape[1], screen.shape[0], pixels=bytearray(screen.tobytes()))


def desktop(colour: str, width: int = 1280, height: int = 800) -> QImage:
    """A desktop of one colour with a window."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    slope = QLinearGradient(0, 0, width, height)
    slope.setColorAt(0, QColor(colour).lighter(130))
    slope.setColorAt(1, QColor(colour).darker(160))
    painter.fillRect(image.rect(), slope)
    painter.fillRect(width // 6, height // 6, width // 2, height // 2, QColor("#fafafa"))
    painter.fillRect(width // 6, height // 6, width // 2, 36, QColor(colour).darker(220))
    painter.end()
    return image


def show_live(console: ConsoleView, screen: Framebuffer) -> None:
    """As if it were connected."""
    console.display.picture.show(screen)
    console.display.picture.make_opaque = True  # pictures have an alpha channel
    console.display.set_live(True)
    console.cover.hide()
    for bar in console.bars:
        bar.set_live(True)
    console.display.update()


async def opened(studio: Studio) -> ConsoleView:
    studio.world.program.pages.open_machine(studio.world.ref("fedora"))
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    assert page.console is not None
    await asyncio.sleep(0.3)  # the practice host has no screens, and says so
    show_live(page.console, text_screen())
    return page.console


@scene
async def view_sizes(studio: Studio) -> None:
    console = await opened(studio)
    for name, entry in (("fit", 0), ("integer", 1), ("one", 2)):
        console.bar.scale_menu.actions()[entry].trigger()
        await studio.shoot(f"view-{name}", console)
    console.bar.scale_menu.aboutToShow.emit()
    zoom = console.bar.scale_menu.findChildren(QMenu)
    for number, menu in enumerate((console.bar.scale_menu, *zoom, console.bar.menus[BarMenu.PICTURE])):
        menu.adjustSize()
        await studio.shoot(f"view-menu-{number}", menu)
    console.bar.scale_menu.actions()[0].trigger()


@scene
async def view_text(studio: Studio) -> None:
    console = await opened(studio)
    picker = AreaPicker(console.place, console.display)
    QTest.mousePress(picker, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    QTest.mouseMove(picker, QPoint(420, 180))
    await studio.shoot("view-text-mark", console)
    picker.end()
    for name, found in (
        ("exact", ScreenText("\n".join(BOOT), True)), ("read", ScreenText("read from a picture", False)),
        ("unknown", ScreenText("\ufffd login:", True, 1)), ("none", ScreenText("", False)),
    ):  # fmt: skip
        await studio.shoot_dialog(f"view-text-{name}", TextDialog(found, studio.world.window))


@scene
async def view_film_and_speed(studio: Studio) -> None:
    console = await opened(studio)
    recording = next(each for each in console.features if isinstance(each, Recording))
    meter = next(each for each in console.features if isinstance(each, Meter))
    recording._start(Path(studio.folder) / "film.webm")
    meter.show(True)
    await asyncio.sleep(1.2)
    await studio.shoot("view-film-and-speed", console)
    meter.show(False)
    recording.stop()
    await asyncio.sleep(0.5)


@scene
async def view_full_screen(studio: Studio) -> None:
    console = await opened(studio)
    console.set_full_screen(True)
    show_live(console, text_screen())
    console.bars[1].show_capture(True, False, "Ctrl+Alt")
    window = console.place.window()
    await studio.shoot("view-full-screen", window)
    menu = next(menu for menu in console.bars[1].findChildren(QMenu) if menu.title() == "Other machines")
    menu.aboutToShow.emit()
    menu.adjustSize()
    await studio.shoot("view-full-screen-machines", menu)
    console.set_full_screen(False)


@scene
async def view_wall(studio: Studio) -> None:
    studio.world.window.wall.trigger()
    wall = studio.world.window.workspace.current()
    assert isinstance(wall, WallPage)
    await asyncio.sleep(0.3)
    wall.shots.want((), wall.tile.picture_size)
    ratio = wall.devicePixelRatioF()
    room = wall.tile.picture_size * ratio
    for ref, colour in zip(wall.model.refs, ("#3465a4", "#4e9a06", "#75507b", "#c17d11", "#2e3436"), strict=False):
        image = desktop(colour).scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        wall.model.set_picture(ref, image, ratio)
    wall.view.setCurrentIndex(wall.model.index(1))
    await studio.shoot("wall")
    wall.slider.setValue(360)
    wall.shots.want((), room)
    await studio.shoot("wall-large")
    wall.which.setCurrentIndex(1)
    await studio.shoot("wall-none")
    wall.slider.setValue(240)
    studio.world.window.workspace.close_page(WALL)


@scene
async def view_beside(studio: Studio) -> None:
    console = await opened(studio)
    texts = next(each for each in console.features if isinstance(each, TextConsoles))
    texts.devices = parse_devices(SERIAL)
    texts.open_beside(texts.devices[0].key)
    await asyncio.sleep(0.3)
    show_live(console, text_screen())
    await studio.shoot("view-beside")
    page = studio.world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.panes.end()
    texts.show_device("screen", remember=False)
