"""The tasks as a table model, the newest on top, and how a running one's progress is painted."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionProgressBar, QStyleOptionViewItem

from app.i18n import N_, _
from app.jobs.job import Job
from app.jobs.runner import JobRunner
from app.signal import Connection
from ui.dialogs.job_words import STATE_ICONS, lasted, started, status
from ui.icons import icon
from ui.plain import tip as plain_tip

Index = QModelIndex | QPersistentModelIndex
FRACTION = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    """Places of the columns."""

    TITLE = 0
    STATUS = 1
    PROGRESS = 2
    STARTED = 3
    LASTED = 4


TITLES = {
    Column.TITLE: N_("Task"),
    Column.STATUS: N_("State"),
    Column.PROGRESS: N_("Progress"),
    Column.STARTED: N_("Started"),
    Column.LASTED: N_("Took"),
}


class JobTable(QAbstractTableModel):
    """Rows come and change exactly as the runner's jobs do."""

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Job] = list(reversed(jobs.jobs))
        self._links: dict[Job, Connection] = {}
        for job in self._rows:
            self._follow(job)
        jobs.added.connect(self._added)
        jobs.removed.connect(self._removed)

    def job(self, index: Index) -> Job | None:
        """The job of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[Column(section)])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        job = self.job(index)
        if job is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(job, column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.STATUS:
            return icon(STATE_ICONS[job.state])
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = (job.title, status(job), job.why_not_cancellable if not job.over else "")
            return plain_tip("\n".join(part for part in parts if part))
        if role == FRACTION and column is Column.PROGRESS:
            return None if job.over else (-1.0 if job.fraction is None else job.fraction)
        return None

    def tick(self) -> None:
        """Running jobs take longer every second."""
        for row, job in enumerate(self._rows):
            if not job.over:
                self._changed_row(row)

    def _added(self, job: Job) -> None:
        """Jobs of earlier runs come as older than those which are there."""
        row = next((at for at, other in enumerate(self._rows) if other.started_wall_s <= job.started_wall_s), len(self._rows))
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, job)
        self.endInsertRows()
        self._follow(job)

    def _removed(self, job: Job) -> None:
        if job not in self._rows:
            return
        row = self._rows.index(job)
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()
        link = self._links.pop(job, None)
        if link is not None:
            link.disconnect()

    def _follow(self, job: Job) -> None:
        if not job.over:
            self._links[job] = job.changed.connect(self._changed)

    def _changed(self, job: Job) -> None:
        if job in self._rows:
            self._changed_row(self._rows.index(job))

    def _changed_row(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))


_TEXTS: dict[Column, Callable[[Job], str]] = {
    Column.TITLE: lambda job: job.title,
    Column.STATUS: status,
    Column.STARTED: started,
    Column.LASTED: lasted,
}


def _text(job: Job, column: Column) -> str:
    if column is not Column.PROGRESS:
        return _TEXTS[column](job)
    if job.over or job.fraction is None:
        return ""
    return _("{percent} %").format(percent=int(job.fraction * 100))


class ProgressDelegate(QStyledItemDelegate):
    """A progress bar in the style of the desktop; a moving one while nothing is known."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        fraction = index.data(FRACTION)
        super().paint(painter, _without_text(option), QModelIndex() if fraction is not None else index)
        if fraction is None:
            return
        bar = QStyleOptionProgressBar()
        bar.initFrom(option.widget)
        bar.rect = option.rect.adjusted(4, 3, -4, -3)
        bar.state = option.state | QStyle.StateFlag.State_Horizontal
        bar.minimum, bar.maximum = 0, 0 if fraction < 0 else 1000
        bar.progress = max(0, int(fraction * 1000))
        bar.textVisible = fraction >= 0
        bar.text = str(index.data() or "")
        QApplication.style().drawControl(QStyle.ControlElement.CE_ProgressBar, bar, painter, option.widget)


def _without_text(option: QStyleOptionViewItem) -> QStyleOptionViewItem:
    return QStyleOptionViewItem(option)
