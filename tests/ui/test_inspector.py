"""The inspector: shows all of an element, and changes, adds and removes one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.editing.session import EditSession
from app.hosts.host import Host
from app.xmldoc.diff import differences
from app.xmldoc.document import Document
from tests.ui.loops import LoopDriver, loop
from ui.xml.inspector_rows import Spot, item_of
from ui.xml.inspector_view import InspectorView

__all__ = ["loop"]

TEXT = """<domain type='kvm'>
  <name>web</name>
  <memory>1024</memory>
  <os><type>hvm</type></os>
  <strange odd='1'/>
  <devices>
    <!-- kept -->
    <disk type='file' device='disk'>
      <source file='/images/web.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <graphics type='vnc' passwd='sesame'/>
  </devices>
</domain>
"""
DISK = "devices/disk"


@pytest.fixture
def session() -> EditSession:
    return EditSession.for_new(Host("test:///default", label="practice"), TEXT)


@pytest.fixture
def view(qtbot: QtBot, session: EditSession, loop: LoopDriver) -> Iterator[InspectorView]:
    made = InspectorView(session, DISK)
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.show()
    loop.until(lambda: made.schema is not None)
    yield made
    made.end()


def places(session: EditSession) -> list[str]:
    return [one.place for one in differences(Document.parse(TEXT), session.document)]


def names(view: InspectorView) -> list[str]:
    rows = (view.add.list.topLevelItem(number) for number in range(view.add.list.topLevelItemCount()))
    return [row.text(0) for row in rows if row is not None]


def test_a_value_is_chosen_from_the_schemas_list(view: InspectorView, session: EditSession) -> None:
    view.select(Spot("attribute", f"{DISK}/target", "bus"))
    view._edit_current()
    box = view.tree.findChild(QComboBox)
    assert box is not None and box.currentText() == "virtio"
    box.setCurrentText("scsi")
    box.activated.emit(box.currentIndex())
    assert session.document.get(f"{DISK}/target/@bus") == "scsi"
    assert places(session) == ["devices/disk/target/@bus"]
    session.undo()
    assert session.document.to_text() == TEXT


def test_a_text_is_typed(view: InspectorView, session: EditSession, loop: LoopDriver) -> None:
    view.select(Spot("attribute", f"{DISK}/source", "file"))
    view._edit_current()
    line = next(edit for edit in view.tree.findChildren(QLineEdit) if edit.isVisible())
    line.selectAll()
    QTest.keyClicks(line, "/images/new.qcow2")
    QTest.keyClick(line, Qt.Key.Key_Return)
    loop.until(lambda: session.document.get(f"{DISK}/source/@file") == "/images/new.qcow2")


def test_an_element_is_found_by_typing_and_added_with_return(view: InspectorView, session: EditSession) -> None:
    view.select(Spot("element", DISK))
    QTest.keyClicks(view.add.filter, "iotu")
    assert names(view) == ["<iotune>"]
    QTest.keyClick(view.add.filter, Qt.Key.Key_Return)
    assert session.document.find(f"{DISK}/iotune") is not None
    assert view.current == Spot("element", f"{DISK}/iotune")
    view.add.filter.clear()
    assert "<total_bytes_sec>" in names(view)


def test_an_attribute_is_added_with_its_first_legal_value(view: InspectorView, session: EditSession) -> None:
    view.select(Spot("element", DISK))
    QTest.keyClicks(view.add.filter, "sgio")
    QTest.keyClick(view.add.filter, Qt.Key.Key_Return)
    assert session.document.get(f"{DISK}/@sgio") in ("filtered", "unfiltered")


def test_delete_removes_one_thing_but_not_the_element_itself(view: InspectorView, session: EditSession) -> None:
    view.select(Spot("attribute", f"{DISK}/target", "bus"))
    QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert places(session) == ["devices/disk/target/@bus"]
    view.select(Spot("element", DISK))
    QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert session.document.find(DISK) is not None


def test_what_no_schema_knows_is_shown_and_stays(view: InspectorView, session: EditSession) -> None:
    view.show_place("")
    assert item_of(view.tree, Spot("attribute", "strange", "odd")) is not None
    view.select(Spot("element", "strange"))
    assert "does not know it" in view.about.text()


def test_a_password_is_not_shown(view: InspectorView) -> None:
    view.show_place("devices/graphics")
    item = item_of(view.tree, Spot("attribute", "devices/graphics", "passwd"))
    assert item is not None and "sesame" not in item.text(1)


def test_the_schemas_place_is_told(view: InspectorView) -> None:
    view.select(Spot("element", f"{DISK}/target"))
    assert "domaincommon.rng" in view.about.text()


def test_it_follows_other_edits(view: InspectorView, session: EditSession) -> None:
    session.set_text(TEXT.replace("web.qcow2", "other.qcow2"))
    item = item_of(view.tree, Spot("attribute", f"{DISK}/source", "file"))
    assert item is not None and item.text(1) == "/images/other.qcow2"
    session.set_text(TEXT + "<")
    assert not view.isEnabled()
    session.undo()
    assert view.isEnabled()


def test_nothing_is_read_while_nobody_looks(view: InspectorView, session: EditSession) -> None:
    view.hide()
    session.set_text(TEXT.replace("web.qcow2", "other.qcow2"))
    spot = Spot("attribute", f"{DISK}/source", "file")
    item = item_of(view.tree, spot)
    assert item is not None and item.text(1) == "/images/web.qcow2"
    view.show()
    item = item_of(view.tree, spot)
    assert item is not None and item.text(1) == "/images/other.qcow2"
