"""What can be done to one row of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.devices.description import DeviceType
from app.editing.places import at_place
from app.i18n import _
from ui.details.dialogs import remembered
from ui.details.entries import Entry
from ui.dialogs.dialog_parts import copy_text
from ui.icons import icon

if TYPE_CHECKING:
    from ui.details.view import DetailsView


def entry_menu(view: DetailsView, entry: Entry) -> QMenu:
    """The context menu of ``entry``; it deletes itself when it is closed."""
    menu = QMenu(view)
    menu.setToolTipsVisible(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    kind, session = entry.description, view.session
    element = at_place(session.document, entry.place)
    is_device = isinstance(kind, DeviceType) and element is not None and bool(entry.place)
    if is_device and isinstance(kind, DeviceType):
        _add_device_rows(menu, view, entry, kind)
    if kind.id in remembered.ENTRIES:
        remembered.add_to(menu, session, view)
    text = session.document.fragment(element) if is_device and element is not None else session.text
    copy = menu.addAction(icon("edit-copy"), _("Copy &XML"))
    copy.triggered.connect(lambda _checked=False: copy_text(text))
    return menu


def _add_device_rows(menu: QMenu, view: DetailsView, entry: Entry, kind: DeviceType) -> None:
    remove = menu.addAction(icon("edit-delete"), _("&Remove"))
    remove.setEnabled(kind.removable)
    remove.setToolTip("" if kind.removable else _("Every machine has it."))
    remove.triggered.connect(lambda _checked=False: view.remove(entry))
    double = menu.addAction(icon("edit-copy"), _("&Duplicate"))
    double.setEnabled(kind.removable and kind.limit != 1)
    double.triggered.connect(lambda _checked=False: view.duplicate(entry))
    menu.addSeparator()
