"""The memory of SPICE's pictures: a guest that changes its mode again and again, while the window paints and copies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.console.client import ClientState
from app.console.framebuffer import Framebuffer
from tests.lab.qemu_spice import SpiceQemu, Viewer
from ui.aio import make_loop
from ui.console.display_widget import DisplayWidget
from ui.console.geometry import ScaleMode

ROUNDS = 12
A = 0x1E  # QEMU looks at a screen where nothing happens every three seconds only


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """The program's own loop: Qt's, which serves GLib."""
    made = make_loop(qapp)
    yield made
    made.close()
    asyncio.set_event_loop(None)


@pytest.mark.parametrize("display", ["qxl-vga", "virtio-vga"])
def test_modes_change_while_the_picture_is_painted_and_copied(
    loop: asyncio.AbstractEventLoop, boot_sector: Path, display: str
) -> None:
    copies: list[QImage] = []

    async def story() -> None:
        with SpiceQemu(boot_sector, display=display) as qemu:
            viewer = await Viewer.of(qemu.ready())
            widget = DisplayWidget()
            widget.set_client(viewer.client)
            widget.resize(700, 500)
            widget.show()
            viewer.client.resized.connect(lambda buffer: look(widget, buffer))
            await viewer.connected()
            for number in range(ROUNDS):
                widget.set_mode((ScaleMode.FIT, ScaleMode.ONE_TO_ONE)[number % 2])
                seen = len(copies)
                while len(copies) == seen:  # QEMU may not look while another mode lasts
                    await asyncio.to_thread(qemu.qmp, "system_reset")  # QEMU waits for viewers that do not read
                    viewer.tap(A)
                    await asyncio.sleep(0.2 + 0.02 * (number % 4))
            last = copies[-1]
            viewer.client.close()
            assert viewer.client.state is ClientState.CLOSED
            # What is still shown is ours: it is painted and copied long after the library's memory has gone.
            await asyncio.sleep(0.1)
            assert widget.screenshot().size() == last.size()
            widget.grab()
            widget.set_client(None)
            widget.close()

    def look(widget: DisplayWidget, buffer: Framebuffer) -> None:
        assert widget.picture.framebuffer is buffer
        widget.repaint()
        copies.append(widget.screenshot())
        widget.grab()

    loop.run_until_complete(story())
