"""A job's state, times and result in words."""

from __future__ import annotations

import time
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from app.i18n import N_, _
from app.jobs.job import Job, JobState

STATE_WORDS: dict[JobState, str] = {
    JobState.RUNNING: N_("Running"),
    JobState.CANCELLING: N_("Stopping…"),
    JobState.DONE: N_("Done"),
    JobState.FAILED: N_("Failed"),
    JobState.CANCELLED: N_("Cancelled"),
}

STATE_ICONS: dict[JobState, str] = {
    JobState.RUNNING: "media-playback-start",
    JobState.CANCELLING: "process-stop",
    JobState.DONE: "dialog-ok-apply",
    JobState.FAILED: "dialog-error",
    JobState.CANCELLED: "dialog-cancel",
}


def status(job: Job) -> str:
    """Where it is, or how it ended, in one line."""
    word = _(STATE_WORDS[job.state])
    more = job.text if not job.over else job.result
    if job.state is JobState.FAILED and job.error is not None:
        more = job.error.why or job.error.what
    return _("{state}: {more}").format(state=word, more=more) if more else word


def started(job: Job) -> str:
    """The time it began; with the date when it was not today."""
    moment = datetime.fromtimestamp(job.started_wall_s)
    shown = QDateTime.fromSecsSinceEpoch(int(job.started_wall_s))
    if moment.date() == datetime.now().date():
        return QLocale().toString(shown.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


def lasted(job: Job) -> str:
    """How long it took or has taken so far."""
    seconds = int((job.ended_wall_s or time.time()) - job.started_wall_s)
    if seconds < 60:
        return _("{seconds} s").format(seconds=max(0, seconds))
    if seconds < 3600:
        return _("{minutes} min {seconds} s").format(minutes=seconds // 60, seconds=seconds % 60)
    return _("{hours} h {minutes} min").format(hours=seconds // 3600, minutes=seconds % 3600 // 60)
