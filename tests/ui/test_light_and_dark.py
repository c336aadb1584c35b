"""Light and dark while windows are open: what was drawn before follows at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QListWidgetItem, QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui import look
from ui.console.situation import Button
from ui.console.terminal.strip import Strip
from ui.windows.guest_page import GuestPage


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    look.use(qapp, "light")
    yield
    look.use(qapp, "desktop")


def drawn(label: QLabel) -> QImage:
    return label.pixmap().toImage()


def drawn_icon(icon: QIcon) -> QImage:
    return icon.pixmap(QSize(16, 16), 2.0).toImage()


def test_tabs_and_the_pages_head_follow(run: Run, tmp_path: Path, qapp: QApplication) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            world.program.pages.open_machine(world.ref("fedora"))
            page, bar = world.window.workspace.current(), world.window.workspace.bar
            assert isinstance(page, GuestPage)
            tab, head = drawn_icon(bar.tabIcon(1)), drawn(page._state_icon)
            look.use(qapp, "dark")
            await until(lambda: drawn_icon(bar.tabIcon(1)) != tab and drawn(page._state_icon) != head)
            look.use(qapp, "light")
            await until(lambda: drawn_icon(bar.tabIcon(1)) == tab and drawn(page._state_icon) == head)

    run(story())


def test_the_sign_below_a_terminal_follows(qtbot: QtBot, qapp: QApplication) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.say("network-disconnect", "The connection was lost.", Button.RECONNECT)
    before = drawn(strip._picture)
    look.use(qapp, "dark")
    qtbot.waitUntil(lambda: drawn(strip._picture) != before)


def test_an_empty_tick_box_in_a_list_or_table_is_seen_in_the_dark(qtbot: QtBot, qapp: QApplication) -> None:
    look.use(qapp, "dark")
    line, cell = QListWidgetItem(""), QTableWidgetItem("")
    rows, table = QListWidget(), QTableWidget(1, 1)
    for item in (line, cell):
        item.setCheckState(Qt.CheckState.Unchecked)
    rows.addItem(line)
    table.setItem(0, 0, cell)
    for view, place in ((rows, rows.visualItemRect(line)), (table, table.visualItemRect(cell))):
        qtbot.addWidget(view)
        seen = view.viewport().grab(place).toImage()
        across = [seen.pixelColor(x, seen.height() // 2).lightness() for x in range(min(24, seen.width() - 2))]
        assert max(across) - min(across) > 60, type(view).__name__
