"""Speed and latency over the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.fuzz.servers import raw, update
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld
from tests.ui.test_console_sizes import entry, opened
from tests.ui.test_console_widget import GREETING, PICTURE, RED, Stage
from ui.console.console_bar import BarMenu
from ui.console.meter import KeyLatency, Meter


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*parts: bytes | None) -> Stage:
        made.append(Stage(qtbot, *parts))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_vnc_counts_what_comes(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None, update(raw(0, 0, 64, 48, RED)), None)
    before = on.client.traffic()
    assert before.updates == 1 and before.encoding == "Raw" and before.received_bytes > 64 * 48 * 4
    on.server.go.set()
    qtbot.waitUntil(lambda: on.client.traffic().updates == 2)
    after = on.client.traffic()
    assert after.received_bytes - before.received_bytes == len(update(raw(0, 0, 64, 48, RED)))
    assert after.decode_s > before.decode_s


def test_a_key_is_timed_until_the_change_that_follows_is_painted(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None, update(raw(0, 0, 64, 48, RED)), None)
    latency = KeyLatency(on.display)
    on.display.setFocus()
    qtbot.waitUntil(lambda: on.display.captured)
    on.display.repaint()
    assert not latency.latest_s
    QTest.keyClick(on.display, Qt.Key.Key_A)
    on.display.repaint()
    assert not latency.latest_s
    on.server.go.set()
    qtbot.waitUntil(lambda: len(latency.latest_s) == 1)
    assert latency.latest_s[0] > 0
    latency.end()


def test_the_meter_is_switched_by_the_menu_and_says_the_size(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            console = opened(world)
            meter = next(each for each in console.features if isinstance(each, Meter))
            assert meter.label is None
            entry(console.bar.menus[BarMenu.PICTURE], "Show speed and latency")
            assert meter.label is not None and meter.label.isVisible()
            console.display.repaint()
            meter.beat()
            assert "300×200 at" in meter.label.text() and "pictures/s" in meter.label.text()
            console.set_full_screen(True)
            entry(console.bars[1].menus[BarMenu.PICTURE], "Show speed and latency")
            assert meter.label is None
            console.set_full_screen(False)

    run(story())
