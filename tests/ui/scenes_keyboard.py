"""The gallery's pictures of keyboard and pointer: typing, recording keys, held modifiers, the keyboard on the screen."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QMenu

from app.console.keys.chords import chord, objection, parse_all
from app.console.keys.layout import load
from app.settings import options
from tests.ui.gallery import Studio, scene
from ui.console.chord_edit import ChordEdit
from ui.console.chord_list import ChordList
from ui.console.console_bar import ConsoleBar
from ui.console.key_menu import KeyMenu
from ui.console.soft_keyboard import SoftKeyboard
from ui.console.type_dialog import TypeDialog
from ui.dialogs.preferences import PreferencesDialog


@scene
async def typing(studio: Studio) -> None:
    for name, text, layout, secret in (
        ("plain", "ssh-keygen -t ed25519\ncat ~/.ssh/id_ed25519.pub", "us", False),
        ("refused", "Größe: 5 € — naïve ж я щ ы", "us", False),
        ("secret", "sesame", "de", True),
        ("no-layout", "abc", "nowhere", False),
    ):
        dialog = TypeDialog("fedora", text, layout, 15, secret=secret)
        dialog.show()
        for _ in range(20):
            await asyncio.sleep(0.05)
        await studio.shoot(f"type-{name}", dialog)
        dialog.close()
        dialog.deleteLater()


@scene
async def shortcuts(studio: Studio) -> None:
    edit = ChordEdit(chord("Ctrl", "Alt"), objection)
    edit.resize(640, edit.sizeHint().height())
    await studio.shoot("release-key", edit)
    edit.button.show_text("Press the keys (Esc: leave as it is)")
    edit.take(chord("Shift", "A"))
    await studio.shoot("release-key-refused", edit)
    listed = ChordList(parse_all(options.CONSOLE_COMBINATIONS.default))
    listed.rows.setCurrentRow(1)
    await studio.shoot("shortcut-list", listed)
    dialog = PreferencesDialog(studio.world.program.settings)
    dialog.groups.setCurrentRow(2)
    dialog.resize(900, 640)
    await studio.shoot("preferences-console", dialog)


@scene
async def keys(studio: Studio) -> None:
    menu = KeyMenu()
    menu.show_combinations(parse_all(options.CONSOLE_COMBINATIONS.default))
    menu.show_held(frozenset({"Ctrl"}))
    menu.adjustSize()
    await studio.shoot("keys-menu", menu)
    for action in menu.actions():
        inner = action.menu()
        if inner is not None:
            assert isinstance(inner, QMenu)
            inner.adjustSize()
            await studio.shoot(f"keys-menu-{action.text().split()[0].lower()}", inner)
    bar = ConsoleBar()
    bar.set_live(True)
    bar.add_button("input-keyboard", "Ctrl+Alt held", "Let go", lambda: None)
    bar.show_capture(True, False, "Ctrl+Alt")
    bar.resize(1100, bar.sizeHint().height())
    await studio.shoot("bar-held", bar)


@scene
async def soft_keyboard(studio: Studio) -> None:
    for name, layout, held, width in (("us", "us", "", 1000), ("de-altgr", "de", "RightAlt", 1000), ("ru-narrow", "ru", "", 560)):
        board = SoftKeyboard(lambda _code, _sym, _pressed: None)
        board.use_layout(load(layout))
        if held:
            board.keys[held].setChecked(True)
        board.resize(width, board.sizeHint().height())
        await studio.shoot(f"soft-keyboard-{name}", board)
