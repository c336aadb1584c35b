"""Where the keyboard goes in the details view: in the order that one sees, never to a button that was not meant."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.actions.conditions import is_active
from app.devices.offers import Offers
from app.virt import domains
from tests.ui.conftest import Run
from tests.ui.details_world import details, row, session_of, type_into
from tests.ui.program_world import until
from tests.ui.test_details_dialogs import MACHINE
from ui.details.dialogs.adding import WAY, AddDialog
from ui.details.dialogs.pending import PendingDialog
from ui.details.form import Form
from ui.windows.guest_page import GuestPage


def press_tab() -> None:
    """In whatever has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, Qt.Key.Key_Tab)


def focused(form: Form, steps: int) -> list[QWidget]:
    """Widgets of a page that have the keyboard one after the other."""
    found = []
    for _step in range(steps):
        press_tab()
        widget = QApplication.focusWidget()
        if widget is not None and form.content.isAncestorOf(widget):
            found.append(widget)
    return found


def places(form: Form, widgets: list[QWidget]) -> list[tuple[int, int]]:
    tops = (widget.mapTo(form.content, QPoint()) for widget in widgets)
    return [(top.y(), top.x()) for top in tops]


def test_tab_goes_down_the_page_and_then_to_the_bar(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            for key in ("overview", "vcpus", "boot", "clock"):
                view.list.choose(key)
                form = view.form
                assert form is not None
                view.list.setFocus()
                reached = focused(form, 12)
                assert len(reached) >= 4, key
                tops = places(form, reached)
                assert [one[0] // 30 for one in tops] == sorted(one[0] // 30 for one in tops), (key, tops)

    run(story())


def test_tab_in_the_dialog_goes_from_the_list_through_the_form_to_the_buttons(run: Run) -> None:
    async def story() -> None:
        dialog = AddDialog(session_of(MACHINE, Offers(driver="QEMU")))
        dialog.show()
        await until(dialog.isActiveWindow)
        dialog.list.setFocus()
        form = dialog.stack.currentWidget()
        assert isinstance(form, Form)
        QTest.keyClick(dialog.list, Qt.Key.Key_Tab)
        first = QApplication.focusWidget()
        assert first is not None
        assert form.content.isAncestorOf(first)
        for _step in range(60):
            if QApplication.focusWidget() is dialog.add:
                break
            press_tab()
        assert QApplication.focusWidget() is dialog.add
        dialog.close()
        dialog.deleteLater()

    run(story())


def test_hardware_is_chosen_by_arrow_keys_while_one_types_and_names_come_first(run: Run) -> None:
    async def story() -> None:
        dialog = AddDialog(session_of(MACHINE, Offers(driver="QEMU")))
        dialog.show()
        dialog.filter.setFocus()
        QTest.keyClicks(dialog.filter, "network")
        item = dialog.list.currentItem()
        assert item is not None
        assert item.data(WAY)[0].tag == "interface"
        first = item.text()
        QTest.keyClick(dialog.filter, Qt.Key.Key_Down)
        assert dialog.list.currentItem().text() != first
        QTest.keyClick(dialog.filter, Qt.Key.Key_Up)
        assert dialog.list.currentItem().text() == first
        dialog.filter.clear()
        assert dialog.list.item(0).text() == "Disk: image file"
        assert dialog.add.isDefault()
        dialog.close()
        dialog.deleteLater()

    run(story())


def test_return_never_shuts_a_machine_down(run: Run) -> None:
    async def story() -> None:
        dialog = PendingDialog(session_of(MACHINE, Offers(driver="QEMU")))
        dialog.show()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert not dialog.isVisible()
        assert not dialog.restart
        assert dialog.revert is None
        dialog.deleteLater()

    run(story())


def test_after_applying_the_keyboard_is_in_the_list_and_the_bar_says_what_came_of_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("overview")
            type_into(row(view, "title").widget, "New")
            await until(lambda: view.bar.apply.isVisible() and view.bar.apply.isEnabled())
            view.bar.apply.setFocus()
            QTest.keyClick(view.bar.apply, Qt.Key.Key_Space)
            await until(lambda: not view.session.edited and not view.applying.busy, "it is applied")
            await until(view.bar.told.isVisible, "it is said")
            assert "1 change" in view.bar.told.text.text()
            assert QApplication.focusWidget() is view.list
            view.bar.told.forget()
            assert not view.bar.isVisible()

    run(story())


def test_after_a_removal_a_device_of_its_kind_is_shown(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path, "fedora") as (_world, view):
            disks = [one for one in view.list.entries.entries() if one.description.id == "disk"]
            assert disks
            view.list.choose(disks[0].key)
            view.duplicate(disks[0])
            twin = view.list.current_entry()
            assert twin is not None
            view.remove(twin)
            now = view.list.current_entry()
            assert now is not None
            assert now.description.id == "disk"

    run(story())


def test_a_machine_that_is_off_has_no_empty_screen_beside_its_settings_and_gets_it_at_its_start(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path, "desktop") as (world, _view):
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage)
            world.window.resize(1700, 900)
            await until(lambda: page.width() >= 900, "a wide window")
            session, uuid = world.host.session, world.ref("desktop").uuid
            if is_active(page.record):
                await domains.destroy(session, uuid)
                await until(lambda: not is_active(page.record), "it is off")
            page.set_view("overview")
            page.set_view("settings")
            assert page.console is None or not page.console.isVisible()
            await domains.start(session, uuid)
            await until(lambda: page.console is not None and page.console.isVisible(), "the screen beside")

    run(story())
