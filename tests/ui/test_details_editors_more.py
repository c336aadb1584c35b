"""The hand-written editors of network cards, displays, NUMA cells, processor features, notes and metadata."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.devices.offers import Cell, Named, Offers
from app.xmldoc.document import Document
from tests.ui.conftest import Run
from tests.ui.details_world import details, row, session_of, view_of
from tests.ui.program_world import until
from tests.ui.scenes_editors import MACHINE, OFFERS
from ui.details.editors.display import DisplayEditor, fix_port, reach, reached, set_password
from ui.details.editors.host_device import HostDeviceEditor
from ui.details.editors.metadata import MetadataEditor
from ui.details.editors.network import NetworkEditor, connect
from ui.details.editors.notes import NotesEditor
from ui.details.editors.numa import NumaEditor, shares, split
from ui.details.editors.processor_features import FeaturesEditor, put_policies
from ui.details.view import DetailsView

Panel = TypeVar("Panel")
Body = Callable[[DetailsView], None]
LEFT = Qt.MouseButton.LeftButton


def on_page(run: Run, folder: Path, key: str, body: Body, offers: Offers = OFFERS, machine: str = MACHINE) -> None:
    """The page of ``key``, shown; afterwards everything that was edited is undone, which gives the text as it was."""

    async def story() -> None:
        view = view_of(session_of(machine, offers), folder)
        view.resize(980, 900)
        await view.load()
        view.show()
        assert view.list.choose(key), key
        assert view.session.text == machine
        body(view)
        while view.session.can_undo:
            view.session.undo()
        assert view.session.text == machine
        view.end()
        view.hide()
        view.deleteLater()

    run(story())


def own(view: DetailsView, kind: type[Panel]) -> Panel:
    assert view.form is not None
    return next(part.own for part in view.form.parts if isinstance(part.own, kind))


# network cards


def test_a_card_is_connected_to_a_bridge_by_keys(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NetworkEditor)
        assert editor.box.currentText() == "Virtual network “default”"
        assert editor.box.itemText(1) == "Virtual network “lab” (not active)"
        editor.box.setFocus()
        QTest.keyClick(editor.box, Qt.Key.Key_Down)
        QTest.keyClick(editor.box, Qt.Key.Key_Down)
        get = view.session.document.get
        assert get("devices/interface[1]/@type") == "bridge"
        assert view.session.document.find_all("devices/interface[1]/source")[0].items() == [("bridge", "br0")]
        assert "own network" in editor.says.text
        QTest.keyClick(editor.box, Qt.Key.Key_Down)
        assert get("devices/interface[1]/source/@dev") == "eno1"
        assert get("devices/interface[1]/source/@mode") == "bridge"
        assert get("devices/interface[1]/mac/@address") == "52:54:00:00:00:01"

    on_page(run, tmp_path, "devices/interface[1]", body)


def test_a_port_is_forwarded_to_the_guest(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NetworkEditor)
        assert "TCP 2222 → 22" in editor.ports.text
        assert not editor.forward.add.isEnabled()
        QTest.keyClicks(editor.forward.host, "8080")
        QTest.keyClicks(editor.forward.guest, "99999")
        assert not editor.forward.add.isEnabled()
        QTest.keyClick(editor.forward.guest, Qt.Key.Key_Backspace)
        QTest.keyClick(editor.forward.guest, Qt.Key.Key_Backspace)
        QTest.mouseClick(editor.forward.add, LEFT)
        spans = view.session.document.find_all("devices/interface[2]/portForward/range")
        assert [(one.get("start"), one.get("to")) for one in spans] == [("2222", "22"), ("8080", "999")]
        assert "TCP 8080 → 999" in editor.ports.text

    on_page(run, tmp_path, "devices/interface[2]", body)


def test_a_host_without_passt_forwards_nothing(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NetworkEditor)
        assert editor.forward.isHidden()
        assert "passt" in editor.ports.text

    lacking = Offers(driver="QEMU", enums={"interface/backendType": ("default",)})
    on_page(run, tmp_path, "devices/interface[2]", body, lacking)


def test_what_belongs_to_the_old_kind_goes_with_it() -> None:
    document = Document.parse(
        "<domain><devices><interface type='user'><backend type='passt' logFile='/l'/><portForward proto='tcp'/>"
        "</interface></devices></domain>"
    )
    element = document.find_all("devices/interface")[0]
    connect(document, element, "network", "lab")
    assert [str(child.tag) for child in element] == ["source"]
    assert document.get("devices/interface/source/@network") == "lab"
    connect(document, element, "user", "")
    assert not len(element)


# displays


def test_who_reaches_the_screen_in_one_answer(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, DisplayEditor)
        assert editor.buttons["all"].isChecked()
        assert "set a password" in editor.says.text
        QTest.mouseClick(editor.password, LEFT)
        assert len(view.session.document.get("devices/graphics[1]/@passwd") or "") == 8
        assert "password" not in editor.says.text
        QTest.mouseClick(editor.fixed, LEFT)
        assert view.session.document.get("devices/graphics[1]/@port") == "5900"
        button = editor.buttons["libvirt"]
        QTest.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))
        assert view.session.document.get("devices/graphics[1]/listen/@type") == "none"
        assert view.session.document.get("devices/graphics[1]/@port") is None
        assert [name for name, one in editor.buttons.items() if one.isChecked()] == ["libvirt"]
        assert editor.fixed.isHidden()
        editor.buttons["host"].setFocus()
        QTest.keyClick(editor.buttons["host"], Qt.Key.Key_Space)
        assert view.session.document.get("devices/graphics[1]/listen/@address") == "127.0.0.1"

    on_page(run, tmp_path, "devices/graphics[1]", body)


@pytest.mark.parametrize(
    ("inside", "way"),
    [
        ("<graphics type='vnc'/>", "default"),
        ("<graphics type='vnc' listen='::1'/>", "host"),
        ("<graphics type='vnc' listen='0.0.0.0'><listen type='address' address='0.0.0.0'/></graphics>", "all"),
        ("<graphics type='vnc'><listen type='address'/></graphics>", "default"),
        ("<graphics type='vnc'><listen type='network' network='lab' address='10.0.0.1'/></graphics>", ""),
        ("<graphics type='vnc'><listen type='address' address='10.0.0.1'/></graphics>", ""),
        ("<graphics type='vnc' socket='/run/s'/>", "socket"),
        ("<graphics type='spice'><listen type='none'/></graphics>", "libvirt"),
    ],
)
def test_each_form_of_an_address_is_understood(inside: str, way: str) -> None:
    document = Document.parse(f"<domain><devices>{inside}</devices></domain>")
    element = document.find_all("devices/graphics")[0]
    assert reached(element) == way
    for name in ("host", "all", "libvirt", "default"):
        reach(document, element, name)
        assert reached(element) == name
        assert element.get("listen") is None
        assert element.get("socket") is None


def test_a_fixed_port_is_none_of_another_display() -> None:
    document = Document.parse("<domain><devices><graphics port='5900' tlsPort='5901'/><graphics type='spice'/></devices></domain>")
    second = document.find_all("devices/graphics")[1]
    fix_port(document, second)
    assert (second.get("port"), second.get("autoport")) == ("5902", "no")
    set_password(document, second)
    first = str(second.get("passwd"))
    set_password(document, second)
    assert len(first) == 16
    assert first != second.get("passwd")


# NUMA


def test_cells_are_divided_as_the_hosts_are(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NumaEditor)
        assert "3 GiB" in editor.says.text
        assert [one.number for one in editor.map.inside(OFFERS.cells[1])] == [0]
        assert [one.number for one in editor.map.outside()] == [1]
        QTest.mouseClick(editor.like_host, LEFT)
        cells = view.session.document.find_all("cpu/numa/cell")
        assert [(one.get("cpus"), one.get("memory")) for one in cells] == [("0-3", "2097152"), ("4-7", "2097152")]
        bound = view.session.document.find_all("numatune/memnode")
        assert [one.get("nodeset") for one in bound] == ["0", "1"]
        assert "All memory" in editor.says.text
        assert [one.number for one in editor.map.inside(OFFERS.cells[1])] == [1]
        QTest.mouseClick(editor.none, LEFT)
        assert view.session.document.find("cpu/numa") is None
        assert view.session.document.find("numatune") is None
        assert view.session.document.get("cpu/model") == "Haswell"
        assert editor.matrix.isHidden()

    on_page(run, tmp_path, "numa", body)


def test_a_distance_is_written_both_ways(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NumaEditor)
        assert [[_cell(editor, one, two) for two in (0, 1)] for one in (0, 1)] == [["10", "20"], ["20", "10"]]
        editor.matrix.setFocus()
        editor.matrix.setCurrentCell(0, 1)
        QTest.keyClick(editor.matrix, Qt.Key.Key_F2)
        line = editor.matrix.findChild(QLineEdit)
        assert line is not None
        line.setText("31")
        QTest.keyClick(line, Qt.Key.Key_Return)
        QTest.qWait(1)  # Qt takes the text over when it is back in its loop
        get = view.session.document.get
        assert get("cpu/numa/cell[1]/distances/sibling[@id='1']/@value") == "31"
        assert get("cpu/numa/cell[2]/distances/sibling[@id='0']/@value") == "31"
        assert get("cpu/numa/cell[2]/distances/sibling[@id='1']/@value") == "10"
        before = view.session.text
        item = editor.matrix.item(1, 0)
        assert item is not None
        item.setText("9")
        assert view.session.text == before
        assert "between 11 and 255" in editor.says.text
        assert _cell(editor, 1, 0) == "31"

    on_page(run, tmp_path, "numa", body)


def _cell(editor: NumaEditor, one: int, two: int) -> str:
    item = editor.matrix.item(one, two)
    assert item is not None
    return item.text()


def test_shares_lose_nothing() -> None:
    found = shares(7, 1048577, 3)
    assert [one.cpus for one in found] == ["0-2", "3-4", "5-6"]
    assert sum(one.memory_kib for one in found) == 1048577
    document = Document.parse("<domain><memory unit='MiB'>512</memory><vcpu>2</vcpu></domain>")
    split(document, 2, [])
    assert document.find("numatune") is None
    assert [one.get("memory") for one in document.find_all("cpu/numa/cell")] == ["262144", "262144"]


def test_a_host_with_one_cell_offers_no_copy_of_it(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NumaEditor)
        assert not editor.like_host.isEnabled()
        assert "one cell" in editor.like_host.toolTip()
        assert editor.two.isEnabled()

    on_page(run, tmp_path, "numa", body, Offers(driver="QEMU", cells=(Cell(0, 1 << 20, (0, 1)),)))


# processor features


def test_a_feature_is_found_and_given(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, FeaturesEditor)
        assert [one.name for one in editor.model.rows if one.policy] == ["hle", "vmx"]
        QTest.keyClicks(editor.filter, "avx2")
        assert editor.shown.rowCount() == 1
        editor.policy.setFocus()
        QTest.keyClick(editor.policy, Qt.Key.Key_Down)
        assert view.session.document.get("cpu/feature[@name='avx2']/@policy") == "require"
        editor.filter.clear()
        editor.named.click()
        assert editor.shown.rowCount() == 3
        editor.view.selectAll()
        QTest.keyClick(editor.view, Qt.Key.Key_Delete)
        assert view.session.document.find("cpu/feature") is None
        assert view.session.document.get("cpu/model") == "Haswell"

    on_page(run, tmp_path, "cpu", body)


def test_a_feature_that_the_host_lacks_is_told(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, FeaturesEditor)
        assert "2 features" in editor.says.text
        view.session.edit("x", lambda document: put_policies(document, ["hle"], "require"))
        assert "hle" in editor.says.text
        view.session.edit("x", lambda document: document.remove_element(document.find_all("cpu")[0]))
        assert "choose one" in editor.says.text
        assert not editor.policy.isEnabled()

    on_page(run, tmp_path, "cpu", body)


def test_libvirt_tells_what_the_model_has(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            assert view.list.choose("cpu")
            view.session.edit("x", lambda document: document.set("cpu/model", "Haswell"))
            view.session.edit("x", lambda document: document.set("cpu/@mode", "custom"))
            editor = own(view, FeaturesEditor)
            await until(lambda: any(one.in_model for one in editor.model.rows), "the model is spelt out")
            known = {one.name: one.in_model for one in editor.model.rows}
            assert known["avx2"] is True
            assert "avx512f" not in known or known["avx512f"] is False

    run(story())


# notes and metadata


def test_notes_are_drawn_while_they_are_typed_and_load_nothing(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, NotesEditor)
        assert "Web server" in editor.view.toPlainText()
        assert "<img" in editor.view.toPlainText()
        widget = row(view, "metadata/hostelry:hostelry/hostelry:notes").widget
        widget.setFocus()
        QTest.keyClicks(widget, "~~old~~ ")
        assert "~~" not in editor.view.toPlainText().replace("~~old~~ # Web", "")
        assert editor.view.loadResource(2, QUrl("file:///etc/passwd")) is None
        assert editor.view.open(QUrl("file:///etc/passwd")) is False
        assert editor.view.open(QUrl("javascript:1")) is False

    on_page(run, tmp_path, "overview", body)


def test_metadata_of_other_programs_is_shown_and_left_alone(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, MetadataEditor)
        tops = [editor.tree.topLevelItem(place) for place in range(editor.tree.topLevelItemCount())]
        assert [one.text(0) for one in tops if one is not None] == ["hostelry", "libosinfo"]
        found = editor.tree.findItems("@id", Qt.MatchFlag.MatchRecursive)
        assert [one.text(1) for one in found] == ["http://debian.org/debian/12"]
        height = editor.height()
        editor.tree.setFocus()
        assert tops[0] is not None
        editor.tree.setCurrentItem(tops[0])
        QTest.keyClick(editor.tree, Qt.Key.Key_Left)
        assert editor.height() < height

    on_page(run, tmp_path, "metadata", body)


# devices of the host


def test_pci_devices_stand_in_their_iommu_groups(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, HostDeviceEditor)
        groups = [editor.tree.topLevelItem(place) for place in range(editor.tree.topLevelItemCount())]
        assert [(one.text(0), one.childCount()) for one in groups if one is not None] == [
            ("IOMMU group 12", 2), ("IOMMU group 13", 1), ("IOMMU group 14", 1),
        ]  # fmt: skip
        assert "together" in editor.says.text
        drive = next(one for one in editor.tree.findItems("Samsung", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive))
        place = editor.tree.visualItemRect(drive).center()
        QTest.mouseClick(editor.tree.viewport(), LEFT, pos=place)
        QTest.mouseDClick(editor.tree.viewport(), LEFT, pos=place)
        assert view.session.document.get("devices/hostdev/source/address/@bus") == "0x03"

    on_page(run, tmp_path, "devices/hostdev", body)


def test_a_device_that_another_machine_has_cannot_be_taken(run: Run, tmp_path: Path) -> None:
    def body(view: DetailsView) -> None:
        editor = own(view, HostDeviceEditor)
        used = editor.tree.findItems("82576", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)[0]
        place = editor.tree.visualItemRect(used).center()
        QTest.mouseDClick(editor.tree.viewport(), LEFT, pos=place)
        editor.tree.itemActivated.emit(used, 0)
        assert not view.session.edited
        assert "web-server" in used.text(1)

    offers = Offers(driver="QEMU", names={"pci": (*OFFERS.names["pci"], Named("x", "x", "no"))})
    on_page(run, tmp_path, "devices/hostdev", body, offers)
