"""What libvirt refuses, what waits, what others changed, and leaving: what the user sees of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.actions.context import Notice, Selection
from app.model.records import DomainState
from app.virt import domains
from app.xmldoc.document import Document
from tests.ui.conftest import Run
from tests.ui.details_world import details, row, type_into
from tests.ui.program_world import ProgramWorld, until
from ui.details import restarting
from ui.details.dialogs.merging import MergeDialog
from ui.dialogs.error_dialog import ErrorDialog

LEFT = Qt.MouseButton.LeftButton


def test_what_libvirt_refuses_is_told_at_its_field(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            before = await domains.xml(world.host.session, view.session.ref.uuid, inactive=True)
            view.session.edit("x", lambda document: document.set("clock/@offset", "nonsense"))
            view.list.choose("overview")
            await until(lambda: view.bar.apply.isVisible() and view.bar.apply.isEnabled())
            QTest.mouseClick(view.bar.apply, LEFT)
            await until(lambda: isinstance(QApplication.activeModalWidget(), ErrorDialog), "it is refused")
            current = view.list.current_entry()
            assert current is not None
            assert current.key == "clock"
            field = row(view, "clock/@offset")
            assert field.wrong
            assert any("do not allow" in line.text for line in field.lines), field.lines
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, ErrorDialog)
            dialog.reject()
            await until(lambda: QApplication.activeModalWidget() is None)
            assert view.session.edited
            assert await domains.xml(world.host.session, view.session.ref.uuid, inactive=True) == before
            QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert not view.session.edited
            assert not row(view, "clock/@offset").wrong

    run(story())


def test_shut_down_and_start_again(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            ref = world.ref("fedora")
            record = world.host.inventory.domains[ref.uuid]
            assert record.state is DomainState.RUNNING
            assert await restarting.restart(world.program.ctx, Selection(domains=(ref,)))
            await until(lambda: world.host.inventory.domains[ref.uuid].state is DomainState.RUNNING)
            assert world.host.inventory.domains[ref.uuid].id != record.id

    run(story())


def test_giving_up_to_start_again_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            ref = world.ref("fedora")
            told: list[Notice] = []
            ctx = world.program.ctx
            monkeypatch.setattr(ctx.ui, "notify", told.append)

            async def never(_ctx: object, _selection: object, _wait: float) -> bool:
                return False

            with monkeypatch.context() as patch:
                patch.setattr(restarting, "_off", never)
                assert not await restarting.restart(ctx, Selection(domains=(ref,)))
            assert "did not shut down" in told[-1].text
            await until(lambda: world.host.inventory.domains[ref.uuid].state is DomainState.SHUTOFF)
            assert not await restarting._off(ctx, Selection(domains=(world.ref("gateway"),)), 0.3)
            assert not await restarting.restart(ctx, Selection(domains=(ref,)))  # it is off: nobody is asked, and none is started
            assert world.host.inventory.domains[ref.uuid].state is DomainState.SHUTOFF

    run(story())


@pytest.mark.parametrize(("theirs", "title"), [(False, "Mine"), (True, "Theirs")])
def test_both_changed_the_same_setting(run: Run, tmp_path: Path, theirs: bool, title: str) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            view.list.choose("overview")
            type_into(row(view, "title").widget, "Mine")
            other = Document.parse(await domains.xml(world.host.session, view.session.ref.uuid, inactive=True))
            other.set("title", "Theirs")
            other.set("description", "Not in question")
            await domains.define(world.host.session, other.to_text())
            await until(lambda: view.session.foreign and view.bar.merge.isVisible(), "it is told")
            QTest.mouseClick(view.bar.merge, LEFT)
            await until(lambda: isinstance(QApplication.activeModalWidget(), MergeDialog), "it is asked")
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, MergeDialog)
            assert len(dialog.boxes) == 1
            texts = [dialog.tree.topLevelItem(0).text(column) for column in (1, 2)]  # type: ignore[union-attr]
            assert "Mine" in texts[0]
            assert "Theirs" in texts[1]
            if theirs:
                dialog.boxes[0].setFocus()
                QTest.keyClick(dialog.boxes[0], Qt.Key.Key_Down)
            take = next(button for button in dialog.findChildren(QPushButton) if "Take these" in button.text().replace("&", ""))
            QTest.mouseClick(take, LEFT)
            await until(lambda: view.session.document.get("title") == title and not view.session.foreign)
            assert view.session.document.get("description") == "Not in question"
            assert row(view, "title").widget.text() == title  # type: ignore[attr-defined]

    run(story())


@pytest.mark.parametrize(
    ("word", "kept", "open_"),
    [("apply the changes", "Desk", False), ("close without applying", "", False), ("cancel", "", True)],
)
def test_leaving_with_edits(run: Run, tmp_path: Path, word: str, kept: str, open_: bool) -> None:
    async def story() -> None:
        async with details(tmp_path) as (world, view):
            uuid = view.session.ref.uuid
            view.list.choose("overview")
            type_into(row(view, "title").widget, "Desk")
            workspace = world.window.workspace
            pages = workspace.bar.count()
            workspace.close_index(workspace.bar.currentIndex())
            await until(lambda: QApplication.activeModalWidget() is not None, "the question")
            dialog = QApplication.activeModalWidget()
            assert dialog is not None
            buttons = {button.text().replace("&", "").lower(): button for button in dialog.findChildren(QPushButton)}
            QTest.mouseClick(buttons[word], LEFT)
            await until(lambda: QApplication.activeModalWidget() is None)
            await until(lambda: (workspace.bar.count() == pages) is open_, "the tab is closed or stays")
            assert (Document.parse(await domains.xml(world.host.session, uuid, inactive=True)).get("title") or "") == kept
            if open_:
                view.session.revert()

    run(story())
