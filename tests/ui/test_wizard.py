"""The New machine page as a user meets it, on libvirt's practice host."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.install import recent
from app.install.plan import Firmware, NetworkKind
from app.virt import domains
from app.xmldoc import Document
from tests.ui.program_world import ProgramWorld, until
from tests.unit.install.conftest import IsoMaker, make_iso
from ui.widgets.drop import handle_files
from ui.widgets.fitting_scroll import FittingScroll
from ui.widgets.media_menu import MediaMenu
from ui.wizard.new_machine import NewMachineDialog

__all__ = ["make_iso"]

Work = Callable[[ProgramWorld], Coroutine[Any, Any, None]]
Runner = Callable[[Work], None]


@pytest.fixture
def program(run: Callable[[Coroutine[Any, Any, None]], None], tmp_path: Path) -> Runner:
    """``program(work)``: runs ``work(world)`` with the whole program on Qt's loop."""

    async def live(work: Work) -> None:
        async with ProgramWorld(tmp_path) as world:
            await work(world)
            await until(lambda: page_of(world) is None and not world.program.jobs.running)
            await asyncio.sleep(0.2)

    return lambda work: run(live(work))


async def opened(world: ProgramWorld, path: Path | None = None) -> NewMachineDialog:
    """The page, with host and medium examined."""
    page = NewMachineDialog(world.program.ctx, world.host, path, world.window)
    page.open()
    wanted = str(path) if path else ""
    await until(lambda: page.ready and (page.plan.medium.path if page.plan.medium else "") == wanted)
    return page


def test_dropped_iso_is_recognised_made_and_opened(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        handle_files(world.program.ctx, None, [iso])
        await until(lambda: page_of(world) is not None)
        page = page_of(world)
        assert page is not None
        await until(lambda: page.form.name.text() == "debian11")
        assert page.form.os.currentText() == "Debian 11"
        assert "recommended" in page.form.rows["memory"].hint.text
        await until(lambda: page.ready)
        QTest.keyClick(page, Qt.Key.Key_Return)
        await until(lambda: any(one.name == "debian11" for one in world.host.inventory.domains.values()))
        ref = world.ref("debian11")
        xml = Document.parse(await domains.xml(world.host.session, ref.uuid))
        assert xml.get("devices/disk[@device='cdrom']/source/@file") == str(iso)
        assert xml.get("devices/interface/source/@network") == "default"
        await until(lambda: ref in world.program.pages.visible_machines())
        assert recent.listed(world.settings) == [str(iso)]
        await until(lambda: page_of(world) is None)

    program(work)


def test_all_of_it_is_seen_without_scrolling(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        scroll = page.findChild(FittingScroll)
        assert scroll is not None
        bar = scroll.verticalScrollBar()
        await until(lambda: bar.maximum() == 0)
        spare = scroll.viewport().height() - scroll.height_for(scroll.viewport().width())
        assert spare < page.height() / 4
        page.resize(page.width(), 300)
        await until(lambda: bar.maximum() > 0)
        assert page.rect().contains(page.start.mapTo(page, page.start.rect().bottomRight()))
        page.reject()

    program(work)


def test_cancel_in_the_program_closes_it_quietly(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        world.program.new_machine()
        await until(lambda: page_of(world) is not None)
        page = page_of(world)
        assert page is not None
        await until(lambda: page.ready)
        page.cancel.click()
        await until(lambda: page_of(world) is None)

    program(work)


def page_of(world: ProgramWorld) -> NewMachineDialog | None:
    pages = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, NewMachineDialog) and widget.isVisible()]
    return pages[0] if pages else None


def test_keyboard_alone_and_errors_at_the_field(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        page.form.name.setFocus()
        page.form.name.selectAll()
        QTest.keyClicks(page.form.name, "fedora")
        assert "fedora-2" not in page.form.rows["name"].hint.text  # nothing is wrong before the first try
        QTest.keyClick(page, Qt.Key.Key_Return)
        assert "fedora-2" in page.form.rows["name"].hint.text
        assert page.job is None
        page.form.memory.selectAll()
        QTest.keyClicks(page.form.memory, "lots")
        assert "8 GiB" in page.form.rows["memory"].hint.text
        page.form.memory.selectAll()
        QTest.keyClicks(page.form.memory, "512 MiB")
        page.form.name.selectAll()
        QTest.keyClicks(page.form.name, "fedora-2")
        QTest.keyClick(page.only, Qt.Key.Key_Space)
        await until(lambda: any(one.name == "fedora-2" for one in world.host.inventory.domains.values()))
        ref = world.ref("fedora-2")
        xml = Document.parse(await domains.xml(world.host.session, ref.uuid))
        assert xml.get("memory") == str(512 * 1024)
        record = world.hosts.domain(ref)
        assert record is not None and not record.active

    program(work)


def test_warning_below_minimum_does_not_block(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, iso)
        page.form.memory.selectAll()
        QTest.keyClicks(page.form.memory, "512 MiB")
        assert "needs at least 1 GiB" in page.form.rows["memory"].hint.text
        page.start.click()
        await until(lambda: any(one.name == "debian11" for one in world.host.inventory.domains.values()))
        await until(lambda: world.ref("debian11") in world.program.pages.visible_machines())

    program(work)


def test_file_that_is_no_medium(program: Runner, tmp_path: Path) -> None:
    text = tmp_path / "letter.iso"
    text.write_text("Dear Sir or Madam\n" * 500)

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, text)
        assert "neither an ISO nor a disk image" in page.card.hint.text
        page.start.click()
        assert page.job is None
        page.set_medium(str(tmp_path / "gone.iso"))
        await until(lambda: "not there any more" in page.card.hint.text)
        page.reject()

    program(work)


def test_another_system_and_another_drop(program: Runner, make_iso: IsoMaker) -> None:
    first, second = make_iso("WHATEVER"), make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, first)
        assert page.form.name.text() == "whatever"
        page.form.os.setFocus()
        page.form.os.edit.selectAll()
        QTest.keyClicks(page.form.os.edit, "Microsoft Windows 11")
        matches = page.form.os.matches.popup()
        assert matches is not None
        matches.hide()
        QTest.keyClick(page, Qt.Key.Key_Return)
        assert page.job is None
        await until(lambda: page.plan.system.name.short_id == "win11")
        assert page.plan.memory.value == 4096
        drop(page, second)
        await until(lambda: page.plan.system.name.short_id == "debian11")
        assert page.form.name.text() == "debian11"
        page.reject()

    program(work)


def drop(page: NewMachineDialog, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.card.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))


def test_choices_of_network_and_firmware(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        box = page.form.network
        box.setCurrentIndex(box.findText("No network"))
        box.activated.emit(box.currentIndex())
        assert page.plan.network.value.kind is NetworkKind.NONE
        assert "no network adapter" in page.form.rows["network"].hint.text
        assert page.plan.firmware.value is Firmware.BIOS
        page.reject()

    program(work)


def test_every_control_has_a_name(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, iso)
        for row in page.form.rows.values():
            buddy = row.label.buddy()
            assert buddy is not None and buddy.accessibleName()
        for widget in (page.progress, page.form.disk.amount, page.form.disk.pool):
            assert widget.accessibleName()
        page.reject()

    program(work)


def test_media_menu_shows_and_changes_the_drive(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        recent.remember(world.settings, str(iso))
        menu = MediaMenu(world.program.ctx, world.ref("fedora"), world.window)
        await menu.fill()
        texts = [action.text() for action in menu.actions()]
        assert any("sda" in text and "empty" in text for text in texts)
        assert "Insert…" in texts
        eject = next(action for action in menu.actions() if action.text() == "Eject")
        assert not eject.isEnabled()
        menu.deleteLater()
        await asyncio.sleep(0)

    program(work)
