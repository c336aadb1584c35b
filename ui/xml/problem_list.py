"""What is wrong with the text, below it; one row leads to its line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.xmldoc.schema.validate import Problem
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.icon_label import IconLabel

ROWS = 4


class ProblemList(QWidget):
    """chosen: a row's Problem."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._sign, self.summary, self.rows = IconLabel(), QLabel(), QListWidget()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setAccessibleName(_("What is wrong with the text"))
        self.rows.setWordWrap(True)
        self.rows.activated.connect(self._tell)
        self.rows.clicked.connect(self._tell)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 4)
        head.addWidget(self._sign)
        head.addWidget(self.summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.rows)
        self.show_problems([])

    def show_problems(self, problems: Sequence[Problem], *, why_unchecked: str = "") -> None:
        """why_unchecked: why nothing could be checked."""
        self.rows.clear()
        for problem in problems:
            row = QListWidgetItem(_("Line {line}: {message}").format(line=problem.line, message=problem.message))
            row.setToolTip(plain_tip(problem.raw))
            row.setData(Qt.ItemDataRole.UserRole, problem)
            self.rows.addItem(row)
        number = len(problems)
        if why_unchecked:
            text, name = why_unchecked, "dialog-information"
        elif number:
            text, name = ngettext("{count} fault", "{count} faults", number).format(count=number), "dialog-warning"
        else:
            text, name = _("The text agrees with libvirt's schema."), "dialog-ok-apply"
        self.summary.setText(text)
        side = self.style().pixelMetric(self.style().PixelMetric.PM_SmallIconSize)
        self._sign.show_icon(icon(name), side)
        self.rows.setVisible(bool(problems))
        row_height = max(self.rows.sizeHintForRow(0), self.fontMetrics().height() + 6)
        self.rows.setFixedHeight(row_height * min(ROWS, max(1, number)) + 4)

    def _tell(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(Qt.ItemDataRole.UserRole))
