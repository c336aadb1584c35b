"""The folded rows, the first start, the preview and the editor of the New machine page."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.install.choices import Acceleration, Graphics, NetworkKind, Platform
from app.install.plan import DiskKind
from app.install.seed import passwords
from app.install.survey import Abilities, Offer
from app.virt import domains
from app.xmldoc import Document
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_wizard import opened, program
from tests.ui.test_wizard_sources import made, pick
from tests.unit.install.conftest import IsoMaker, make_iso
from ui.wizard.editing import EditNewDialog, edit_new
from ui.wizard.first_start.secret_line import SecretLine
from ui.wizard.making import Order
from ui.wizard.new_machine import NewMachineDialog

__all__ = ["make_iso", "program"]

Runner = Callable[[Callable[[ProgramWorld], Coroutine[Any, Any, None]]], None]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG0123456789012345678901234567890123456789ab me@here"


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    """An image that is called like a cloud image."""
    path = tmp_path / "debian-12-genericcloud-amd64.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "64M"], check=True)
    return path


def test_more_disks_cards_title_and_autostart(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        page.form.fold.button.click()
        more = page.form.more
        QTest.mouseClick(more.more_disks.add, Qt.MouseButton.LeftButton)
        QTest.mouseClick(more.more_networks.add, Qt.MouseButton.LeftButton)
        QTest.keyClicks(more.title, "A title")
        pick(more.graphics, Graphics.SPICE)
        assert len(page.plan.more_disks) == 1
        assert page.plan.more_networks[0].source == "default"
        assert page.plan.graphics.value is Graphics.SPICE
        page.form.disk.kind.setFocus()
        xml = await made(world, page)
        assert len(xml.find_all("devices/disk[@device='disk']")) == 2
        assert len(xml.find_all("devices/interface")) == 2
        assert xml.get("title") == "A title"
        assert xml.get("devices/graphics/@type") == "spice"

    program(work)


def test_a_size_that_is_none_is_said_at_its_row(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        more = page.form.more
        line = more.more_disks.add_line()
        line.amount.selectAll()  # type: ignore[attr-defined]
        QTest.keyClicks(line.amount, "lots")  # type: ignore[attr-defined]
        assert page.form.rows["more_disks"].hint.text
        page.start.click()
        assert page.job is None
        assert page.form.fold.is_open
        page.reject()

    program(work)


def test_ports_of_a_user_network(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        as_session(page)
        page.form.fold.set_open(True)
        assert page.plan.network.value.kind is NetworkKind.USER
        more = page.form.more
        await until(more.forwards.isVisible)
        QTest.mouseClick(more.forwards.add, Qt.MouseButton.LeftButton)
        (forward,) = page.plan.network.value.forwards
        assert (forward.host_port, forward.guest_port) == (2222, 22)
        more.forwards.add_line()
        page._tried = True
        page._say()
        assert "twice" in page.form.rows["network"].hint.text
        page.reject()

    program(work)


def as_session(page: NewMachineDialog) -> None:
    """The host as an unprivileged connection of QEMU."""
    page._desk.survey = replace(page.survey, session=True, driver="QEMU")
    page._draft.set_survey(page.survey, same=False)
    page._show_plan()


def test_another_architecture_is_said_to_be_slow(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        offers = tuple(Offer(arch, "hvm", (Acceleration.EMULATION,), ("virt",)) for arch in ("x86_64", "aarch64"))
        arm = Platform("aarch64")
        others = {(arm, Acceleration.EMULATION): Abilities(arch="aarch64", machine="virt", efi=True)}
        page._desk.survey = replace(page.survey, offers=offers, arch="x86_64", accel=Acceleration.EMULATION, others=others)
        page._draft.set_survey(page.survey, same=False)
        page._show_plan()
        page.form.fold.set_open(True)
        kinds = page.form.more.platform.kind
        kinds.setFocus()
        QTest.keyClick(kinds, Qt.Key.Key_Down)
        await until(lambda: page.plan.platform.value == arm)
        assert "many times slower" in page.form.rows["platform"].hint.text
        assert page.plan.firmware.value.value == "uefi"
        page.reject()

    program(work)


def test_passphrase_of_an_encrypted_disk(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        options = page.form.more.disk_options
        page.form.fold.set_open(True)
        options.encrypt.click()
        assert "passphrase" in page.form.rows["disk"].hint.text
        QTest.keyClicks(options.passphrase, "correct horse")
        QTest.keyClicks(options.again, "correct")
        assert "not the same" in page.form.rows["disk"].hint.text
        QTest.keyClicks(options.again, " horse")
        assert page.plan.disk.value.passphrase == "correct horse"
        assert "horse" not in repr(page.plan)
        options.encrypt.click()
        assert page.plan.disk.value.passphrase == ""
        page.reject()

    program(work)


def test_first_start_of_a_cloud_image(program: Runner, cloud: Path) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world, cloud)
        section = page.first.cloud
        await until(section.isVisible)
        section.user.selectAll()
        QTest.keyClicks(section.user, "anna")
        section.password.setFocus()
        QTest.keyClicks(section.password, "s3cret words")
        section.user.setFocus()
        section.keys.line.setText(KEY)
        await until(lambda: page.plan.seed is not None and bool(page.plan.seed.users and page.plan.seed.users[0].keys))
        assert page.plan.seed is not None
        (user,) = page.plan.seed.users
        assert user.name == "anna"
        assert user.hashed_password.startswith("$6$")
        assert section.password.text() == ""
        section.preview.set_open(True)
        await until(lambda: "anna" in section.documents.texts["user-data"].toPlainText())
        text = section.documents.texts["user-data"].toPlainText()
        assert "s3cret" not in text
        assert text.startswith("#cloud-config")
        section.more.preset.setCurrentIndex(1)
        section.more.preset.activated.emit(1)
        await until(lambda: page.plan.seed is not None and "tmux" in page.plan.seed.packages)
        page.reject()

    program(work)


def test_yaml_of_ones_own_and_its_faults(program: Runner, cloud: Path) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world, cloud)
        documents = page.first.cloud.documents
        page.first.cloud.preview.set_open(True)
        await until(documents.own.isVisible)
        documents.own.click()
        text = documents.texts["user-data"]
        text.selectAll()
        text.insertPlainText("#cloud-config\nusers: [\n")
        await until(lambda: any(one.line for one in documents.findings))
        assert "ine 3" in documents.hint.text or "ine 2" in documents.hint.text
        assert text.extraSelections()
        page.start.click()
        assert page.job is None
        assert page.first.hint.text
        page.reject()

    program(work)


def test_a_password_is_forgotten_once_it_is_hashed() -> None:
    line = SecretLine(passwords.hashed)
    QTest.keyClicks(line, "abc")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == ""
    assert line.hashed.startswith("$6$")
    line.deleteLater()


def test_answers_for_an_installer(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, iso)
        script = page.first.script
        await until(script.isVisible)
        assert page.first.wish() is None
        script.on.click()
        page.start.click()
        assert page.job is None  # passwords are missing
        for name in ("password", "admin_password"):
            QTest.keyClicks(script.fields[name], "s3cret")
        script.preview.set_open(True)
        await until(lambda: script._tabs.count() > 0)
        wish = page.first.wish()
        assert wish is not None
        assert "s3cret" not in repr(wish)
        page.reject()

    program(work)


def test_definition_and_commands(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        page.command.fold.button.click()
        assert Document.parse(page.command.xml.toPlainText()).get("name") == page.plan.name.value
        assert page.command.own.toPlainText().startswith("hostelry create")
        assert page.command.other.toPlainText().startswith("virt-install")
        page.form.name.selectAll()
        QTest.keyClicks(page.form.name, "other")
        await until(lambda: "<name>other</name>" in page.command.xml.toPlainText())
        page.reject()

    program(work)


def test_profile_goes_into_rows_and_definition(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        box = page.form.more.profile
        await until(lambda: box.count() > 1)
        box.setCurrentIndex(box.findText("Small Linux server"))
        box.activated.emit(box.currentIndex())
        assert page.plan.memory.value == 1024
        assert "Small Linux server" in page.form.rows["memory"].hint.text
        page.command.fold.set_open(True)
        assert "i6300esb" in page.command.xml.toPlainText()
        page.reject()

    program(work)


def test_create_and_edit(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        editor = edit_new(world.program.ctx, world.host, Order(page.plan, False), page.survey, page)
        editor.open()
        await until(lambda: editor.view.loaded)
        editor.session.edit("name", lambda document: document.set("name", "edited"))
        editor.session.edit("text", lambda document: document.set("description", "By hand"))
        assert not any(one.name == "edited" for one in world.host.inventory.domains.values())
        QTest.mouseClick(editor.only, Qt.MouseButton.LeftButton)
        assert editor.job is not None
        await editor.job.wait()
        assert editor.job.error is None, str(editor.job.error)
        await until(lambda: any(one.name == "edited" for one in world.host.inventory.domains.values()))
        xml = Document.parse(await domains.xml(world.host.session, world.ref("edited").uuid, inactive=True))
        assert xml.get("description") == "By hand"
        path = xml.get("devices/disk[@device='disk']/source/@file")
        assert path is not None and path.endswith("edited.qcow2")
        await asyncio.sleep(0.1)
        page.reject()

    program(work)


def test_the_button_opens_the_editor_and_back_keeps_the_page(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        QTest.mouseClick(page.edit, Qt.MouseButton.LeftButton)
        await until(lambda: page.findChild(EditNewDialog) is not None)
        editor = page.findChild(EditNewDialog)
        assert editor is not None
        await until(lambda: editor.view.loaded)
        QTest.mouseClick(editor.back, Qt.MouseButton.LeftButton)
        await until(lambda: page.findChild(EditNewDialog) is None)
        assert page.isVisible()
        assert page.plan.disk.value.kind is DiskKind.NEW
        page.reject()

    program(work)
