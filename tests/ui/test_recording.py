"""A film from the menu: the mark in the bar, the file, the machine that ends, a clip of the last seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QToolButton

from app.console.framebuffer import Framebuffer, Rect
from app.console.video.recorder import Recorder
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import entry, opened
from tests.unit.console.film import decode_apng, decode_webm
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.console_view import ConsoleView
from ui.console.recording import Clips, Recording, clock


def recording(console: ConsoleView) -> Recording:
    return next(each for each in console.features if isinstance(each, Recording))


def mark(bar: ConsoleBar) -> QToolButton:
    return next(each for each in bar.findChildren(QToolButton) if each.toolTip() == "Stop recording the screen")


def save_as(world: ProgramWorld, path: Path) -> list[str]:
    """From now on the user saves there; the names that were offered."""
    offered: list[str] = []

    async def save_file(title: str, *, name: str, filters: Sequence[str] = ()) -> Path:
        offered.append(name)
        return path

    world.program.ui.save_file = save_file  # type: ignore[method-assign]
    return offered


def test_a_film_from_the_menu_and_its_mark(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, path = opened(world), tmp_path / "film.webm"
            offered = save_as(world, path)
            assert not mark(console.bar).isVisible()
            entry(console.bar.menus[BarMenu.PICTURE], "Record the screen…")
            await until(lambda: mark(console.bar).isVisible())
            assert "fedora" in offered[0] and offered[0].endswith(".webm")
            film = recording(console).recorder
            assert film is not None
            await until(lambda: film.frames)
            world.window.workspace.show_home()
            assert console.display.watching
            console.display.picture.show(Framebuffer(300, 200, pixels=bytearray(b"\0\0\xff\0" * 60000)))
            before = film.frames
            console.display.damage_taken.emit([Rect(0, 0, 300, 200)])
            await until(lambda: film.frames > before)
            console.set_full_screen(True)
            full = mark(console.bars[1])
            assert full.isVisible() and full.text().startswith("0:0")
            full.click()
            await until(lambda: recording(console).recorder is None)
            console.set_full_screen(False)
            assert not mark(console.bar).isVisible()
            assert "Record the screen…" in [action.text() for action in console.bar.menus[BarMenu.PICTURE].actions()]
            pixel = decode_webm(path)[-1].pixels[100, 150]
            assert pixel[0] > 200 and pixel[2] < 60

    run(story())


async def begun(world: ProgramWorld, console: ConsoleView, path: Path) -> Recorder:
    """A film that has its first picture."""
    save_as(world, path)
    recording(console).toggle()
    await until(lambda: recording(console).recorder is not None)
    film = recording(console).recorder
    assert film is not None
    await until(lambda: film.frames)
    return film


def test_a_film_ends_with_its_machine(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            film = await begun(world, console, tmp_path / "film.webm")
            await world.host.session.call(lambda conn: conn.lookupByName("fedora").destroy())
            await until(lambda: recording(console).recorder is None and not film.thread.is_alive())
            assert decode_webm(tmp_path / "film.webm")

    run(story())


def test_a_film_ends_with_its_page(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            film = await begun(world, opened(world), tmp_path / "film.webm")
            world.window.workspace.close_index(1)
            await until(lambda: not film.thread.is_alive())
            assert decode_webm(tmp_path / "film.webm")

    run(story())


def test_the_last_seconds(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console, path = opened(world), tmp_path / "clip.png"
            save_as(world, path)
            menu = console.bar.menus[BarMenu.PICTURE]
            entry(menu, "Keep the last 30 seconds")
            clips = next(each for each in console.features if isinstance(each, Clips))
            ring = clips.ring
            assert ring is not None and console.display.watching
            await until(lambda: ring.taken() is not None)
            screen = console.display.picture.framebuffer
            assert screen is not None
            screen.pixels[:4] = b"\0\0\xff\0"
            console.display.damage_taken.emit([Rect(0, 0, 1, 1)])
            await until(lambda: (kept := ring.taken()) is not None and kept[2])
            entry(menu, "Save the last seconds…")
            await until(lambda: path.exists() and path.read_bytes().endswith(b"IEND\xaeB`\x82"))
            assert tuple(decode_apng(path)[-1][1][0, 0]) == (255, 0, 0)
            entry(menu, "Keep the last 30 seconds")
            assert clips.ring is None
            await until(lambda: not ring.thread.is_alive())

    run(story())


def test_the_clock() -> None:
    assert [clock(0.4), clock(61), clock(3599)] == ["0:00", "1:01", "59:59"]
