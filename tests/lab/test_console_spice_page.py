"""The console page of a real desktop over SPICE: what is copied, heard, given and resized there, in one visit (the desktop boots once)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from app.errors import NoSpace
from app.jobs.job import Job, JobState
from tests.lab import media, spice_guest
from tests.lab.desk import Desk, Story, until
from tests.lab.hosts import RootHost
from tests.lab.spice_guest import SpiceGuest
from ui.console.console_view import ConsoleView
from ui.console.drop_files import DropFiles
from ui.console.geometry import ScaleMode
from ui.console.usb_menu import UsbDevices


async def asked(guest: SpiceGuest, command: str) -> str:
    """On a thread, as QEMU waits for its client."""
    return await asyncio.to_thread(guest.shell, command, check=False)


async def pastes(guest: SpiceGuest, wanted: str) -> None:
    for _try in range(100):
        if await asyncio.to_thread(guest.paste) == wanted.encode():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(await asyncio.to_thread(guest.paste))


async def clipboard_goes_both_ways(view: ConsoleView, guest: SpiceGuest) -> None:
    desktop = QGuiApplication.clipboard()
    view.display.setFocus()
    await until(lambda: view.display.captured)
    desktop.setText("von hier: ß ✓")
    await pastes(guest, "von hier: ß ✓")
    await asyncio.to_thread(guest.copy, "aus dem Gast: 東京".encode())
    await until(lambda: desktop.text() == "aus dem Gast: 東京")
    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    desktop.setImage(picture)
    await until_in_guest(guest, "xclip -o -selection clipboard -t TARGETS", "image/png")
    for kind, colour in (("BMP", "#aa5500"), ("PNG", "#00aa55")):
        picture.fill(QColor(colour))
        await asyncio.to_thread(guest.copy, encoded(picture, kind), f"image/{kind.lower()}")
        await until(lambda colour=colour: desktop.image().pixelColor(3, 3) == QColor(colour))  # type: ignore[misc]


def encoded(picture: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


async def until_in_guest(guest: SpiceGuest, command: str, wanted: str) -> None:
    for _try in range(100):
        told = await asked(guest, command)
        if wanted in told:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(told)


async def guest_follows_window(view: ConsoleView, guest: SpiceGuest) -> None:
    view.sizing.set_mode(ScaleMode.FOLLOW)
    for width, height in ((1000, 700), (1301, 805)):
        view.resize(width, height)
        await until(partial(fits, view))
        across, down = view.display.picture.device_size()
        await until_in_guest(guest, "xdpyinfo", f"{across & ~1}x{down} pixels")


def fits(view: ConsoleView) -> bool:
    framebuffer = view.display.picture.framebuffer
    across, down = view.display.picture.device_size()
    return framebuffer is not None and (framebuffer.width, framebuffer.height) == (across & ~1, down)


async def cd_goes_through_usb(view: ConsoleView, guest: SpiceGuest, image: Path) -> None:
    """By the menu, as far as a file dialog."""
    client = view.connector.client
    await client.insert_usb_cd(image)  # type: ignore[union-attr]
    await until_in_guest(guest, "mount -t iso9660 -o ro /dev/sr0 /mnt 2>/dev/null; cat /mnt/*.txt; umount /mnt", media.SECOND_TEXT)
    menu = next(menu for menu in view.bar.findChildren(QMenu) if menu.title() == "USB devices")
    usb = next(feature for feature in view.features if isinstance(feature, UsbDevices))
    usb.fill(menu)
    entry: QAction = next(action for action in menu.actions() if image.name in action.text())
    assert entry.isChecked()
    entry.trigger()
    await until_in_guest(guest, "ls /dev/sr0 2>&1", "No such file")


async def files_go_by_the_agent(desk: Desk, view: ConsoleView, guest: SpiceGuest, folder: Path) -> None:
    """As after a drop: a job that says what it sends, and where it arrived."""
    paths = [folder / "erste Datei.txt", folder / "zweite.bin"]
    paths[0].write_text("angekommen")
    paths[1].write_bytes(bytes(range(256)) * 4096)
    drop = next(feature for feature in view.features if isinstance(feature, DropFiles))
    await drop._send(paths, None, None)
    assert await asked(guest, "cat '/root/Downloads/erste Datei.txt'") == "angekommen"
    assert "1048576 /root/Downloads/zweite.bin" in await asked(guest, "wc -c /root/Downloads/zweite.bin")
    (job,) = desk.ctx.jobs.jobs
    assert "2 files" in job.result
    assert [(row.subject, row.state) for row in job.rows] == [(path.name, JobState.DONE) for path in paths]
    with (folder / "ohne Platz").open("wb") as file:
        file.truncate(8 << 30)
    paths.insert(1, folder / "ohne Platz")
    shown: list[Job] = []

    async def show(job: Job) -> None:
        shown.append(job)

    desk.ctx.ui.show_job = show
    await drop._send(paths, None, None)
    assert isinstance(shown[0].error, NoSpace)
    assert [row.state for row in shown[0].rows] == [JobState.DONE, JobState.FAILED, JobState.CANCELLED]


def test_the_page_of_a_desktop_shares_what_it_says(
    tell: Callable[[Story], None], root_host: RootHost, second_iso: Path, tmp_path: Path
) -> None:
    guest = spice_guest.start(root_host)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        client = view.connector.client
        assert client is not None
        await until(lambda: client.features.clipboard and client.features.files and client.features.audio)
        await clipboard_goes_both_ways(view, guest)
        await files_go_by_the_agent(desk, view, guest, tmp_path)
        await guest_follows_window(view, guest)
        await cd_goes_through_usb(view, guest, second_iso)
        await asyncio.get_running_loop().shutdown_default_executor()

    tell(story)
