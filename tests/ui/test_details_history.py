"""Deleted machines come back, from the host's menu and from the settings that are still open; by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.editing.history import History
from app.editing.session import EditSession
from app.virt import domains
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.details.dialogs.history import HistoryDialog
from ui.details.dialogs.history_deleted import DeletedDialog
from ui.details.view import DetailsView


async def kept(world: ProgramWorld, name: str) -> str:
    """The machine's definition goes into the history; its UUID."""
    ref = world.ref(name)
    xml = await domains.xml(world.host.session, ref.uuid, inactive=True)
    history = world.program.ctx.history
    assert history is not None
    await until(lambda: history.entries(ref.host_id, ref.uuid), "the recorder has it")
    history.keep(ref.host_id, ref.uuid, name, xml.replace("</name>", "</name><title>kept</title>", 1))
    return ref.uuid


def test_a_deleted_machine_comes_back_from_the_hosts_menu(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            uuid = await kept(world, "desktop")
            await domains.undefine(world.host.session, uuid)
            await until(lambda: uuid not in world.host.inventory.domains)
            tree = world.program.list.tree
            tree.setCurrentIndex(tree.model().index(0, 0))
            world.program.actions.refresh()
            world.program.actions.qaction("host.bring-back").trigger()
            await until(lambda: isinstance(QApplication.activeModalWidget(), DeletedDialog), "the dialog")
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, DeletedDialog)
            item = dialog.tree.topLevelItem(0)
            assert item is not None
            assert item.text(0) == "desktop"
            await until(lambda: "<title>kept</title>" in dialog.text.toPlainText(), "its text")
            QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
            await until(lambda: uuid in world.host.inventory.domains, "it is back")
            assert "<title>kept</title>" in await domains.xml(world.host.session, uuid, inactive=True)

    run(story())


def test_settings_of_a_machine_that_was_removed_bring_it_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            ref = world.ref("desktop")
            await kept(world, "desktop")
            session = EditSession(world.host, ref, history=History(world.settings.state_folder / "history"))
            view = DetailsView(session, world.program.ctx)
            await view.load()
            view.show()
            await domains.undefine(world.host.session, ref.uuid)
            await until(lambda: view.whole.currentWidget() is view.empty, "it is told")
            QTest.mouseClick(view.empty.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
            await until(lambda: isinstance(QApplication.activeModalWidget(), HistoryDialog))
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, HistoryDialog)
            QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
            await until(lambda: view.whole.currentWidget() is view.splitter, "it is shown again")
            assert view.session.document.get("title") == "kept"
            view.end()
            view.hide()
            view.deleteLater()

    run(story())
