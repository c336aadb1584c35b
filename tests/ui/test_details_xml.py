"""The XML tab and the inspector in the settings: one document with the forms."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.conftest import Run
from tests.ui.details_world import details, row, type_into
from tests.ui.program_world import until
from ui.xml.inspector_rows import Spot
from ui.xml.text_change import units
from ui.xml.xml_page import XmlPage

CTRL = Qt.KeyboardModifier.ControlModifier


def test_forms_and_text_are_one_document_with_one_undo(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.list.choose("memory")
            type_into(row(view, "memory").widget, "6 GiB")
            view.as_xml.click()
            page = view.stack.currentWidget()
            assert isinstance(page, XmlPage)
            text = page.editor.toPlainText()
            assert str(6 << 20) in text
            cursor = page.editor.textCursor()
            cursor.setPosition(units(text, text.index("</vcpu>")))
            page.editor.setTextCursor(cursor)
            QTest.keyClicks(page.editor, "0")
            vcpus = view.session.document.get("vcpu")
            assert vcpus is not None and vcpus.endswith("0")
            view.list.choose("vcpus")
            assert view.stack.currentWidget() is view.pages
            assert row(view, "vcpu").widget.text() == vcpus  # type: ignore[attr-defined]
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            assert view.session.text == view.session.base

    run(story())


def test_find_is_the_texts_own_while_it_has_the_keyboard(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.as_xml.click()
            page = view.stack.currentWidget()
            assert isinstance(page, XmlPage)
            QTest.keyClick(page.editor, Qt.Key.Key_F, CTRL)
            assert page.find_bar.isVisible()

    run(story())


def test_a_broken_text_locks_the_forms_until_it_is_undone(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            view.as_xml.click()
            page = view.stack.currentWidget()
            assert isinstance(page, XmlPage)
            QTest.keyClicks(page.editor, "<")
            assert view.session.broken
            view.list.choose("memory")
            assert not row(view, "memory").widget.isEnabled()
            QTest.keyClick(view.list, Qt.Key.Key_Z, CTRL)
            assert row(view, "memory").widget.isEnabled()

    run(story())


def test_the_inspector_below_a_page_sets_what_has_no_field(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with details(tmp_path) as (_world, view):
            disk = next(entry for entry in view.list.entries.entries() if entry.description.id == "disk")
            view.list.choose(disk.key)
            assert view.form is not None
            (foot,) = view.form.foot
            before = view.form.wanted_height()
            foot.open()
            assert view.form.wanted_height() > before + 200
            inspector = foot.view
            assert inspector is not None
            await until(lambda: inspector.schema is not None)
            inspector.select(Spot("element", disk.place))
            QTest.keyClicks(inspector.add.filter, "sgio")
            QTest.keyClick(inspector.add.filter, Qt.Key.Key_Return)
            assert view.session.document.get(f"{disk.place}/@sgio")
            inspector.select(Spot("attribute", disk.place, "sgio"))
            QTest.keyClick(inspector.tree, Qt.Key.Key_Delete)
            assert view.session.text == view.session.base

    run(story())
