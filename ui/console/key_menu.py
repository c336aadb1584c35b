"""Key combinations that the host would keep for itself, sent from a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import N_, _
from ui.console.keymap import SPECIAL

Keys = tuple[tuple[int, int], ...]
"""(scancode, keysym) each."""

CTRL, ALT, SHIFT, SUPER = (0x1D, 0xFFE3), (0x38, 0xFFE9), (0x2A, 0xFFE1), (0xE05B, 0xFFEB)


def _special(name: str) -> tuple[int, int]:
    from PySide6.QtCore import Qt  # noqa: PLC0415 - names are looked up while the module loads

    return SPECIAL[getattr(Qt.Key, f"Key_{name}")]


COMBINATIONS: tuple[tuple[str, Keys] | None, ...] = (
    (N_("Ctrl+Alt+Del"), (CTRL, ALT, _special("Delete"))),
    (N_("Ctrl+Alt+Backspace"), (CTRL, ALT, _special("Backspace"))),
    None,
    *((f"Ctrl+Alt+F{number}", (CTRL, ALT, _special(f"F{number}"))) for number in range(1, 13)),
    None,
    (N_("Print Screen"), (_special("Print"),)),
    (N_("Alt+Print Screen (SysRq)"), (ALT, _special("SysReq"))),
    (N_("Pause"), (_special("Pause"),)),
    (N_("Super"), (SUPER,)),
    (N_("Alt+Tab"), (ALT, _special("Tab"))),
    (N_("Alt+F4"), (ALT, _special("F4"))),
    (N_("Ctrl+Shift+Esc"), (CTRL, SHIFT, _special("Escape"))),
    (N_("Super+L"), (SUPER, (0x26, 0x6C))),
)


def key_menu(send: Callable[[Keys], None], parent: QWidget) -> QMenu:
    """A menu that sends each combination."""
    menu = QMenu(_("Send keys"), parent)
    for entry in COMBINATIONS:
        if entry is None:
            menu.addSeparator()
            continue
        text, keys = entry
        menu.addAction(_(text)).triggered.connect(_sender(send, keys, menu))
    return menu


def _sender(send: Callable[[Keys], None], keys: Keys, _owner: QObject) -> Callable[[], None]:
    return lambda: send(keys)
