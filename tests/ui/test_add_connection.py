"""The connection dialog: from kind and fields to an address, and a try that says what is wrong."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.settings.connections import SavedConnection
from app.ssh.config import KnownHost
from app.virt.uris import Field
from tests.ui.conftest import Run
from tests.ui.practice import write_host
from tests.ui.program_world import ProgramWorld, until
from ui import aio
from ui.dialogs.add_connection import AddConnectionDialog


def choose(dialog: AddConnectionDialog, kind: str) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def test_fields_make_the_address(run: Run) -> None:
    async def story() -> None:
        dialog = AddConnectionDialog(None, [])
        choose(dialog, "ssh")
        assert not dialog.connect_button.isEnabled()
        dialog.fields[Field.HOST].setText("lab.example")
        dialog.fields[Field.USER].setText("ann")
        assert dialog.uri.text() == "qemu+ssh://ann@lab.example/system"
        assert dialog.connect_button.isEnabled()
        dialog.fields[Field.PORT].setText("many")
        assert not dialog.connect_button.isEnabled()
        assert "65535" in dialog.says.text()
        dialog.deleteLater()

    run(story())


def test_an_address_typed_by_hand_fills_the_fields(run: Run) -> None:
    async def story() -> None:
        dialog = AddConnectionDialog(None, [])
        dialog.uri.setText("qemu+ssh://bob@host2:2222/system")
        dialog.uri.textEdited.emit(dialog.uri.text())
        assert dialog.kind.currentData() == "ssh"
        assert dialog.fields[Field.HOST].text() == "host2"
        assert dialog.fields[Field.PORT].text() == "2222"
        assert dialog.connection.uri == "qemu+ssh://bob@host2:2222/system"
        dialog.deleteLater()

    run(story())


def test_an_address_that_is_in_the_list_is_refused(run: Run) -> None:
    async def story() -> None:
        dialog = AddConnectionDialog(None, ["qemu:///system"])
        choose(dialog, "system")
        assert not dialog.save_button.isEnabled()
        assert dialog.says.text()
        dialog.deleteLater()

    run(story())


def test_changing_keeps_label_and_choices(run: Run) -> None:
    async def story() -> None:
        edit = SavedConnection("qemu+tls://host2/system", "Lab", autoconnect=False, accel="emulation")
        dialog = AddConnectionDialog(None, [], edit=edit)
        assert dialog.kind.currentData() == "tls"
        assert dialog.connection == edit
        dialog.deleteLater()

    run(story())


def test_a_refused_try_says_why_and_what_to_do(run: Run) -> None:
    async def story() -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        dialog = AddConnectionDialog(None, [], edit=SavedConnection(f"qemu+tcp://127.0.0.1:{port}/system"))
        dialog.show()
        await dialog.try_and_accept()
        assert dialog.isVisible()
        assert "nothing listens" in dialog.try_line.text.text()
        assert dialog.try_line.details.toPlainText()
        assert dialog.connect_button.isEnabled()
        dialog.deleteLater()

    run(story())


def test_a_try_that_hangs_can_be_cancelled(run: Run) -> None:
    async def story() -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            uri = f"qemu+tcp://127.0.0.1:{silent.getsockname()[1]}/system"
            dialog = AddConnectionDialog(None, [], edit=SavedConnection(uri))
            dialog.show()
            trying = aio.spawn(dialog.try_and_accept(), dialog, name="try")
            await until(dialog.try_line.cancel.isVisible)
            dialog.try_line.cancel.click()
            await trying
            assert dialog.isVisible()
            assert not dialog.try_line.isVisible()
            dialog.reject()
            dialog.deleteLater()

    run(story())


@pytest.mark.parametrize("autoconnect", [True, False])
def test_what_works_is_added_saved_and_connected(run: Run, tmp_path: Path, autoconnect: bool) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            second = write_host(tmp_path / "second.xml", (("other", "off"),))
            adding = aio.spawn(world.program.connections.add(), world.window, name="add")
            await until(lambda: world.window.findChildren(AddConnectionDialog))
            dialog = world.window.findChildren(AddConnectionDialog)[0]
            choose(dialog, "test-file")
            dialog.fields[Field.PATH].setText(second.removeprefix("test://"))
            dialog.label.setText("Second")
            dialog.autoconnect.setChecked(autoconnect)
            await dialog.try_and_accept()
            assert dialog.result() == QDialog.DialogCode.Accepted
            await adding
            host = world.hosts.hosts[1]
            await until(lambda: host.inventory.domains)
            assert SavedConnection(second, "Second", autoconnect) in world.settings.connections

    run(story())


KNOWN = [KnownHost("lab1", "192.0.2.1", "ops", "2222", "~/.ssh/lab"), KnownHost("Storage-Far-Away", "far.example.org")]


def test_names_of_the_ssh_configuration_are_suggested(qtbot: QtBot) -> None:
    dialog = AddConnectionDialog(None, [], ssh_hosts=KNOWN)
    qtbot.addWidget(dialog)
    dialog.show()
    completer = dialog.host.completer()
    assert completer is not None
    dialog.host.setText("")
    QTest.keyClicks(dialog.host, "far")
    assert [completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())] == ["Storage-Far-Away"]
    QTest.keyClick(dialog.host, Qt.Key.Key_Escape)
    dialog.host.setText("lab1")
    assert dialog.uri.text() == "qemu+ssh://lab1/system"
    assert "ops" in dialog.fields[Field.USER].placeholderText()
    assert "2222" in dialog.fields[Field.PORT].placeholderText()
    dialog.kind.setCurrentIndex(dialog.kind.findData("tls"))
    assert dialog.host.completer() is None
    assert "ops" not in dialog.fields[Field.USER].placeholderText()
