"""The main window as its user sees it: list, tabs, windows, what the tool bar works on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolBar, QToolButton

from app.jobs.job import Job
from app.model.definition import NAMESPACE, read_notes
from app.settings import options
from app.virt import domains
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.console.full_screen import FullScreenWindow
from ui.models.columns import Col
from ui.windows.guest_page import GuestPage
from ui.windows.page import PageKey
from ui.windows.watching import Watching


def open_page(world: ProgramWorld, name: str) -> GuestPage:
    world.program.pages.open_machine(world.ref(name))
    page = world.window.workspace.current()
    assert isinstance(page, GuestPage)
    return page


def test_list_shows_every_machine_and_the_filter_narrows_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            shown = world.program.list
            await until(lambda: shown.model.guests_shown() == 9)
            QTest.keyClicks(shown.tree, "runner")
            assert shown.pane.filter.text() == "runner"
            await until(lambda: shown.model.guests_shown() == 2)
            QTest.keyClick(shown.pane.filter, Qt.Key.Key_Escape)
            await until(lambda: shown.model.guests_shown() == 9)

    run(story())


def test_down_in_the_filter_goes_to_the_first_match_and_return_opens_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            shown = world.program.list
            shown.pane.filter.setText("gateway")
            QTest.keyClick(shown.pane.filter, Qt.Key.Key_Down)
            assert shown.tree.selected_refs() == [world.ref("gateway")]
            QTest.keyClick(shown.tree, Qt.Key.Key_Return)
            assert world.window.workspace.current() is not None
            assert world.window.windowTitle().startswith("gateway")

    run(story())


def test_a_page_makes_the_list_narrow_and_closing_it_brings_the_columns_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            tree, workspace = world.program.list.tree, world.window.workspace
            open_page(world, "fedora")
            assert tree.isColumnHidden(Col.STATE)
            assert not tree.isColumnHidden(Col.NAME)
            world.window.close_tab.trigger()
            assert workspace.current() is None
            assert not tree.isColumnHidden(Col.STATE)
            assert tree.isColumnHidden(Col.UUID)

    run(story())


def test_opening_twice_shows_the_same_tab(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            first = open_page(world, "fedora")
            open_page(world, "gateway")
            assert open_page(world, "fedora") is first
            assert len(world.window.workspace.pages()) == 2

    run(story())


def test_tool_bar_works_on_the_highlighted_row(run: Run, tmp_path: Path) -> None:
    """A row chosen in the side bar, not the open tab, is what Start starts; the tab gets it back with the keyboard."""

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "fedora")
            assert world.program.selection().domains == (world.ref("fedora"),)
            world.program.list.tree.reveal(world.ref("windows-11"))
            assert world.program.selection().domains == (world.ref("windows-11"),)
            page.overview.notes.text.setFocus()
            world.window.activateWindow()
            world.program._follow_page()
            assert world.program.selection().domains == (world.ref("fedora"),)

    run(story())


def test_start_from_the_tool_bar(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            ref = world.ref("windows-11")
            open_page(world, "windows-11")
            world.program.actions.refresh()
            world.program.actions.qaction("domain.start").trigger()
            await until(lambda: world.host.inventory.domains[ref.uuid].active)
            await until(lambda: not world.program.jobs.running)

    run(story())


def test_a_tab_moves_to_a_window_and_back_with_its_console(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "fedora")
            console = page.console
            world.window.detach.trigger()
            assert page.window() is not world.window
            assert page.isVisible()
            assert world.window.workspace.pages() == []
            world.program.pages.attach(page.key)
            assert page.window() is world.window
            assert page.console is console
            assert world.window.workspace.current() is page

    run(story())


def test_a_tab_dropped_outside_the_bar_becomes_a_window(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "fedora")
            bar = world.window.workspace.bar
            place = bar.tabRect(1).center()
            QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=place)
            QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=place + QPoint(0, 200))
            await until(lambda: page.window() is not world.window)

    run(story())


def test_a_middle_click_closes_one_tab(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            for name in ("gateway", "fedora"):
                open_page(world, name)
            bar = world.window.workspace.bar
            QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(1).center())
            assert [page.title() for page in world.window.workspace.pages()] == ["fedora"]
            QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center())
            assert len(world.window.workspace.pages()) == 1

    run(story())


def test_changing_tabs_gives_no_console_the_keyboard(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            pages = [open_page(world, name) for name in ("gateway", "fedora", "windows-11")]
            world.window.activateWindow()
            await until(lambda: QApplication.activeWindow() is world.window)
            pages[2].show_console()
            for close in (False, True, True):
                world.window.close_tab.trigger() if close else world.window.workspace.step(-1)
                await asyncio.sleep(0.05)
                focus, workspace = QApplication.focusWidget(), world.window.workspace
                assert focus is workspace.bar or (focus is not None and workspace.home.isAncestorOf(focus))

    run(story())


def test_open_tabs_come_back_at_the_next_start(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            open_page(world, "gateway")
            open_page(world, "fedora").set_view("overview")
            world.program.pages.remember()
        async with ProgramWorld(tmp_path) as world:
            world.program.pages.restore()
            await until(lambda: len(world.window.workspace.pages()) == 2)
            front = world.window.workspace.current()
            assert isinstance(front, GuestPage)
            assert (front.title(), front.view) == ("fedora", "overview")

    run(story())


def test_a_machine_that_is_gone_takes_its_tab_along(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            open_page(world, "windows-11")
            await domains.undefine(world.host.session, world.ref("windows-11").uuid)
            await until(lambda: not world.window.workspace.pages())

    run(story())


def test_removing_a_host_closes_its_pages(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            open_page(world, "fedora")
            world.program.pages.open_host(world.host)
            world.hosts.remove(world.host.id)
            assert world.window.workspace.pages() == []
            assert world.program.list.pane.is_empty_shown
            assert world.settings.connections == []

    run(story())


def test_notes_are_kept_in_the_definition(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            notes = open_page(world, "fedora").overview.notes
            notes.text.setPlainText("Ask Ann & Bob <before> an update.")
            await notes.store()
            stored = await domains.metadata(world.host.session, world.ref("fedora").uuid, NAMESPACE)
            assert read_notes(stored) == "Ask Ann & Bob <before> an update."
            assert not notes.edited

    run(story())


def test_notes_of_somebody_else_are_not_overwritten(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            notes, uuid = open_page(world, "fedora").overview.notes, world.ref("fedora").uuid
            await notes.load()
            await domains.set_metadata(world.host.session, uuid, "<hostelry><notes>theirs</notes></hostelry>", namespace=NAMESPACE)
            notes.text.setPlainText("mine")
            await notes.store()
            assert read_notes(await domains.metadata(world.host.session, uuid, NAMESPACE)) == "theirs"
            assert "theirs" in notes.text.toPlainText()
            assert "mine" in notes.text.toPlainText()
            await notes.store()
            assert "mine" in read_notes(await domains.metadata(world.host.session, uuid, NAMESPACE))

    run(story())


def test_nothing_is_sampled_while_the_window_is_hidden(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            await until(lambda: world.host.watched)
            world.window.hide()
            await until(lambda: not world.host.watched)
            world.window.show()
            await until(lambda: world.host.watched)

    run(story())


def test_closing_with_a_running_task_asks_and_no_keeps_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:

            async def work(_job: Job) -> None:
                await asyncio.sleep(100)

            job = world.program.jobs.run("Copy a disk", work)
            world.window.close()
            await until(QApplication.activeModalWidget)
            question = QApplication.activeModalWidget()
            assert question is not None
            question.close()
            await until(lambda: not QApplication.activeModalWidget())
            assert world.window.isVisible()
            assert not job.over

    run(story())


def test_a_file_dropped_on_a_page_is_for_its_machine(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "fedora")
            world.program.pages.files_dropped.disconnect(world.program.drop)
            seen: list[tuple[object, list[Path]]] = []
            world.program.pages.files_dropped.connect(lambda target, files: seen.append((target, files)))
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile("/tmp/a disc.iso")])
            copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            page.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))
            assert seen == [(world.ref("fedora"), [Path("/tmp/a disc.iso")])]

    run(story())


def test_sizes_and_columns_are_remembered(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            world.program.list.tree.setColumnHidden(Col.VCPUS, True)
            world.window.side_bar.setChecked(False)
            world.program.close_now()
        async with ProgramWorld(tmp_path) as world:
            assert world.program.list.tree.isColumnHidden(Col.VCPUS)
            open_page(world, "fedora")
            assert not world.program.list.pane.isVisible()
            assert world.settings.get(options.SIDE_BAR_SHOWN) is False

    run(story())


def test_every_control_of_the_window_has_a_name(run: Run, tmp_path: Path) -> None:
    """Buttons, fields and lists are named for screen readers: by text, name or tooltip."""
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            open_page(world, "fedora")
            for kind in (QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit):
                for widget in world.window.findChildren(kind):
                    text = widget.text() if isinstance(widget, QAbstractButton) else ""
                    if widget.isVisible() and not widget.objectName().startswith("qt_"):
                        assert widget.accessibleName() or text or widget.toolTip(), repr(widget)

    run(story())


def test_page_keys_tell_hosts_and_machines_apart() -> None:
    assert PageKey("test:///default") != PageKey("test:///default", "x")


def test_the_view_that_was_chosen_is_the_next_machines_too(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "gateway")
            assert page.view == "console"
            next(button for button in page.findChildren(QToolButton) if button.text() == "Both").click()
            assert open_page(world, "fedora").view == "both"

    run(story())


def test_machines_that_were_shown_before_the_program_was_whole_are_sampled(run: Run, tmp_path: Path) -> None:
    """The list paints first; what listens for "these can be seen" comes later and must not wait for a scroll."""

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            ref = world.ref("fedora")
            await until(lambda: ref.uuid in world.host.visible)
            program = world.program
            later = Watching(world.hosts, world.settings, world.window, program.list.tree, program.pages)
            world.host.visible = frozenset()
            later.apply()
            assert ref.uuid in world.host.visible

    run(story())


def test_the_full_screen_key_is_for_machines(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            key = world.window.full_screen
            assert not key.isEnabled()
            page = open_page(world, "fedora")
            page.set_view("overview")
            key.trigger()
            assert page.console is not None and page.console.full_screen
            full = next(one for one in QApplication.topLevelWidgets() if isinstance(one, FullScreenWindow))
            full.activateWindow()
            await until(full.isActiveWindow)
            QTest.keyClick(full, Qt.Key.Key_F11)
            await until(lambda: page.console is not None and not page.console.full_screen)
            world.program.pages.open_host(world.host)
            assert not key.isEnabled()

    run(story())


def test_a_right_click_on_a_tool_bar_offers_nothing_that_hides_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            page = open_page(world, "fedora")
            world.program.pages.detach(page.key)
            bars = [world.window.tools, *page.window().findChildren(QToolBar)]
            assert len(bars) == 2
            for bar in bars:
                at = QPoint(bar.width() - 2, bar.height() // 2)
                event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bar.mapToGlobal(at), Qt.KeyboardModifier.NoModifier)
                QApplication.sendEvent(bar, event)
                assert QApplication.activePopupWidget() is None

    run(story())
