"""Machines that were deleted, each with the definitions that the history has of it, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editing.history import ORIGIN_WORDS, Entry, History
from app.errors import HostelryError
from app.i18n import _
from ui.aio import spawn
from ui.details.dialogs.history import when
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.actions.interface import Deleted

ENTRY = Qt.ItemDataRole.UserRole


class DeletedDialog(QDialog):
    """Accepted: ``entry`` is what comes back."""

    def __init__(self, machines: Sequence[Deleted], history: History, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Bring back a deleted machine"))
        self._history = history
        self.entry: Entry | None = None
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Machine"), _("Last kept"), _("Changed by")])
        self.tree.setAccessibleName(_("Deleted machines"))
        self.tree.setColumnWidth(0, 280)
        self.tree.setColumnWidth(1, 190)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(_("Its definition"))
        self._arrange()
        for machine in machines:
            self._add(machine)
        self.tree.currentItemChanged.connect(lambda *_items: self._select())
        self.tree.itemActivated.connect(lambda *_items: self._take())
        self.tree.setCurrentItem(self.tree.topLevelItem(0) or QTreeWidgetItem())
        self.resize(760, 560)

    def _arrange(self) -> None:
        says = plain_label(
            _(
                "The definition comes back as it was kept. Disks that were deleted with the machine do not, and passwords are "
                "not kept: set them again."
            )
        )
        says.setWordWrap(True)
        buttons, role = QDialogButtonBox(), QDialogButtonBox.ButtonRole
        self.back = buttons.addButton(_("Bring it back"), role.AcceptRole)
        self.back.setIcon(icon("edit-undo"))
        buttons.addButton(_("Cancel"), role.RejectRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.text)
        column = QVBoxLayout(self)
        column.addWidget(says)
        column.addWidget(splitter, 1)
        column.addWidget(buttons)

    def _add(self, machine: Deleted) -> None:
        """Its newest definition; older ones below it."""
        top = _row(machine.entries[0])
        self.tree.addTopLevelItem(top)
        for older in machine.entries[1:]:
            top.addChild(_row(older))

    def _select(self) -> None:
        entry = self._current()
        self.back.setEnabled(entry is not None)
        self.text.clear()
        if entry is not None:
            spawn(self._show(entry), self, name="read a definition")

    def _current(self) -> Entry | None:
        item = self.tree.currentItem()
        found = item.data(0, ENTRY) if item is not None else None
        return found if isinstance(found, Entry) else None

    async def _show(self, entry: Entry) -> None:
        try:
            text = await asyncio.to_thread(self._history.read, entry)
        except HostelryError as error:
            text = str(error)
        if entry is self._current():
            self.text.setPlainText(text)

    def _take(self) -> None:
        self.entry = self._current()
        if self.entry is not None:
            self.accept()


def _row(entry: Entry) -> QTreeWidgetItem:
    item = QTreeWidgetItem([entry.name, when(entry.when), _(ORIGIN_WORDS[entry.origin])])
    item.setData(0, ENTRY, entry)
    item.setToolTip(0, plain_tip(entry.name))
    return item
