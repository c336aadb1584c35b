"""Adding hardware, the difference, what waits, conflicts and the history, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.devices.offers import Offers
from app.editing.history import History
from app.virt import domains
from app.xmldoc.document import Document
from tests.ui.conftest import Run
from tests.ui.details_world import details, row, session_of, type_into
from tests.ui.program_world import until
from ui.details.dialogs.adding import WAY, WHY, AddDialog
from ui.details.dialogs.difference import DifferenceDialog, sides
from ui.details.dialogs.history import HistoryDialog
from ui.details.dialogs.pending import PendingDialog
from ui.details.entries import Badge

MACHINE = """<domain type='kvm'>
  <name>one</name>
  <memory unit='KiB'>1048576</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <vsock model='virtio'>
      <cid auto='yes'/>
    </vsock>
  </devices>
</domain>
"""


def test_hardware_is_found_edited_and_added(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            QTest.mouseClick(view.add, Qt.MouseButton.LeftButton)
            await until(lambda: isinstance(QApplication.activeModalWidget(), AddDialog), "the dialog")
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, AddDialog)
            QTest.keyClicks(dialog.filter, "watchdog")
            shown = [dialog.list.item(at) for at in range(dialog.list.count()) if not dialog.list.item(at).isHidden()]
            assert [item.text() for item in shown] == ["Watchdog"]
            assert dialog.kind is not None
            assert dialog.kind.id == "watchdog"
            QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
            await until(lambda: view.session.document.find("devices/watchdog") is not None, "it is in the document")
            current = view.list.current_entry()
            assert current is not None
            assert current.description.id == "watchdog"
            assert view.session.can_undo
            await until(lambda: view.bar.apply.isVisible() and view.bar.apply.isEnabled())
            QTest.mouseClick(view.bar.apply, Qt.MouseButton.LeftButton)
            await until(lambda: not view.session.edited and not view.applying.busy, "it is applied")
            assert "<watchdog" in await domains.xml(world.host.session, view.session.ref.uuid, inactive=True)

    run(story())


def test_what_a_machine_has_once_cannot_be_added_again(run: Run) -> None:
    async def story() -> None:
        dialog = AddDialog(session_of(MACHINE, Offers(driver="QEMU")))
        items = [dialog.list.item(at) for at in range(dialog.list.count())]
        ours = [item for item in items if item.data(WAY)[0].tag == "vsock"]
        assert ours
        for item in ours:
            assert item.data(WHY)
            assert item.data(WHY) in item.toolTip()
            assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
        dialog.deleteLater()

    run(story())


def test_every_kind_of_hardware_has_a_form(run: Run) -> None:
    async def story() -> None:
        session = session_of(MACHINE, Offers(driver="QEMU"))
        dialog = AddDialog(session)
        for at in range(dialog.list.count()):
            if dialog.list.item(at).flags() & Qt.ItemFlag.ItemIsEnabled:
                dialog.list.setCurrentRow(at)
                assert dialog.sketch is not None
                assert dialog.stack.currentWidget() is not None
        assert session.text == MACHINE
        dialog.deleteLater()

    run(story())


def test_the_difference_says_what_and_when(run: Run) -> None:
    async def story() -> None:
        session = session_of(MACHINE, Offers(driver="QEMU"), live=MACHINE)
        session.edit("test", lambda document: document.set("vcpu", "4"))
        dialog = DifferenceDialog(session)
        texts = [item.text(0) for item in dialog.words.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)]
        assert any("4" in text for text in texts), texts
        assert "-  <vcpu>2</vcpu>" in dialog.text.left.toPlainText()
        dialog.text.beside.setChecked(True)
        assert "<vcpu>2</vcpu>" in dialog.text.left.toPlainText()
        assert "<vcpu>4</vcpu>" in dialog.text.right.toPlainText()
        dialog.deleteLater()

    run(story())


def test_sides_stay_level() -> None:
    left, right = sides("--- a\n+++ b\n@@ -1,3 +1,3 @@\n same\n-old\n-older\n+new\n end")
    assert len(left) == len(right) == 5
    assert (left[2], right[2]) == (("old", "-"), ("new", "+"))
    assert (left[4], right[4]) == (("end", " "), ("end", " "))


def test_a_change_of_a_running_machine_waits_and_is_reverted(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path, "fedora") as (world, view):
            view.list.choose("clock")
            before = view.session.document.get("clock/@offset")
            offset = row(view, "clock/@offset").widget
            offset.setFocus()
            await until(lambda: offset.count() > 1)  # type: ignore[attr-defined]
            place = offset.findData("localtime", Qt.ItemDataRole.UserRole)  # type: ignore[attr-defined]
            offset.setCurrentIndex(place)  # type: ignore[attr-defined]
            offset.activated.emit(place)  # type: ignore[attr-defined]
            assert view.session.document.get("clock/@offset") == "localtime"
            await view.applying.apply()
            await until(lambda: view.session.pending, "it waits")
            await until(view.bar.pending.isVisible)
            entry = next(one for one in view.list.entries.entries() if one.key == "clock")
            assert Badge.PENDING in entry.badges
            QTest.mouseClick(view.bar.pending, Qt.MouseButton.LeftButton)
            await until(lambda: isinstance(QApplication.activeModalWidget(), PendingDialog))
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, PendingDialog)
            assert dialog.tree.topLevelItemCount() == len(view.session.pending)
            QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
            await until(lambda: not view.session.pending and not view.applying.busy, "it waits no more")
            xml = await domains.xml(world.host.session, view.session.ref.uuid, inactive=True)
            assert Document.parse(xml).get("clock/@offset") == before

    run(story())


def test_an_earlier_definition_comes_back_as_an_edit(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        session = session_of(MACHINE)
        session.history = History(tmp_path / "history")
        session.history.keep(session.ref.host_id, session.ref.uuid, "one", MACHINE.replace("<vcpu>2", "<vcpu>8"))
        dialog = HistoryDialog(session)
        await dialog.load()
        assert dialog.tree.topLevelItemCount() == 1
        dialog.tree.selectAll()
        assert "-  <vcpu>8</vcpu>" in dialog.diff.left.toPlainText()
        dialog.restore.click()
        assert "<vcpu>8</vcpu>" in dialog.chosen
        dialog.deleteLater()

    run(story())


def test_another_programs_change_is_told_and_merged(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            view.list.choose("overview")
            type_into(row(view, "title").widget, "Mine")
            theirs = Document.parse(await domains.xml(world.host.session, view.session.ref.uuid, inactive=True))
            theirs.set("description", "Theirs")
            await domains.define(world.host.session, theirs.to_text())
            await until(lambda: view.session.foreign and view.bar.merge.isVisible(), "it is told")
            QTest.mouseClick(view.bar.merge, Qt.MouseButton.LeftButton)
            await until(lambda: not view.session.foreign)
            assert view.session.document.get("title") == "Mine"
            assert view.session.document.get("description") == "Theirs"

    run(story())
