"""Several monitors of one SPICE machine, on a desktop with the agent: switched on, sized and switched off from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from app.console.client import ClientState
from app.console.spice.client import SpiceClient
from tests.lab import spice_guest
from tests.lab.desk import Desk, Story, until
from tests.lab.hosts import RootHost
from ui.console.console_view import ConsoleView
from ui.console.geometry import ScaleMode
from ui.console.monitors import MonitorView, SeveralMonitors

Tell = Callable[[Story], None]


def monitors(view: ConsoleView) -> SeveralMonitors:
    return next(each for each in view.features if isinstance(each, SeveralMonitors))


def size(view: MonitorView | ConsoleView) -> tuple[int, int]:
    framebuffer = view.display.picture.framebuffer
    return (framebuffer.width, framebuffer.height) if framebuffer is not None else (0, 0)


async def side_by_side(guest: spice_guest.SpiceGuest, width: int) -> None:
    """Until the guest's desktop is that wide."""
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(guest.screen_size))[0] != width:  # noqa: ASYNC110 (a guest tells nobody)
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("video", ["qxl", "virtio"])
def test_a_second_monitor_is_switched_on_follows_its_window_and_goes(tell: Tell, root_host: RootHost, video: str) -> None:
    guest = spice_guest.start(root_host, video=video, heads=2)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        shown: list[QWidget] = []
        view.beside_wanted.connect(lambda widget, _title: shown.append(widget))
        await until(lambda: view.situation().live)
        client = view.connector.client
        assert isinstance(client, SpiceClient)
        await until(lambda: client.features.resize_guest and monitors(view).count == 2)
        view.sizing.set_mode(ScaleMode.FOLLOW)
        await until(lambda: size(view) == view.display.picture.device_size(), 60)

        second = monitors(view).open(1)
        assert shown == [second]
        second.resize(640, 480)
        second.show()
        await until(lambda: client.monitor(1).state is ClientState.CONNECTED, 60)
        await until(lambda: size(second) == (640, 480), 60)
        if video == "qxl":  # with virtio the guest's desktop may lay its monitors over one another
            await side_by_side(guest, size(view)[0] + 640)
        second.resize(800, 600)
        await until(lambda: size(second) == (800, 600), 60)

        second.end()
        second.hide()
        second.deleteLater()
        if video == "qxl":
            await side_by_side(guest, size(view)[0])

    tell(story)
