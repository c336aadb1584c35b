"""The settings by mouse and keyboard: each kind of value, undo across pages, search, apply, add and remove."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.virt import domains
from tests.ui.conftest import Run
from tests.ui.details_world import details, row, session_of, type_into, view_of
from tests.ui.program_world import until
from tests.ui.scenes_details import EVERYTHING
from ui.details.dialogs.adding import AddDialog
from ui.details.entries import Badge
from ui.details.fields.choice import ChoiceEditor
from ui.details.fields.line import ButtonEditor
from ui.details.fields.switch import SwitchEditor
from ui.details.table.editor import MOST_ROWS, TableEditor
from ui.windows.guest_page import GuestPage

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_opening_every_page_changes_nothing(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            for entry in view.list.entries.entries():
                view.list.choose(entry.key)
                assert view.form is not None
                for part in view.form.parts:
                    part.head.set_folded(False)
                view.form.refresh()
            assert view.session.text == view.session.base
            assert not view.bar.isVisible()

    run(story())


def test_a_size_is_typed_and_undone_and_redone(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("memory")
            memory = row(view, "memory")
            type_into(memory.widget, "6 GiB")
            assert view.session.document.get("memory") == str(6 << 20)
            assert memory.widget.text() == "6 GiB"  # type: ignore[attr-defined]
            await until(lambda: view.bar.apply.isVisible() and view.bar.apply.isEnabled())
            view.list.choose("cpu")
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            assert view.session.text == view.session.base
            view.list.choose("memory")
            QTest.keyClick(memory.widget, Qt.Key.Key_Z, CTRL | SHIFT)
            assert view.session.document.get("memory") == str(6 << 20)

    run(story())


def test_a_wrong_text_is_told_at_the_field_and_kept(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("memory")
            type_into(row(view, "memory").widget, "much")
            assert any(line.icon == "dialog-error" for line in row(view, "memory").lines)
            assert view.session.document.get("memory") == view.session.document.get("memory")
            await until(view.bar.correct.isVisible)
            assert not view.bar.apply.isEnabled()
            view.list.choose("cpu")
            await until(lambda: Badge.WRONG in _entry(view, "memory").badges)
            assert [one.key for one in view.list.entries.entries() if Badge.WRONG in one.badges] == ["memory"]
            view.list.choose("memory")
            assert row(view, "memory").widget.text() == "much"  # type: ignore[attr-defined]
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            assert row(view, "memory").widget.text() == "4 GiB"  # type: ignore[attr-defined]
            assert view.session.text == view.session.base

    run(story())


def test_a_number_is_stepped_by_keys(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("vcpus")
            widget = row(view, "vcpu").widget
            widget.setFocus()
            QTest.keyClick(widget, Qt.Key.Key_Up)
            assert view.session.document.get("vcpu") == "5"
            QTest.keyClick(widget, Qt.Key.Key_Down)
            assert view.session.document.get("vcpu") == "4"

    run(story())


def test_a_choice_by_keyboard_keeps_what_the_machine_has(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("power")
            widget = row(view, "on_reboot").widget
            assert isinstance(widget, ChoiceEditor)
            before = view.session.document.get("on_reboot")
            widget.setFocus()
            await until(lambda: widget.count() > 1)
            QTest.keyClick(widget, Qt.Key.Key_End)
            chosen = widget.currentData(Qt.ItemDataRole.UserRole)
            assert chosen not in (None, before)
            assert view.session.document.get("on_reboot") == chosen

    run(story())


def test_a_switch_has_three_states(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("boot")
            widget = row(view, "os/bootmenu/@enable").widget
            assert isinstance(widget, SwitchEditor)
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(10, widget.height() // 2))
            await until(lambda: view.session.edited, "a click on its box")
            first = view.session.document.get("os/bootmenu/@enable")
            QTest.keyClick(widget, Qt.Key.Key_Space)
            assert {first, view.session.document.get("os/bootmenu/@enable")} == {"yes", "no"}
            QTest.keyClick(widget, Qt.Key.Key_Delete)
            assert view.session.text == view.session.base

    run(story())


def test_a_new_mac_is_given_and_a_bad_one_refused(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            card = next(entry for entry in view.list.entries.entries() if entry.description.id == "interface")
            view.list.choose(card.key)
            mac = row(view, "mac/@address")
            assert isinstance(mac.widget, ButtonEditor)
            before = mac.widget.text()
            mac.widget.button.trigger()
            assert mac.widget.text() != before
            assert view.session.document.get("devices/interface/mac/@address") == mac.widget.text()
            type_into(mac.widget, "01:00:00:00:00:01")
            assert mac.lines[0].icon == "dialog-error"

    run(story())


def test_words_with_blanks_between_them_are_typed_one_key_after_the_other(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("overview")
            title = row(view, "title").widget
            title.setFocus()
            QTest.keyClicks(title, "Old papers of 1987 ")
            assert title.text() == "Old papers of 1987 "  # type: ignore[attr-defined]
            assert "<title>Old papers of 1987</title>" in view.session.text
            view.list.setFocus()
            assert title.text() == "Old papers of 1987"  # type: ignore[attr-defined]

    run(story())


def test_text_of_several_lines(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("overview")
            widget = row(view, "description").widget
            QTest.keyClicks(widget, "one")
            QTest.keyClick(widget, Qt.Key.Key_Return)
            QTest.keyClicks(widget, "two")
            assert view.session.document.get("description") == "one\ntwo"

    run(story())


def test_the_context_menu_goes_back_to_the_default(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("overview")
            title = row(view, "title")
            type_into(title.widget, "Desk")
            assert view.session.document.get("title") == "Desk"
            menu = title.context_menu()
            texts = [action.text() for action in menu.actions()]
            back = next(action for action in menu.actions() if action.text().startswith("Back to the default"))
            assert back.isEnabled(), texts
            back.trigger()
            menu.deleteLater()
            assert view.session.document.find("title") is None

    run(story())


def test_a_setting_is_found_by_libvirts_name_and_lit(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            QTest.keyClick(view.list, Qt.Key.Key_F, CTRL)
            assert QApplication.focusWidget() is view.search or not view.window().isActiveWindow()
            QTest.keyClicks(view.search, "bootmenu timeout")
            assert view.search.results.count() >= 1
            QTest.keyClick(view.search, Qt.Key.Key_Return)
            current = view.list.current_entry()
            assert current is not None
            assert current.key == "boot"
            assert row(view, "os/bootmenu/@timeout")._lit

    run(story())


def test_a_device_that_is_not_there_is_found_and_offered(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.search.setFocus()
            QTest.keyClicks(view.search, "watchdog model")
            QTest.keyClick(view.search, Qt.Key.Key_Return)
            await until(lambda: isinstance(QApplication.activeModalWidget(), AddDialog))
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, AddDialog)
            assert dialog.kind is not None
            assert dialog.kind.id == "watchdog"
            dialog.reject()
            await until(lambda: QApplication.activeModalWidget() is None)

    run(story())


def test_nothing_found_is_said(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.search.setFocus()
            QTest.keyClicks(view.search, "xyzzy")
            assert "xyzzy" in view.search.results.item(0).text()
            QTest.keyClick(view.search, Qt.Key.Key_Escape)
            assert not view.search.results.isVisible()

    run(story())


def test_applying_defines_the_machine(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            view.list.choose("overview")
            type_into(row(view, "title").widget, "Desk")
            await until(lambda: view.bar.apply.isEnabled() and view.bar.apply.isVisible())
            QTest.keyClick(row(view, "title").widget, Qt.Key.Key_S, CTRL)
            await until(lambda: not view.session.edited and not view.applying.busy, "it is applied")
            xml = await domains.xml(world.host.session, view.session.ref.uuid, inactive=True)
            assert "<title>Desk</title>" in xml
            await until(lambda: not view.bar.isVisible())

    run(story())


def test_a_device_is_removed_by_key_and_comes_back_by_undo(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            card = next(entry for entry in view.list.entries.entries() if entry.description.id == "interface")
            view.list.choose(card.key)
            QTest.keyClick(view.list, Qt.Key.Key_Delete)
            assert view.session.document.find("devices/interface") is None
            assert not view.list.entries.find(card.key).isValid()
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            await until(lambda: view.list.entries.find(card.key).isValid())
            assert view.session.text == view.session.base

    run(story())


def test_a_duplicate_has_a_name_of_its_own(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            disk = next(entry for entry in view.list.entries.entries() if entry.description.id == "disk")
            view.duplicate(disk)
            names = [one.get("dev") for one in view.session.document.find_all("devices/disk/target")]
            assert sorted(str(name) for name in names) == ["sda", "vda", "vdb"]
            current = view.list.current_entry()
            assert current is not None
            assert "vdb" in current.title

    run(story())


def test_the_row_that_was_chosen_is_remembered(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            view.list.choose("clock")
            world.window.workspace.close_index(world.window.workspace.bar.currentIndex())
            world.program.open_settings(world.ref("desktop"))
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            assert page.details is not None
            again = page.details
            await until(lambda: again.list.current_entry() is not None)
            current = again.list.current_entry()
            assert current is not None
            assert current.key == "clock"

    run(story())


def test_opening_the_settings_leaves_the_console_connected(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path, "fedora") as (_world, view):
            page = view
            while not isinstance(page, GuestPage):
                page = page.parentWidget()  # type: ignore[assignment]
            page.set_view("console")
            console = page.console
            assert console is not None
            page.set_view("settings")
            assert page.console is console
            assert console.isVisible()
            QTest.mouseClick(view.beside, Qt.MouseButton.LeftButton)
            assert not console.isVisible()
            assert page.console is console

    run(story())


def test_closing_with_edits_asks(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            view.list.choose("overview")
            type_into(row(view, "title").widget, "Desk")
            workspace = world.window.workspace
            workspace.close_index(workspace.bar.currentIndex())
            await until(lambda: QApplication.activeModalWidget() is not None, "the question")
            dialog = QApplication.activeModalWidget()
            assert dialog is not None
            dialog.reject()  # type: ignore[attr-defined]
            await until(lambda: QApplication.activeModalWidget() is None)
            assert workspace.current() is not None
            view.session.revert()
            workspace.close_index(workspace.bar.currentIndex())
            assert workspace.current() is None

    run(story())


@pytest.mark.parametrize("key", ["devices/redirfilter", "security", "smbios"])
def test_no_row_of_a_table_lies_under_its_scroll_bar(key: str, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = view_of(session_of(EVERYTHING.read_text()), tmp_path)
        view.resize(980, 900)
        await view.load()
        view.show()
        assert view.list.choose(key)
        tables = [table.view for table in view.findChildren(TableEditor) if table.isVisible()]
        await until(lambda: all(table.verticalHeader().count() for table in tables))
        assert tables
        for table in tables:
            rows = min(MOST_ROWS, table.verticalHeader().count())
            assert table.viewport().height() >= rows * table.verticalHeader().defaultSectionSize()
        view.hide()
        view.end()

    run(story())


def _entry(view, key: str):  # type: ignore[no-untyped-def]
    return next(entry for entry in view.list.entries.entries() if entry.key == key)
