"""The menu of what this computer and a guest share: clipboard, sound, devices.  Features add their switches."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from app.i18n import _
from ui.console.console_bar import ConsoleBar

_NAME = "share-menu"


def share_menu(bar: ConsoleBar) -> QMenu:
    """That of this bar, made with its button when the first feature asks."""
    found = bar.findChild(QMenu, _NAME)
    if found is not None:
        return found
    menu = QMenu(_("Shared with the guest"), bar)
    menu.setObjectName(_NAME)
    menu.setToolTipsVisible(True)
    tip = _("What this computer shares with the guest")
    bar.add_button("emblem-shared", _("Sharing"), tip, lambda: None, menu=menu, needs_picture=False)
    return menu
