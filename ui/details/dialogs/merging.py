"""Settings that were changed here and elsewhere to different values: for each, whose holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.editing.merge import Conflict, Side


class MergeDialog(QDialog):
    """``choices`` once it is accepted; rejected: yours hold everywhere until it is decided."""

    def __init__(self, conflicts: Sequence[Conflict], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Both were changed"))
        self._conflicts = list(conflicts)
        self.boxes: list[QComboBox] = []
        text = plain_label(_("These settings were changed here and by another program. Everything else was joined."))
        text.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([_("Setting"), _("Yours"), _("The other program's"), _("Take")])
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(_("Settings that both changed"))
        for conflict in self._conflicts:
            self._add(conflict)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox()
        buttons.addButton(_("&Take these"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Decide &later"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)
        self.resize(780, 340)

    def _add(self, conflict: Conflict) -> None:
        gone = _("nothing")
        item = QTreeWidgetItem([conflict.place, conflict.ours or gone, conflict.theirs or gone])
        for column in range(3):
            item.setToolTip(column, plain_tip(item.text(column)))
        self.tree.addTopLevelItem(item)
        box = QComboBox()
        box.addItem(_("Yours"), "ours")
        box.addItem(_("Theirs"), "theirs")
        box.setAccessibleName(_("Whose holds for {setting}").format(setting=conflict.place))
        self.boxes.append(box)
        self.tree.setItemWidget(item, 3, box)

    def choices(self) -> list[tuple[Conflict, Side]]:
        """Each conflict with whose value is taken."""
        return [(conflict, box.currentData()) for conflict, box in zip(self._conflicts, self.boxes, strict=True)]
