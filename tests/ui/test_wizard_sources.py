"""Each kind of source of the New machine page, by mouse and keyboard on the practice host."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from app.install.plan import DiskKind
from app.install.sources import table
from app.install.sources.images import CloudImage, DiskImage
from app.install.sources.machine import Clone
from app.install.sources.plain import DirectKernel, Nothing, Pxe, Tree
from app.virt import domains
from app.xmldoc import Document
from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_wizard import opened, page_of, program
from tests.unit.install.conftest import IsoMaker, make_iso
from ui.wizard.new_machine import NewMachineDialog
from ui.wizard.sources.download import DownloadEditor
from ui.wizard.sources.host_disc import HostDiscEditor
from ui.wizard.sources.kernel import KernelEditor
from ui.wizard.sources.machine import MachineEditor
from ui.wizard.sources.tree import TreeEditor
from ui.wizard.sources.volume import VolumeEditor

__all__ = ["make_iso", "program"]

Runner = Callable[[Callable[[ProgramWorld], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def image(tmp_path: Path) -> Callable[[str], Path]:
    """``image(name)``: an empty disk image in the format of its suffix."""

    def make(name: str) -> Path:
        path = tmp_path / name
        form = {".qcow2": "qcow2", ".vmdk": "vmdk", ".vdi": "vdi"}[path.suffix]
        subprocess.run(["qemu-img", "create", "-q", "-f", form, str(path), "64M"], check=True)
        return path

    return make


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server's address and its folder."""
    folder = tmp_path / "www"
    folder.mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}", folder
    httpd.shutdown()
    httpd.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def pick(box: QComboBox, data: object) -> None:
    """By the keyboard, as a user who walks through the list."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _step in range(box.count()):
        if box.currentData() == data:
            return
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data, f"{data} cannot be chosen"


async def made(world: ProgramWorld, page: NewMachineDialog) -> Document:
    """The definition, after a click on Create only."""
    name = page.plan.name.value
    QTest.mouseClick(page.only, Qt.MouseButton.LeftButton)
    assert page.job is not None, page.card.hint.text or page.error.text
    await page.job.wait()
    assert page.job.error is None, str(page.job.error)
    await until(lambda: any(one.name == name for one in world.host.inventory.domains.values()))
    return Document.parse(await domains.xml(world.host.session, world.ref(name).uuid, inactive=True))


def test_every_kind_is_offered_with_picture_words_and_reason(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        kinds = page.sources.kinds
        assert [kinds.itemData(i) for i in range(kinds.count())] == [row.id for row in table.KINDS]
        model = kinds.model()
        assert isinstance(model, QStandardItemModel)
        for number, row in enumerate(table.KINDS):
            why_not = row.why_not(page.survey)
            assert not kinds.itemIcon(number).isNull()
            assert model.item(number).isEnabled() is not bool(why_not)
            assert kinds.itemData(number, Qt.ItemDataRole.ToolTipRole) == (why_not or row.tip)
        assert not model.item(kinds.findData("container")).isEnabled()
        page.reject()

    program(work)


def test_nothing_and_pxe(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "none")
        assert isinstance(page.plan.source, Nothing)
        pick(page.sources.kinds, "pxe")
        assert isinstance(page.plan.source, Pxe)
        assert "bootp" in page.form.rows["network"].hint.text
        xml = await made(world, page)
        assert xml.find("devices/interface/boot") is not None or xml.find("os/boot[@dev='network']") is not None

    program(work)


def test_a_file_that_is_still_to_be_chosen(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "iso")
        page.start.click()
        assert page.job is None
        assert "Choose a file" in page.card.hint.text
        page.reject()

    program(work)


def test_direct_kernel_boot(program: Runner, tmp_path: Path) -> None:
    kernel = tmp_path / "vmlinuz"
    kernel.write_bytes(b"\0" * 512)

    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "kernel")
        editor = page.sources.editor
        assert isinstance(editor, KernelEditor)
        page.start.click()
        assert page.job is None
        assert "vmlinuz" in page.card.hint.text
        QTest.keyClicks(editor.kernel, str(kernel))
        QTest.keyClicks(editor.arguments, "console=ttyS0")
        assert isinstance(page.plan.source, DirectKernel)
        xml = await made(world, page)
        assert xml.get("os/kernel") == str(kernel)
        assert xml.get("os/cmdline") == "console=ttyS0"

    program(work)


def test_ways_of_using_an_image(program: Runner, image: Callable[[str], Path]) -> None:
    path = image("system.qcow2")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, path)
        assert page.sources.kind == "image"
        kinds = page.form.disk.kind
        assert {kinds.itemData(i) for i in range(kinds.count())} == {DiskKind.USE, DiskKind.COPY, DiskKind.OVERLAY}
        pick(kinds, DiskKind.OVERLAY)
        assert page.plan.disk.value.kind is DiskKind.OVERLAY
        assert "must stay" in page.form.rows["disk"].hint.text
        pick(kinds, DiskKind.USE)
        xml = await made(world, page)
        assert xml.get("devices/disk[@device='disk']/source/@file") == str(path)

    program(work)


def test_other_formats_are_converted(program: Runner, image: Callable[[str], Path]) -> None:
    path = image("system.vmdk")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, path)
        disk = page.plan.disk.value
        assert disk.kind is DiskKind.COPY
        assert disk.converts
        assert "QEMU's own format" in page.form.rows["disk"].hint.text
        page.reject()

    program(work)


def test_cloud_image_by_its_name_and_by_choice(program: Runner, image: Callable[[str], Path]) -> None:
    cloud, plain = image("debian-12-genericcloud-amd64.qcow2"), image("system.qcow2")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world, cloud)
        assert page.sources.kind == "cloud"
        assert isinstance(page.plan.source, CloudImage)
        assert page.plan.seed is not None
        pick(page.sources.kinds, "image")
        assert type(page.plan.source) is DiskImage
        assert page.plan.seed is None
        page.set_medium(str(plain))
        await until(lambda: page.plan.medium is not None and page.plan.medium.path == str(plain))
        pick(page.sources.kinds, "cloud")
        assert isinstance(page.plan.source, CloudImage)
        page.reject()

    program(work)


def test_whole_copy_and_linked(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "clone")
        editor = page.sources.editor
        assert isinstance(editor, MachineEditor)
        off = next(one for one in world.host.inventory.domains.values() if not one.active)
        pick(editor.machines, off.uuid)
        await until(lambda: isinstance(page.plan.source, Clone) and page.plan.source.name == off.name)
        assert page.form.name.text() != off.name
        assert page.form.rows["memory"].hint.text == "As the original."
        assert not page.form.network.isVisible()  # it is the original's
        editor.linked.click()
        assert isinstance(page.plan.source, Clone)
        assert page.plan.source.linked
        page.reject()

    program(work)


def test_a_running_original_is_refused(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        editor = page.sources.choose("clone")
        assert isinstance(editor, MachineEditor)
        on = next(one for one in world.host.inventory.domains.values() if one.active)
        editor.choose(on.uuid, linked=False)
        await until(lambda: isinstance(page.plan.source, Clone) and page.plan.source.name == on.name)
        page.start.click()
        assert page.job is None
        assert "Shut it down first" in page.card.hint.text
        page.reject()

    program(work)


def test_discs_and_volumes_of_the_host(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        discs = page.sources.choose("host-iso")
        assert isinstance(discs, HostDiscEditor)
        await until(lambda: "No pool" in discs.hint.text)
        page.start.click()
        assert page.job is None
        volumes = page.sources.choose("volume")
        assert isinstance(volumes, VolumeEditor)
        await until(lambda: "Looking" not in volumes.hint.text)
        assert volumes.pool.count() == len([pool for pool in page.survey.pools if pool.active])
        page.reject()

    program(work)


def test_installer_in_the_network(program: Runner, server: tuple[str, Path]) -> None:
    address, folder = server
    boot = folder / "images" / "pxeboot"
    boot.mkdir(parents=True)
    for name in ("vmlinuz", "initrd.img"):
        (boot / name).write_bytes(b"\0" * 4096)
    (folder / ".treeinfo").write_text(
        "[general]\nfamily = Fedora\nversion = 36\narch = i686\n"
        + "".join(
            f"[images-{arch}]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n"
            for arch in ("i686", "x86_64")
        )
    )

    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "tree")
        editor = page.sources.editor
        assert isinstance(editor, TreeEditor)
        QTest.keyClicks(editor.url, f"{address}/nothing-here")
        QTest.keyClick(editor.url, Qt.Key.Key_Tab)
        await until(lambda: "No installer was found" in editor.hint.text)
        editor.url.selectAll()
        QTest.keyClicks(editor.url, address)
        await until(lambda: isinstance(page.plan.source, Tree))
        assert "Found" in editor.hint.text
        page.reject()

    program(work)


def test_download_with_stop_and_recognition(
    program: Runner, server: tuple[str, Path], make_iso: IsoMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, folder = server
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    make_iso("Debian 11.6.0 amd64 n").rename(folder / "debian.iso")

    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        drop_address(page, f"{address}/debian.iso")
        editor = page.sources.editor
        assert isinstance(editor, DownloadEditor)
        await until(lambda: page.plan.medium is not None and page.plan.system.name.short_id == "debian11")
        assert page.sources.kind == "iso"
        drop_address(page, f"{address}/gone.iso")
        await until(lambda: editor.job is None and bool(editor.hint.text))
        assert editor.get.isVisible()
        page.reject()

    program(work)


def test_list_of_downloads_is_searched(program: Runner) -> None:
    async def work(world: ProgramWorld) -> None:
        page = await opened(world)
        pick(page.sources.kinds, "download")
        editor = page.sources.editor
        assert isinstance(editor, DownloadEditor)
        page._desk.survey = _on_pc(page)
        QTest.keyClicks(editor.words, "debian")
        await until(editor.chosen)
        tops = [editor.list.topLevelItem(i) for i in range(editor.list.topLevelItemCount())]
        titles = {top.text(0) for top in tops if top is not None}
        assert titles
        assert all("debian" in title.lower() for title in titles)
        young = editor.list.topLevelItemCount()
        editor.old.click()
        await until(lambda: editor.list.topLevelItemCount() > young)
        page.reject()

    program(work)


def _on_pc(page: NewMachineDialog) -> Any:
    return replace(page.survey, arch="x86_64")


def drop_address(page: NewMachineDialog, url: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl(url)])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))


def test_page_is_there_before_anything_is_known(program: Runner, make_iso: IsoMaker) -> None:
    iso = make_iso("Debian 11.6.0 amd64 n")

    async def work(world: ProgramWorld) -> None:
        page = NewMachineDialog(world.program.ctx, world.host, iso, world.window)
        page.open()
        assert page.isVisible()
        assert not page.ready
        await until(lambda: page.ready)
        assert page_of(world) is page
        await asyncio.sleep(0)
        page.reject()

    program(work)
