"""The hand-written editors: boot order, topology, firmware, Hyper-V, devices of the host."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.devices.offers import Cell, Named, Offers
from app.xmldoc.document import Document
from tests.ui.conftest import Run
from tests.ui.details_world import details, session_of, view_of
from tests.ui.program_world import until
from ui.details.dialogs.volumes import VolumeDialog
from ui.details.editors.boot import BootEditor, order, put_order
from ui.details.editors.disk_source import DiskSourceEditor
from ui.details.editors.host_device import HostDeviceEditor
from ui.details.editors.pinning import PinningEditor
from ui.details.editors.presets import FirmwareEditor, HypervEditor, TopologyEditor
from ui.details.view import DetailsView

CTRL = Qt.KeyboardModifier.ControlModifier
MACHINE = """<domain type='kvm'>
  <name>edited</name>
  <memory unit='KiB'>1048576</memory>
  <vcpu>8</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='cdrom'/>
    <boot dev='hd'/>
  </os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sda' bus='sata'/>
    </disk>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='default'/>
    </interface>
    <hostdev mode='subsystem' type='usb' managed='yes'>
      <source startupPolicy='optional'>
        <vendor id='0x046d'/>
        <product id='0xc52b'/>
      </source>
    </hostdev>
  </devices>
</domain>
"""
USB = (
    Named("1", "Logitech receiver", "", "<vendor id='0x046d'/><product id='0xc52b'/>"),
    Named("2", "A stick", "", "<vendor id='0x0951'/><product id='0x1666'/>"),
    Named("3", "A keyboard", "“web” uses it.", "<vendor id='0x0001'/><product id='0x0002'/>"),
)


async def opened(folder: Path, key: str) -> DetailsView:
    view = view_of(session_of(MACHINE, Offers(driver="QEMU", names={"usb": USB})), folder)
    view.resize(900, 700)
    await view.load()
    view.show()
    assert view.list.choose(key), key
    return view


def own(view: DetailsView, kind: type) -> object:
    assert view.form is not None
    return next(part.own for part in view.form.parts if isinstance(part.own, kind))


def leave(view: DetailsView) -> None:
    view.end()
    view.hide()
    view.deleteLater()


def test_the_order_by_kinds_becomes_one_of_devices_at_the_first_change(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "boot")
        editor = own(view, BootEditor)
        assert isinstance(editor, BootEditor)
        assert view.session.text == MACHINE
        states = [editor.list.item(row).checkState() == Qt.CheckState.Checked for row in range(editor.list.count())]
        assert states == [True, True, False, False]
        editor.list.setCurrentRow(1)
        QTest.keyClick(editor.list, Qt.Key.Key_Up, CTRL)
        document = view.session.document
        assert document.find("os/boot") is None
        assert document.get("devices/disk[1]/boot/@order") == "1"
        assert document.get("devices/disk[2]/boot/@order") == "2"
        assert document.get("devices/interface/boot/@order") is None
        view.session.undo()
        assert view.session.text == MACHINE
        leave(view)

    run(story())


def test_a_device_is_ticked_by_the_space_bar(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "boot")
        editor = own(view, BootEditor)
        assert isinstance(editor, BootEditor)
        editor.list.setCurrentRow(2)
        QTest.keyClick(editor.list, Qt.Key.Key_Space)
        numbers = [view.session.document.get(f"devices/{path}/boot/@order") for path in ("disk[2]", "disk[1]", "interface")]
        assert numbers == ["1", "2", "3"]
        leave(view)

    run(story())


def test_unticking_the_last_takes_the_order_away() -> None:
    document = Document.parse("<domain><devices><disk><target dev='vda'/><boot order='1'/></disk></devices></domain>")
    (disk, ticked) = order(document)[0]
    assert ticked
    put_order(document, [("devices/disk", False)])
    assert disk.find("boot") is None


def test_a_topology_that_does_not_fit_is_told_and_mended(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "vcpus")
        editor = own(view, TopologyEditor)
        assert isinstance(editor, TopologyEditor)
        QTest.mouseClick(editor.pairs, Qt.MouseButton.LeftButton)
        get = view.session.document.get
        assert [get(f"cpu/topology/@{name}") for name in ("sockets", "cores", "threads")] == ["1", "4", "2"]
        assert "fits" in editor.says.text
        block = view.form.block("vcpu") if view.form is not None else None
        widget = block.widget  # type: ignore[union-attr]
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Up)
        assert "9" in editor.says.text
        assert "must be the same" in editor.says.text
        QTest.mouseClick(editor.none, Qt.MouseButton.LeftButton)
        assert view.session.document.find("cpu/topology") is None
        leave(view)

    run(story())


def test_secure_boot_in_one_choice(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "os")
        editor = own(view, FirmwareEditor)
        assert isinstance(editor, FirmwareEditor)
        editor.buttons["secure"].click()
        assert editor.now() == "secure"
        names = {one.get("name"): one.get("enabled") for one in view.session.document.find_all("os/firmware/feature")}
        assert names == {"secure-boot": "yes", "enrolled-keys": "yes"}
        assert editor.buttons["secure"].isChecked()
        assert not editor.buttons["uefi"].isChecked()
        editor.buttons["bios"].click()
        assert view.session.document.find("os/firmware") is None
        assert view.session.document.get("os/@firmware") == "bios"
        leave(view)

    run(story())


def test_one_switch_for_hyper_v(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "hyperv")
        editor = own(view, HypervEditor)
        assert isinstance(editor, HypervEditor)
        editor.all.click()
        states = {str(one.tag): one.get("state") for one in view.session.document.find_all("features")[0][0]}
        assert states["relaxed"] == "on"
        assert states["spinlocks"] == "on"
        assert editor.all.checkState() == Qt.CheckState.Checked
        editor.all.click()
        assert view.session.document.find("features/hyperv") is None
        leave(view)

    run(story())


def test_a_device_of_the_host_is_picked_and_the_rest_stays(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "devices/hostdev")
        editor = own(view, HostDeviceEditor)
        assert isinstance(editor, HostDeviceEditor)
        tree = editor.tree
        current = tree.currentItem()
        assert current is not None
        assert current.text(0) == "Logitech receiver"
        used = tree.topLevelItem(2)
        assert used is not None
        assert used.isDisabled()
        assert "web" in used.text(1)
        tree.setFocus()
        QTest.keyClick(tree, Qt.Key.Key_Down)
        QTest.keyClick(tree, Qt.Key.Key_Return)
        document = view.session.document
        assert document.get("devices/hostdev/source/vendor/@id") == "0x0951"
        assert document.get("devices/hostdev/source/@startupPolicy") == "optional"
        assert len(document.find_all("devices/hostdev/source/vendor")) == 1
        leave(view)

    run(story())


def test_processors_are_pinned_on_the_hosts_cells(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = await opened(tmp_path, "cputune")
        editor = own(view, PinningEditor)
        assert isinstance(editor, PinningEditor)
        assert not editor.each.isEnabled()
        cells = (Cell(0, 1, (0, 1, 4, 5), ((0, 4), (1, 5))), Cell(1, 1, (2, 3, 6, 7), ((2, 6), (3, 7))))
        view.session.offers = Offers(driver="QEMU", cells=cells, cpus=8)
        view.session.offers_changed.emit()
        QTest.mouseClick(editor.each, Qt.MouseButton.LeftButton)
        pins = [one.get("cpuset") for one in view.session.document.find_all("cputune/vcpupin")]
        assert pins == ["0", "4", "1", "5", "2", "6", "3", "7"]
        assert "runs 1" in editor.map.words(4)
        places = {cpu: rect for _cell, cpu, rect in editor.map.squares(editor.map.width())}
        assert places[4].left() == places[0].right() + 1
        QTest.mouseClick(editor.none, Qt.MouseButton.LeftButton)
        assert view.session.text == MACHINE
        leave(view)

    run(story())


def test_a_volume_is_made_and_used(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose(next(entry.key for entry in view.list.entries.entries() if entry.description.id == "disk"))
            editor = own(view, DiskSourceEditor)
            assert isinstance(editor, DiskSourceEditor)
            QTest.mouseClick(editor.pick, Qt.MouseButton.LeftButton)
            await until(lambda: isinstance(QApplication.activeModalWidget(), VolumeDialog))
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, VolumeDialog)
            await until(lambda: dialog.tree.topLevelItemCount() == 1)
            dialog.name.setText("fresh")
            dialog.tree.setCurrentItem(dialog.tree.findItems("default", Qt.MatchFlag.MatchExactly)[0])
            assert not dialog.use.isEnabled()
            dialog.amount.setText("much")
            QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
            await until(lambda: "much" in dialog.says.text())
            dialog.amount.setText("3 GiB")
            QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
            await until(dialog.use.isEnabled, "the volume is made")
            QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
            await until(lambda: view.session.edited)
            document = view.session.document
            assert document.get("devices/disk[1]/source/@file") == "/practice/images/fresh.qcow2"
            assert document.get("devices/disk[1]/driver/@type") == "qcow2"

    run(story())
