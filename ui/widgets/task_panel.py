"""The foldable panel at the bottom: what runs, what ran, how far it is, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QProgressBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _, ngettext
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.settings import options
from app.settings.store import Settings
from ui.aio import ask, spawn
from ui.dialogs.dialog_parts import copy_text
from ui.dialogs.job_dialog import JobDialog, job_as_text
from ui.icons import icon
from ui.widgets.job_table import Column, JobTable, ProgressDelegate

TICK_MS = 1000


class TaskTable(QTreeView):
    """Copy takes the whole task, not the one cell that Qt's views copy."""

    copy_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class TaskPanel(QWidget):
    """A line which says what goes on; unfolded, a table.  Whether it is open is remembered."""

    opened = Signal(bool)

    def __init__(self, jobs: JobRunner, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._settings = jobs, settings
        self.model = JobTable(jobs, self)
        self.table = self._make_table()
        self.fold = self._make_fold()
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.bar.setAccessibleName(_("Progress of the running tasks"))
        self.bar.setMaximumWidth(self.fontMetrics().averageCharWidth() * 24)
        self._actions = self._make_actions()
        self._buttons: list[QToolButton] = []
        self._arrange()
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self.model.tick)
        self._follow()
        self.set_open(settings.get(options.TASKS_SHOWN))
        self._refresh()

    def set_open(self, is_open: bool) -> None:
        """Folds or unfolds the table."""
        self.fold.setChecked(is_open)
        self._unfold(is_open)

    def selected(self) -> Job | None:
        """The job of the current row."""
        return self.model.job(self.table.currentIndex())

    def _make_table(self) -> TaskTable:
        table = TaskTable()
        table.copy_wanted.connect(self._copy)
        table.setModel(self.model)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAlternatingRowColors(True)
        table.setAllColumnsShowFocus(True)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAccessibleName(_("Tasks"))
        table.setItemDelegateForColumn(Column.PROGRESS, ProgressDelegate(table))
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._menu)
        table.activated.connect(self._show_details)
        em, header = self.fontMetrics().averageCharWidth(), table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(Column.STATUS, QHeaderView.ResizeMode.Stretch)
        for column, ems in ((Column.TITLE, 38), (Column.PROGRESS, 16), (Column.STARTED, 18), (Column.LASTED, 13)):
            table.setColumnWidth(column, em * ems)
        selection = table.selectionModel()
        selection.currentChanged.connect(self._refresh)
        return table

    def _make_fold(self) -> QToolButton:
        fold = QToolButton()
        fold.setText(_("Tasks"))
        fold.setCheckable(True)
        fold.setAutoRaise(True)
        fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        fold.setToolTip(_("Show or hide running and finished tasks"))
        fold.toggled.connect(self._unfold)
        return fold

    def _make_actions(self) -> dict[str, QAction]:
        made = {
            "details": QAction(icon("document-properties"), _("Details"), self),
            "stop": QAction(icon("process-stop"), _("Stop the task"), self),
            "again": QAction(icon("view-refresh"), _("Try again"), self),
            "copy": QAction(icon("edit-copy"), _("Copy"), self),
        }
        made["details"].triggered.connect(self._show_details)
        made["stop"].triggered.connect(self._stop)
        made["again"].triggered.connect(self._again)
        made["copy"].triggered.connect(self._copy)
        return made

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(4, 0, 4, 0)
        line.setSpacing(6)  # or it takes that of the layout that it is in
        line.addWidget(self.fold)
        line.addWidget(self.summary, 1)
        line.addWidget(self.bar)
        for action in self._actions.values():
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            line.addWidget(button)
            self._buttons.append(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.table, 1)

    def _follow(self) -> None:
        self._jobs.added.connect(self._added)
        self._jobs.finished.connect(self._changed)
        for job in self._jobs.running:
            job.changed.connect(self._changed)

    def _added(self, job: Job) -> None:
        if not job.over:
            job.changed.connect(self._changed)
        self._refresh()

    def _changed(self, _job: Job) -> None:
        self._refresh()

    def _refresh(self) -> None:
        running = self._jobs.running
        self.summary.setText(_summary(self._jobs))
        self.bar.setVisible(bool(running))
        known = [job.fraction for job in running if job.fraction is not None]
        self.bar.setMaximum(1000 if known else 0)
        self.bar.setValue(int(1000 * sum(known) / len(running)) if known else 0)
        if bool(running) != self._ticker.isActive():
            self._ticker.start() if running else self._ticker.stop()
        self._enable(self.selected())

    def _enable(self, job: Job | None) -> None:
        self._actions["details"].setEnabled(job is not None)
        self._actions["copy"].setEnabled(job is not None)
        self._actions["stop"].setEnabled(job is not None and job.cancellable)
        self._actions["stop"].setToolTip(job.why_not_cancellable or _("Stop the task") if job else _("No task is selected"))
        self._actions["again"].setEnabled(job is not None and self._jobs.retryable(job))

    def _unfold(self, is_open: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.table.setVisible(is_open)
        for button in self._buttons:  # they are for a row of the table
            button.setVisible(is_open)
        self._settings.set(options.TASKS_SHOWN, is_open)
        self.opened.emit(is_open)

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self._actions.values()))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _show_details(self) -> None:
        job = self.selected()
        if job is not None:
            spawn(ask(JobDialog(job, self._jobs, self.window())), self, name="task details")

    def _stop(self) -> None:
        job = self.selected()
        if job is not None:
            self._jobs.cancel(job)

    def _again(self) -> None:
        job = self.selected()
        if job is not None:
            self._jobs.retry(job)

    def _copy(self) -> None:
        job = self.selected()
        if job is not None:
            copy_text(job_as_text(job))


def _summary(jobs: JobRunner) -> str:
    """What goes on, or how the last one ended."""
    running = jobs.running
    if len(running) == 1:
        only = running[0]
        return _("{title}: {text}").format(title=only.title, text=only.text) if only.text else only.title
    if running:
        return ngettext("{count} task is running", "{count} tasks are running", len(running)).format(count=len(running))
    if not jobs.jobs:
        return _("Nothing is running")
    last = jobs.jobs[-1]
    ended = {JobState.DONE: _("Done: {title}"), JobState.FAILED: _("Failed: {title}")}
    return ended.get(last.state, _("Cancelled: {title}")).format(title=last.title)
