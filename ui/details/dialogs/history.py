"""Earlier definitions of a machine: when and by whom each was made, what differs between any two, and the way back to one."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editing.history import ORIGIN_WORDS, Entry
from app.errors import HostelryError
from app.i18n import _
from ui.details.dialogs.difference import DiffText, unified
from ui.icons import icon
from ui.plain import label as plain_label

if TYPE_CHECKING:
    from app.editing.session import EditSession

ENTRY = Qt.ItemDataRole.UserRole


class HistoryDialog(QDialog):
    """Accepted: ``chosen`` is the text that the machine is to get; it becomes an edit, which is applied as any other.

    Of a machine that is gone: the text by which it is defined again.
    """

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("History of the definition"))
        self.chosen = ""
        self._texts: dict[int, str] = {}
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Time"), _("Changed by"), _("Name")])
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(_("Earlier definitions"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setColumnWidth(0, 190)
        self.tree.setColumnWidth(1, 140)
        self.says = plain_label(_("Select one to see what differs from now, or two to compare them."))
        self.says.setWordWrap(True)
        self.diff = DiffText("")
        self._arrange()
        self.tree.itemSelectionChanged.connect(self._select)
        self.resize(860, 620)

    def _arrange(self) -> None:
        buttons, role = QDialogButtonBox(), QDialogButtonBox.ButtonRole
        self.restore = buttons.addButton(_("&Restore this one"), role.AcceptRole)
        self.restore.setIcon(icon("edit-undo"))
        self.restore.setToolTip(_("It becomes a change that you can look at and apply"))
        if self._session.gone:
            self.restore.setText(_("&Bring it back"))
            self.restore.setToolTip(_("The machine is defined again; disks that were deleted do not come back"))
        buttons.addButton(_("Close"), role.RejectRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.diff)
        splitter.setSizes([220, 380])
        column = QVBoxLayout(self)
        column.addWidget(self.says)
        column.addWidget(splitter, 1)
        column.addWidget(buttons)
        self.restore.setEnabled(False)

    async def load(self) -> None:
        """Reads the list, beside the loop."""
        session = self._session
        history = session.history
        entries: list[Entry] = []
        if history is not None:
            try:
                entries = await asyncio.to_thread(lambda: list(history.entries(session.ref.host_id, session.ref.uuid)))
                self._texts = await asyncio.to_thread(
                    lambda: {number: history.read(entry) for number, entry in enumerate(entries)}
                )
            except (HostelryError, OSError) as error:
                self.says.setText(str(error))
        for number, entry in enumerate(entries):
            item = QTreeWidgetItem([when(entry.when), _(ORIGIN_WORDS[entry.origin]), entry.name])
            item.setData(0, ENTRY, number)
            self.tree.addTopLevelItem(item)
        if entries and self._session.gone:
            self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        if not entries:
            self.says.setText(_("Nothing has been kept yet: each change from now on is."))

    def _select(self) -> None:
        numbers = sorted(item.data(0, ENTRY) for item in self.tree.selectedItems())
        self.restore.setEnabled(len(numbers) == 1)
        if not numbers:
            return
        newer = self._texts[numbers[0]] if len(numbers) > 1 else self._session.base
        older = self._texts[numbers[-1]]
        self.diff.show_diff(unified(older, newer, (_("earlier"), _("later"))))

    def _take(self) -> None:
        numbers = [item.data(0, ENTRY) for item in self.tree.selectedItems()]
        if len(numbers) == 1:
            self.chosen = self._texts[numbers[0]]
            self.accept()


def when(time: datetime) -> str:
    """In the desktop's way."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(time.timestamp())), QLocale.FormatType.ShortFormat)
