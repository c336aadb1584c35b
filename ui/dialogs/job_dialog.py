"""One job in full: what it does or did, each machine's row, the raw error; stop it or try it again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.i18n import _
from app.jobs.job import Job, JobRow
from app.jobs.runner import JobRunner
from ui.dialogs.dialog_parts import Fold, PlainDialog, breakable, copy_text
from ui.dialogs.error_dialog import as_text
from ui.dialogs.job_words import STATE_ICONS, STATE_WORDS, lasted, started, status
from ui.icons import icon
from ui.plain import tip as plain_tip

Role = QDialogButtonBox.ButtonRole


class JobDialog(PlainDialog):
    """Follows the job while it runs."""

    def __init__(self, job: Job, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Task"), STATE_ICONS[job.state])
        self._job, self._jobs = job, jobs
        self.add_text(job.title, strong=True)
        self._status = self.add_text("")
        self._next = self.add_text("")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(_("Progress"))
        self.body.addWidget(self.progress)
        self.rows = self._make_rows()
        self._times = self.add_text("")
        self.fold = Fold("")
        self.fold.copy.clicked.connect(lambda: copy_text(job_as_text(job)))
        self.body.addWidget(self.fold)
        self.body.addStretch()
        self._make_buttons()
        job.changed.connect(self._show)
        self._show(job)

    def _make_rows(self) -> QTableWidget:
        table = QTableWidget(len(self._job.rows), 3)
        table.setHorizontalHeaderLabels([_("Machine"), _("State"), _("What became of it")])
        table.setAccessibleName(_("Machines of this task"))
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setWordWrap(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(0, self.fontMetrics().averageCharWidth() * 32)
        table.setMinimumSize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 10)
        table.setVisible(bool(self._job.rows))
        self.body.addWidget(table, 1)
        return table

    def _make_buttons(self) -> None:
        self.stop = self.add_button(_("Stop the task"), Role.ActionRole)
        self.stop.clicked.connect(lambda: self._jobs.cancel(self._job))
        self.again = self.add_button(_("Try again"), Role.ActionRole)
        self.again.clicked.connect(self._retry)
        close = self.add_button(_("Close"), Role.RejectRole, default=True)
        close.clicked.connect(self.reject)

    def _retry(self) -> None:
        self._jobs.retry(self._job)
        self.accept()

    def _show(self, job: Job) -> None:
        self._status.setText(breakable(status(job)))
        self._next.setText(breakable(_next_sentence(job)))
        self._next.setVisible(bool(self._next.text()))
        self.progress.setVisible(not job.over)
        self.progress.setRange(0, 0 if job.fraction is None else 1000)
        self.progress.setValue(int((job.fraction or 0) * 1000))
        self._times.setText(_("Started: {start}. Took: {time}.").format(start=started(job), time=lasted(job)))
        self.stop.setVisible(not job.over)
        self.stop.setEnabled(job.cancellable)
        self.stop.setToolTip(plain_tip(job.why_not_cancellable))
        self.again.setVisible(self._jobs.retryable(job))
        self.fold.setVisible(job.error is not None)
        self.fold.text.setPlainText(job.error.raw or as_text(job.error) if job.error else "")
        for number, row in enumerate(job.rows):
            self._show_row(number, row)

    def _show_row(self, number: int, row: JobRow) -> None:
        if number >= self.rows.rowCount():
            self.rows.setRowCount(number + 1)
            self.rows.show()
        texts = (row.subject, _(STATE_WORDS[row.state]), row.text)
        for column, text in enumerate(texts):
            item = self.rows.item(number, column)
            if item is None:
                item = QTableWidgetItem()
                self.rows.setItem(number, column, item)
            item.setText(text)
            item.setToolTip(plain_tip(text))
        state = self.rows.item(number, 1)
        if state is not None:
            state.setIcon(icon(STATE_ICONS[row.state]))


def _next_sentence(job: Job) -> str:
    """What to do next and what was left behind; while it runs, why it cannot be stopped."""
    if not job.over:
        return job.why_not_cancellable
    return " ".join(part for part in (job.error.next_step, job.result) if part) if job.error else ""


def job_as_text(job: Job) -> str:
    """Everything about it, for the clipboard."""
    lines = [job.title, status(job), _("Started: {start}. Took: {time}.").format(start=started(job), time=lasted(job))]
    lines += [f"{row.subject}: {_(STATE_WORDS[row.state])}: {row.text}" for row in job.rows]
    if job.error is not None:
        lines.append(as_text(job.error))
    return "\n".join(lines)
