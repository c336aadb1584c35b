"""The XML page: typing, completion, faults, folding, finding, and one undo with the forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.description import Field, Kind
from app.editing.session import EditSession
from app.hosts.host import Host
from tests.ui.loops import LoopDriver, loop
from ui.xml.text_change import characters, differing, units
from ui.xml.xml_page import XmlPage

TEXT = """<domain type='kvm'>
  <name>wéb 🐧</name>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <disk type='file' device='disk'>
      <!-- kept -->
      <source file='/images/web.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
    </interface>
  </devices>
</domain>
"""
__all__ = ["loop"]

MEMORY = Field("memory", "Memory", Kind.SIZE, has_unit=True)


@pytest.fixture
def session() -> EditSession:
    return EditSession.for_new(Host("test:///default", label="practice"), TEXT)


@pytest.fixture
def page(qtbot: QtBot, session: EditSession, loop: LoopDriver) -> Iterator[XmlPage]:
    made = XmlPage(session)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    loop.until(lambda: made.editor.complete is not None)
    yield made
    made.end()


def put_cursor(page: XmlPage, behind: str) -> None:
    text = page.editor.toPlainText()
    cursor = page.editor.textCursor()
    cursor.setPosition(units(text, text.index(behind) + len(behind)))
    page.editor.setTextCursor(cursor)


def test_what_is_typed_is_in_the_session_and_back(page: XmlPage, session: EditSession) -> None:
    put_cursor(page, "<vcpu>2")
    QTest.keyClicks(page.editor, "4")
    assert session.document.get("vcpu") == "24"
    session.set(MEMORY, session.document.root, str(1 << 30))
    assert "<memory unit='MiB'>1024</memory>" in page.editor.toPlainText()
    assert page.editor.textCursor().block().text().strip() == "<vcpu>24</vcpu>"  # the cursor stays in its line


def test_undo_takes_back_what_was_done_last_wherever(page: XmlPage, session: EditSession) -> None:
    put_cursor(page, "<vcpu>2")
    QTest.keyClicks(page.editor, "4")
    session.set(MEMORY, session.document.root, str(1 << 30))
    QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.document.get("memory") == "512" and session.document.get("vcpu") == "24"
    QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.editor.toPlainText() == TEXT
    QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert session.document.get("vcpu") == "24"


def test_a_broken_text_is_kept_and_its_line_named(page: XmlPage, session: EditSession, loop: LoopDriver) -> None:
    put_cursor(page, "<vcpu>2")
    QTest.keyClicks(page.editor, "<")
    assert session.broken and session.document.get("vcpu") == "2"
    loop.until(lambda: page.editor.marked_lines)
    assert page.editor.marked_lines == {3}
    assert "Line 4" in page.problems.rows.item(0).text()
    QTest.keyClick(page.editor, Qt.Key.Key_Backspace)
    assert not session.broken
    loop.until(lambda: not page.editor.marked_lines)


def test_what_the_schema_refuses_is_underlined_and_leads_there(page: XmlPage, loop: LoopDriver) -> None:
    put_cursor(page, "device='disk")
    QTest.keyClicks(page.editor, "ette")
    loop.until(lambda: page.editor.marked_lines)
    assert page.editor.marked_lines == {8}
    page.editor.go_to(0)
    page.problems.rows.activated.emit(page.problems.rows.model().index(0, 0))
    assert page.editor.textCursor().blockNumber() == 8


def test_values_are_offered_and_taken_by_the_keyboard(page: XmlPage, session: EditSession) -> None:
    put_cursor(page, "bus='")
    for _letter in "virtio":
        QTest.keyClick(page.editor, Qt.Key.Key_Delete)
    QTest.keyClick(page.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    labels = page.editor._list.labels
    assert {"scsi", "sata", "usb"} <= set(labels)
    for _step in range(labels.index("scsi")):
        QTest.keyClick(page.editor, Qt.Key.Key_Down)
    QTest.keyClick(page.editor, Qt.Key.Key_Return)
    assert session.document.get("devices/disk/target/@bus") == "scsi"
    assert not page.editor._list.open


def test_elements_are_offered_behind_the_sign(page: XmlPage) -> None:
    put_cursor(page, "</vcpu>\n  ")
    QTest.keyClicks(page.editor, "<")
    assert "iothreads" in page.editor._list.labels and "disk" not in page.editor._list.labels
    QTest.keyClick(page.editor, Qt.Key.Key_Escape)
    assert not page.editor._list.open


def test_return_indents(page: XmlPage) -> None:
    put_cursor(page, "<devices>")
    QTest.keyClick(page.editor, Qt.Key.Key_Return)
    assert page.editor.textCursor().block().text() == "    "


def test_folding_hides_and_search_reveals(page: XmlPage, loop: LoopDriver) -> None:
    loop.until(lambda: 8 in page.editor.folds.starts)
    page.editor.folds.toggle(8)
    assert not page.editor.document().findBlockByNumber(10).isVisible()
    assert page.editor.document().findBlockByNumber(13).isVisible()
    QTest.keyClick(page.editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.find_bar.field, "web.qcow2")
    assert page.editor.textCursor().selectedText() == "web.qcow2"
    assert page.editor.document().findBlockByNumber(10).isVisible()
    assert page.find_bar.count.text() == "1 place"


def test_find_goes_around(page: XmlPage) -> None:
    page.find_bar.open()
    page.find_bar.field.setText("source")
    lines = [page.editor.textCursor().blockNumber()]
    for _press in range(2):
        QTest.keyClick(page.find_bar.field, Qt.Key.Key_Return)
        lines.append(page.editor.textCursor().blockNumber())
    assert lines == [10, 14, 10]
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.editor.textCursor().blockNumber() == 14


def test_tab_is_no_trap(page: XmlPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.editor.setFocus()
    qtbot.waitUntil(page.editor.hasFocus)
    QTest.keyClick(page.editor, Qt.Key.Key_Escape)
    QTest.keyClick(page.editor, Qt.Key.Key_Tab)
    assert not page.editor.hasFocus()
    assert page.editor.toPlainText() == TEXT


@pytest.mark.parametrize("text", ["", "plain", "é🐧x"])
def test_characters_and_units(text: str) -> None:
    for place in range(len(text) + 1):
        assert characters(text, units(text, place)) == place


def test_the_smallest_difference() -> None:
    assert differing("aaXbb", "aaYYbb") == (2, 2)
    assert differing("aa", "aaa") == (2, 0)
    assert differing("", "x") == (0, 0)


def test_colours_differ_from_the_text(page: XmlPage) -> None:
    block = page.editor.document().findBlockByNumber(8)
    kinds = {(form.format.foreground().color().name(), form.format.fontWeight()) for form in block.layout().formats()}
    assert len(kinds) >= 3


def test_colours_are_in_place_behind_a_character_of_two_units(page: XmlPage) -> None:
    block = page.editor.document().findBlockByNumber(1)
    bold = [form for form in block.layout().formats() if form.format.fontWeight() > 400]
    assert [(form.start, form.length) for form in bold] == [(2, 6), (14, 7)]


def _select(page: XmlPage, call: Callable[[QTextCursor], None]) -> None:
    cursor = page.editor.textCursor()
    call(cursor)
    page.editor.setTextCursor(cursor)


def test_lines_move_in_and_out(page: XmlPage) -> None:
    _select(page, lambda cursor: cursor.select(QTextCursor.SelectionType.Document))
    QTest.keyClick(page.editor, Qt.Key.Key_Tab)
    assert page.editor.toPlainText().startswith("  <domain") and "\n    <name" in page.editor.toPlainText()
    _select(page, lambda cursor: cursor.select(QTextCursor.SelectionType.Document))
    QTest.keyClick(page.editor, Qt.Key.Key_Backtab)
    assert page.editor.toPlainText() == TEXT
