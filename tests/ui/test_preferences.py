"""The preferences: made from the options, applied at once, found by words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QScrollArea, QSpinBox, QWidget

from app.console.keys.chords import chord
from app.settings import options
from app.settings.store import Settings
from tests.ui.conftest import Run
from ui import look
from ui.console.chord_edit import ChordEdit
from ui.console.chord_list import ChordList
from ui.dialogs.preferences import PreferencesDialog


def test_every_titled_option_has_an_editor_that_sets_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        settings = Settings(tmp_path / "config", tmp_path / "state")
        dialog = PreferencesDialog(settings)
        for option in options.OPTIONS:
            if not option.title:
                continue
            editor = dialog.findChild(QWidget, option.key)
            before = settings.get(option)
            if isinstance(editor, QCheckBox):
                editor.toggle()
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex((editor.currentIndex() + 1) % editor.count())
            elif isinstance(editor, QSpinBox):
                editor.setValue(editor.value() + 1)
            elif isinstance(editor, ChordEdit):
                editor.button.recorded.emit(chord("Ctrl", "Shift"))
            elif isinstance(editor, ChordList):
                editor.add.recorded.emit(chord("Ctrl", "Shift", "F5"))
            assert settings.get(option) != before, option.key
        dialog.deleteLater()

    run(story())


def test_a_search_leaves_the_groups_that_have_it(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        dialog = PreferencesDialog(Settings(tmp_path / "config", tmp_path / "state"))
        dialog.search.setText("release keyboard")
        shown = [dialog.groups.item(row).text() for row in range(dialog.groups.count()) if not dialog.groups.item(row).isHidden()]
        assert shown == ["Console"]
        assert dialog.groups.currentItem().text() == "Console"
        dialog.deleteLater()

    run(story())


def test_dark_is_applied_at_once(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "config", tmp_path / "state")
    look.follow(qapp, settings)
    try:
        settings.set(options.COLOUR_SCHEME, "dark")
        assert qapp.palette().window().color().lightness() < 128
        settings.set(options.COLOUR_SCHEME, "light")
        assert qapp.palette().window().color().lightness() > 128
    finally:
        settings.set(options.COLOUR_SCHEME, "desktop")


def test_an_empty_tick_box_has_an_edge_in_the_dark(qapp: QApplication) -> None:
    try:
        look.use(qapp, "dark")
        box = QCheckBox()
        box.ensurePolished()  # when a class gets its colours
        edge, base = (box.palette().color(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base))
        assert edge.lightness() - base.lightness() > 100
    finally:
        look.use(qapp, "desktop")
    assert QCheckBox().palette().color(QPalette.ColorRole.Window) == qapp.palette().color(QPalette.ColorRole.Window)


def test_no_page_is_cut_at_its_first_size(qapp: QApplication, tmp_path: Path) -> None:
    dialog = PreferencesDialog(Settings(tmp_path / "config", tmp_path / "state"))
    dialog.show()
    for row in range(dialog.pages.count()):
        dialog.groups.setCurrentRow(row)
        qapp.processEvents()
        page = dialog.pages.widget(row)
        assert isinstance(page, QScrollArea) and page.horizontalScrollBar().maximum() == 0, dialog.groups.item(row).text()
    dialog.deleteLater()
