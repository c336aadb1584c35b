"""What the running machine will only have after its next start, property by property."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.editing.pending import Pending
    from app.editing.session import EditSession

PENDING = Qt.ItemDataRole.UserRole
BETWEEN_PX, MOST_COLUMN_PX = 16, 260


class PendingDialog(QDialog):
    """revert: those to set back to what runs; empty: all; None: nothing.  restart: shut down and start again."""

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Changes pending"))
        self.revert: tuple[Pending, ...] | None = None
        self.restart = False
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Setting"), _("Runs with"), _("At the next start")])
        self.tree.setAccessibleName(_("Changes that wait"))
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for pending in session.pending:
            name = (
                _("{device}: {setting}").format(device=pending.device, setting=pending.label) if pending.device else pending.label
            )
            item = QTreeWidgetItem([name, pending.live, pending.next])
            item.setData(0, PENDING, pending)
            for column in range(3):
                item.setToolTip(column, plain_tip(f"{item.text(column)}\n{pending.path}"))
            self.tree.addTopLevelItem(item)
        for column in range(2):
            self.tree.resizeColumnToContents(column)
            self.tree.setColumnWidth(column, min(self.tree.columnWidth(column) + BETWEEN_PX, MOST_COLUMN_PX))
        self._arrange()
        self.resize(720, 360)

    def _arrange(self) -> None:
        text = plain_label(
            _("The definition was changed, but the running machine keeps these until it is shut down and started again.")
        )
        text.setWordWrap(True)
        self.buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.again = self.buttons.addButton(_("&Shut down and start again"), role.ActionRole)
        self.again.setIcon(icon("system-reboot"))
        self.back = self.buttons.addButton(_("&Revert"), role.ActionRole)
        self.back.setIcon(icon("edit-undo"))
        self.back.setToolTip(_("The definition gets back what the machine runs with: of the selected lines, or of all"))
        close = self.buttons.addButton(_("Close"), role.RejectRole)
        self.again.clicked.connect(lambda _checked=False: self._leave(restart=True))
        self.back.clicked.connect(lambda _checked=False: self._leave(restart=False))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self.tree, 1)
        column.addWidget(self.buttons)
        for button in (self.again, self.back):
            button.setAutoDefault(False)  # Return must not shut a machine down
        close.setDefault(True)

    def _leave(self, *, restart: bool) -> None:
        self.restart = restart
        if not restart:
            self.revert = tuple(item.data(0, PENDING) for item in self.tree.selectedItems())
        self.accept()
